package dev.weft.weaver;

/**
 * How the generated frame classes reach the JVM.
 *
 * <pre>{@code
 * Weaver forBuild = new Weaver(ClassSource.of(loader), FrameMode.CLASS_FILES);
 * Weaver forAgent = new Weaver(ClassSource.of(loader), FrameMode.HIDDEN_CLASSES);
 * }</pre>
 */
public enum FrameMode {
  /** As class files of their own beside the woven class: for a build. */
  CLASS_FILES,
  /**
   * As bytes inside the woven class, which defines them as hidden nestmates of itself when it first
   * suspends: for an agent, which can replace one class but not add others.
   */
  HIDDEN_CLASSES
}
