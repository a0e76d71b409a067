package dev.weft.stream;

import java.util.Objects;

/** {@code map}. */
final class Mapping extends Stage {
  private final ThrowingFunction<Object, ?> function;

  Mapping(ThrowingFunction<Object, ?> function) {
    this.function = function;
  }

  @Override
  Object apply(Object element) throws Exception {
    return Objects.requireNonNull(function.apply(element), "map: the function returned null");
  }
}
