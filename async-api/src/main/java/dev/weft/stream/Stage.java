package dev.weft.stream;

import org.jspecify.annotations.Nullable;

/** An operator that makes of an element at most one, at once. Used by who has the chain. */
abstract class Stage {
  /** It lets nothing more through. To be set by it, in {@link #apply} or from the start. */
  boolean over;

  /**
   * Works on one element.
   *
   * @return what is passed on; {@link Intake#SKIP} for nothing
   */
  abstract Object apply(Object element) throws Exception;

  /** What is left after the last element; null for nothing. Called once. */
  @Nullable Object last() {
    return null;
  }
}
