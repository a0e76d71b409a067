package dev.weft.stream;

/** {@code take}. Asks for no element that it does not let through. */
final class Taking extends Stage {
  private long left;

  Taking(long count) {
    left = count;
    over = count == 0;
  }

  @Override
  Object apply(Object element) {
    over = --left == 0;
    return element;
  }
}
