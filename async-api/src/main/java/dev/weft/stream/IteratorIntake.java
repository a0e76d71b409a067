package dev.weft.stream;

import dev.weft.Task;
import java.util.Iterator;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/** Elements that are there, from what an iterator goes over. */
final class IteratorIntake extends Intake {
  private final Callable<? extends Iterator<?>> start;
  private final Runnable onClose;
  private @Nullable Iterator<?> iterator;

  /**
   * Elements of one iterator.
   *
   * @param start makes the iterator, when the first element is asked for
   */
  IteratorIntake(Callable<? extends Iterator<?>> start, Runnable onClose) {
    this.start = start;
    this.onClose = onClose;
  }

  @Override
  @Nullable Object poll() throws Exception {
    Iterator<?> elements = iterator;
    if (elements == null) {
      elements = start.call();
      iterator = elements;
    }
    return elements.hasNext()
        ? Objects.requireNonNull(elements.next(), "a stream has no null elements")
        : null;
  }

  @Override
  Task<@Nullable Void> close() {
    onClose.run();
    return READY;
  }
}
