package dev.weft.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Cancelling a task reaches its body at the await, once, and goes on to what it awaits. */
class FrameCancellationTest {
  private final ManualExecutor executor = new ManualExecutor();
  private final List<String> events = new ArrayList<>();

  /** Awaits the future in a try whose finally awaits another one. */
  private HandWritten<String> withFinally(CompletableFuture<?> body, CompletableFuture<?> cleanUp) {
    return new HandWritten<>(
        executor,
        (self, state, awaited) -> {
          switch (state) {
            case 0:
              events.add("start");
              return self.await(body, 1);
            case 1:
              try {
                Await.take(awaited);
                events.add("resumed");
              } catch (CancellationException e) {
                events.add("cancelled");
              }
              return self.await(cleanUp, 2);
            default:
              Await.take(awaited);
              events.add("cleaned up");
              return Settled.value("end");
          }
        });
  }

  @Test
  void whileParkedOnATask() {
    Task<String> source = new Task<>();
    Task<String> cleanUp = new Task<>();
    HandWritten<String> frame = withFinally(source, cleanUp);
    frame.run();
    assertThat(frame.cancel(true)).isTrue();
    assertThat(frame).isCancelled();
    assertThat(source).isCancelled();
    assertThat(executor.runAll()).isOne();
    assertThat(events).containsExactly("start", "cancelled");
    assertThat(frame.ends).isZero();

    assertThat(frame.cancel(true)).as("again: the clean-up is left alone").isTrue();
    assertThat(cleanUp).isNotDone();
    cleanUp.complete("");
    assertThat(executor.runAll()).isOne();
    assertThat(events).containsExactly("start", "cancelled", "cleaned up");
    assertThat(frame.ends).isOne();
    assertThat(frame).isCancelled();
  }

  @Test
  void whileParkedOnAPlainFutureWhichIsLeftAlone() {
    CompletableFuture<String> source = new CompletableFuture<>();
    HandWritten<String> frame = withFinally(source, Settled.value(null));
    frame.run();
    frame.cancel(true);
    executor.runAll();
    assertThat(events).containsExactly("start", "cancelled", "cleaned up");
    assertThat(source).isNotDone();
    source.complete("late");
    assertThat(executor.queued()).isZero();
  }

  @Test
  void whileParkedBehindAnotherFrame() {
    Task<String> source = new Task<>();
    HandWritten<String> first = HandWritten.awaiting(executor, source);
    HandWritten<String> second = HandWritten.awaiting(executor, source);
    second.cancel(true);
    assertThat(source).as("cancelled with its second waiter").isCancelled();
    executor.runAll();
    assertThat(first).isCompletedExceptionally();
    assertThat(second).isCancelled();
    assertThat(second.ends).isOne();
  }

  @Test
  void whileRunning() {
    Task<String> source = new Task<>();
    HandWritten<String> frame =
        new HandWritten<>(
            executor,
            (self, state, awaited) -> {
              if (state == 0) {
                self.cancel(true);
                return self.await(source, 1);
              }
              return Settled.value(Await.take(awaited));
            });
    frame.run();
    assertThat(executor.runAll()).as("the next await resumes at once").isOne();
    assertThat(frame.ends).isOne();
    assertThat(source).as("what it awaited then").isCancelled();
  }

  @Test
  void whileRunningTowardsAStageThatItReturns() {
    Task<String> last = new Task<>();
    HandWritten<String> inner = HandWritten.awaiting(executor, last);
    HandWritten<String> frame =
        new HandWritten<>(
            executor,
            (self, state, awaited) -> {
              self.cancel(true);
              return inner;
            });
    frame.run();
    assertThat(inner).isCancelled();
    assertThat(last).isCancelled();
    assertThat(executor.runAll()).isEqualTo(2);
    assertThat(frame.ends).isOne();
    assertThat(inner.ends).isOne();
  }

  @Test
  void whileQueued() {
    Task<String> source = new Task<>();
    HandWritten<String> frame = withFinally(source, Settled.value(null));
    frame.run();
    source.complete("value");
    assertThat(executor.queued()).isOne();
    frame.cancel(true);
    executor.runAll();
    assertThat(events).containsExactly("start", "cancelled", "cleaned up");
    assertThat(frame.ends).isOne();
  }

  @Test
  void beforeItHasStarted() {
    HandWritten<String> frame = withFinally(new Task<>(), new Task<>());
    executor.schedule(frame);
    frame.cancel(true);
    executor.runAll();
    assertThat(events).isEmpty();
    assertThat(frame.polls).isZero();
    assertThat(frame.ends).isOne();
  }

  @Test
  void whileForwarding() {
    Task<String> last = new Task<>();
    HandWritten<String> frame = new HandWritten<>(executor, (self, state, awaited) -> last);
    frame.run();
    frame.cancel(true);
    assertThat(last).isCancelled();
    executor.runAll();
    assertThat(frame).isCancelled();
    assertThat(frame.ends).isOne();
  }

  @Test
  void afterItHasEnded() {
    Task<String> source = new Task<>();
    HandWritten<String> frame = HandWritten.awaiting(executor, source);
    source.complete("value");
    executor.runAll();
    assertThat(frame.cancel(true)).isFalse();
    assertThat(frame).isCompletedWithValue("value");
  }

  @Test
  void resumesTheBodyOnlyOnceWhatItAwaitedIsComplete() {
    List<Integer> queuedBefore = new ArrayList<>();
    Task<String> source =
        new Task<>() {
          @Override
          public boolean cancel(boolean mayInterruptIfRunning) {
            queuedBefore.add(executor.queued());
            return super.cancel(mayInterruptIfRunning);
          }
        };
    HandWritten<String> inner = HandWritten.awaiting(executor, source);
    HandWritten<String> outer = HandWritten.awaiting(executor, inner);
    outer.cancel(true);
    assertThat(queuedBefore).containsExactly(0);
    assertThat(executor.runAll()).isEqualTo(2);
  }

  @Test
  void reachesEveryFrameOfTheChain() {
    Task<String> source = new Task<>();
    HandWritten<String> inner = withFinally(source, Settled.value(null));
    inner.run();
    HandWritten<String> middle = HandWritten.awaiting(executor, inner);
    HandWritten<String> outer = HandWritten.awaiting(executor, middle);
    outer.cancel(true);
    executor.runAll();
    for (Task<String> task : List.of(outer, middle, inner, source)) {
      assertThat(task).isCancelled();
      assertThatThrownBy(task::join).isInstanceOf(CancellationException.class);
    }
    assertThat(events).containsExactly("start", "cancelled", "cleaned up");
  }
}
