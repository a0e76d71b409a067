package dev.weft.stream;

/** {@code takeWhile}. The element that ends it is lost, as in java.util.stream. */
final class TakingWhile extends Stage {
  private final ThrowingPredicate<Object> condition;

  TakingWhile(ThrowingPredicate<Object> condition) {
    this.condition = condition;
  }

  @Override
  Object apply(Object element) throws Exception {
    if (condition.test(element)) {
      return element;
    }
    over = true;
    return Intake.SKIP;
  }
}
