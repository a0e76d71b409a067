package dev.weft.stream;

import dev.weft.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * {@code merge}: a task for each stream, which has one element here at most and asks for the next
 * when that was taken. What came first is taken first, so none of n streams waits for more than n -
 * 1 elements of others.
 */
final class MergeIntake extends Intake {
  private final List<Chain> upstreams;
  private final Outlet<Entry> outlet = new Outlet<>(Integer.MAX_VALUE);
  private final AtomicInteger open;
  private final List<Task<?>> children = new ArrayList<>();
  private boolean started;

  MergeIntake(List<Chain> upstreams) {
    this.upstreams = upstreams;
    this.open = new AtomicInteger(upstreams.size());
  }

  private record Entry(Object element, Signal taken) {}

  @Override
  @Nullable Object poll() throws Exception {
    if (!started) {
      start();
    }
    Object first = outlet.take();
    if (first instanceof Entry entry) {
      entry.taken.give();
      return entry.element;
    }
    return first;
  }

  private void start() {
    started = true;
    if (upstreams.isEmpty()) {
      outlet.end(null);
    }
    for (Chain upstream : upstreams) {
      Task<?> child = Children.spawn("merge", upstream, new Offering());
      children.add(child);
      child.whenComplete(
          (nothing, error) -> {
            if (open.decrementAndGet() == 0 || error != null) {
              outlet.end(error);
            }
          });
    }
  }

  @Override
  CompletableFuture<?> awaited() {
    return outlet.change(1);
  }

  @Override
  Task<@Nullable Void> close() {
    return Shutdown.of(children, upstreams);
  }

  private final class Offering extends Sink {
    @Override
    CompletionStage<?> accept(Object element) {
      Entry entry = new Entry(element, new Signal());
      outlet.put(entry);
      return entry.taken;
    }

    @Override
    boolean closesStream() {
      return false;
    }
  }
}
