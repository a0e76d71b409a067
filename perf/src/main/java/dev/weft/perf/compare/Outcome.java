package dev.weft.perf.compare;

/** What has become of a claim. */
enum Outcome {
  HOLDS("holds"),
  FAILS("does not hold"),
  DEPENDS("depends"),
  UNDECIDED("within the noise"),
  UNKNOWN("not measured");

  private final String words;

  Outcome(String words) {
    this.words = words;
  }

  @Override
  public String toString() {
    return words;
  }
}
