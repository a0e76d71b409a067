package dev.weft.context;

import org.jspecify.annotations.Nullable;

/**
 * Thread-locals that others keep, behind a type that is there without the library which knows them.
 */
abstract class ThreadLocals {
  /** Null if Micrometer's context-propagation is not on the class path, or not readable. */
  static @Nullable ThreadLocals ofLibrary() {
    try {
      Class.forName(
          "io.micrometer.context.ContextRegistry", false, ThreadLocals.class.getClassLoader());
      return new PropagatedValues();
    } catch (ClassNotFoundException | LinkageError absent) {
      return null;
    }
  }

  /** Each key followed by its value; null if none has one. */
  abstract @Nullable Object @Nullable [] capture();

  /**
   * Sets each to its value, and those without to none.
   *
   * @return what they had
   */
  abstract @Nullable Object @Nullable [] enter(@Nullable Object @Nullable [] captured);

  /** Gives each what it had. */
  abstract void leave(@Nullable Object @Nullable [] before);
}
