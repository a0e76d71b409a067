package dev.weft.weaver;

/** How the generated frame classes reach the JVM. */
public enum FrameMode {
  /** As class files of their own beside the woven class: for a build. */
  CLASS_FILES,
  /**
   * As bytes inside the woven class, which defines them as hidden nestmates of itself when it first
   * suspends: for an agent, which can replace one class but not add others.
   */
  HIDDEN_CLASSES
}
