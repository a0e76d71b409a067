package dev.weft.stream;

import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** What becomes of the elements of a stream that is {@linkplain Drain drained}. */
abstract class Sink {
  /** What to wait for before anything is asked for; null for nothing. */
  @Nullable CompletionStage<?> begin() {
    return null;
  }

  /**
   * Takes an element.
   *
   * @return what to wait for before the next element is asked for; null for nothing
   */
  abstract @Nullable CompletionStage<?> accept(Object element) throws Exception;

  /** True if it needs no more. Asked before each element. */
  boolean isFull() {
    return false;
  }

  /** False if somebody else closes the stream, when more than this has ended. */
  boolean closesStream() {
    return true;
  }

  /** What the drain ends with. */
  @Nullable Object result() {
    return null;
  }
}
