package dev.weft.stream;

/** {@code skip}. */
final class Skipping extends Stage {
  private long left;

  Skipping(long count) {
    left = count;
  }

  @Override
  Object apply(Object element) {
    if (left == 0) {
      return element;
    }
    left--;
    return Intake.SKIP;
  }
}
