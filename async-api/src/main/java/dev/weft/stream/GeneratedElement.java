package dev.weft.stream;

import dev.weft.handoff.Present;
import org.jspecify.annotations.Nullable;

/** An element of a {@link Generator} that was there when it was asked for. */
final class GeneratedElement<T> extends Present<@Nullable T> {
  private final Generator<T> source;

  GeneratedElement(Generator<T> source) {
    this.source = source;
  }

  @Override
  protected void giveBack(@Nullable T value) {
    source.giveBack(value);
  }
}
