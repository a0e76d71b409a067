package dev.weft.stream;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code chunk}. */
final class Chunking extends Stage {
  private final int size;
  private List<Object> chunk = new ArrayList<>();

  Chunking(int size) {
    this.size = size;
  }

  @Override
  Object apply(Object element) {
    chunk.add(element);
    return chunk.size() < size ? Intake.SKIP : cut();
  }

  @Override
  @Nullable Object last() {
    return chunk.isEmpty() ? null : cut();
  }

  private List<Object> cut() {
    List<Object> full = chunk;
    chunk = new ArrayList<>();
    return full;
  }
}
