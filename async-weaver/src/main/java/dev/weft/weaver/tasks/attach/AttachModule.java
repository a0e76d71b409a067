package dev.weft.weaver.tasks.attach;

/**
 * Whether this runtime can attach to others. In a class by itself: those that do name the module's
 * classes, and cannot even be verified without it.
 */
public final class AttachModule {
  private AttachModule() {}

  /** True if it has the module {@code jdk.attach}. */
  public static boolean isThere() {
    return ModuleLayer.boot().findModule("jdk.attach").isPresent();
  }
}
