package dev.weft.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.NodeExecutor;
import dev.weft.frame.Await;
import dev.weft.frame.HandWritten;
import dev.weft.frame.Settled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A loop that ends in the middle of a phase ends what the rest of that phase was to go on with. */
@Timeout(180)
class HaltedLoopTest {
  private static final Duration LONG = Duration.ofSeconds(60);

  /** Yields, and then does something. */
  private static HandWritten<Void> yielding(NodeExecutor executor, Runnable then) {
    HandWritten<Void> method =
        new HandWritten<>(
            executor,
            (self, state, awaited) -> {
              if (state == 0) {
                return self.await(Await.YIELD, 1);
              }
              Await.take(awaited);
              then.run();
              return Settled.value(null);
            });
    executor.schedule(method);
    return method;
  }

  private static void assertThatAllEnd(List<HandWritten<Void>> methods)
      throws InterruptedException {
    for (HandWritten<Void> method : methods) {
      assertThat(method.awaitFinished(LONG)).isTrue();
    }
  }

  @Test
  void closedWhileOneOfSeveralThatHaveYieldedRuns() throws Exception {
    NodeExecutor executor = NodeExecutor.builder().name("halted").noDriver().build();
    CountDownLatch running = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    List<HandWritten<Void>> methods = new ArrayList<>();
    CountDownLatch all = new CountDownLatch(1);
    executor.execute(() -> awaitQuietly(all)); // all of them yield in one iteration
    for (int i = 0; i < 3; i++) {
      methods.add(
          yielding(
              executor,
              () -> {
                running.countDown();
                awaitQuietly(release);
              }));
    }
    all.countDown();
    running.await();

    assertThat(executor.close(Duration.ZERO, Duration.ofMillis(1)).ended()).isFalse();
    release.countDown();

    assertThatAllEnd(methods);
    assertThat(executor.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void endedByAMicrotaskBetweenTwoThatHaveYielded() throws Exception {
    NodeExecutor executor = NodeExecutor.builder().name("halted").noDriver().build();
    List<HandWritten<Void>> methods = new ArrayList<>();
    List<String> ran = new ArrayList<>();
    CountDownLatch all = new CountDownLatch(1);
    executor.execute(() -> awaitQuietly(all));
    methods.add(
        yielding(
            executor,
            () ->
                executor.queueMicrotask(
                    () -> {
                      throw new IllegalStateException("of the test");
                    })));
    methods.add(yielding(executor, () -> ran.add("second")));
    methods.add(yielding(executor, () -> ran.add("third")));
    all.countDown();

    assertThatAllEnd(methods);
    assertThat(executor.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    assertThat(ran).isEmpty();
  }

  private static void awaitQuietly(CountDownLatch latch) {
    while (true) {
      try {
        latch.await();
        return;
      } catch (InterruptedException e) {
        // it is to outlast the executor
      }
    }
  }
}
