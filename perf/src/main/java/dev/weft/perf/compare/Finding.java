package dev.weft.perf.compare;

/** An outcome and the figures that it follows from, in words. */
record Finding(Outcome outcome, String figures) {
  static final Finding NONE = new Finding(Outcome.UNKNOWN, "");

  static final Finding ONE_ROUND =
      new Finding(Outcome.UNKNOWN, "one round says nothing about its noise");

  static final Finding GENERATOR =
      new Finding(Outcome.UNKNOWN, "the load generator was the limit, and not the server");

  /** The same figures held against the opposite claim. */
  Finding not() {
    return switch (outcome) {
      case HOLDS -> new Finding(Outcome.FAILS, figures);
      case FAILS -> new Finding(Outcome.HOLDS, figures);
      default -> this;
    };
  }
}
