package dev.weft.weaver.generated;

/**
 * How a program failed.
 *
 * @param trial the way in which it was woven, with the run that failed only
 * @param detail what was seen
 */
record Failure(Kind kind, Trial trial, String detail) {
  enum Kind {
    /** The compiler did not take it: a bug of the generator. */
    NOT_COMPILED,
    /** The engine refused it, and must not. */
    REFUSED,
    /** The weaver threw. */
    WEAVER_FAILED,
    /** The JVM did not take the woven classes. */
    INVALID,
    /** It did something else than when it blocks. */
    DIFFERENT,
    /** It waits for nothing. */
    STUCK
  }

  /** Whether a smaller program fails in the same manner. */
  boolean isLike(Failure other) {
    return kind == other.kind && trial.engine() == other.trial.engine();
  }

  @Override
  public String toString() {
    return kind
        + " with "
        + trial.engine()
        + " "
        + trial.mode()
        + " "
        + trial.timings()
        + ": "
        + detail;
  }
}
