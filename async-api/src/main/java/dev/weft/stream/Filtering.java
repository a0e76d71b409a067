package dev.weft.stream;

/** {@code filter}. */
final class Filtering extends Stage {
  private final ThrowingPredicate<Object> condition;

  Filtering(ThrowingPredicate<Object> condition) {
    this.condition = condition;
  }

  @Override
  Object apply(Object element) throws Exception {
    return condition.test(element) ? element : Intake.SKIP;
  }
}
