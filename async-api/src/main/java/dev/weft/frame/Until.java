package dev.weft.frame;

/** What decides of several stages that are awaited at the same time; see {@link Combining}. */
enum Until {
  /** A failure, or that all have a value. */
  ALL_HAVE_VALUES("all"),
  /** A value, or that none has one. */
  ONE_HAS_A_VALUE("any"),
  /** The first outcome, whatever it is. */
  ONE_HAS_ENDED("the first");

  private final String words;

  Until(String words) {
    this.words = words;
  }

  /** For people: how many have to end. */
  String words() {
    return words;
  }
}
