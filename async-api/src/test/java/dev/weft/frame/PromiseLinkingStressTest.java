package dev.weft.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/**
 * Tail recursions whose futures other threads cancel, complete, await and derive from at any
 * moment: every future ends, every observer is told, every frame ends once.
 */
class PromiseLinkingStressTest {
  private static final long SEED = Long.getLong("stress.seed", System.nanoTime());
  private static final long NANOS = TimeUnit.SECONDS.toNanos(Long.getLong("stress.seconds", 2));
  private static final int CALLS = 12;

  private final WorkStealingExecutor executor =
      WorkStealingExecutor.builder().workers(2).noDriver().build();

  /** One recursion, its first call and all that holds a future of it. */
  private final class Recursion {
    private final ConcurrentLinkedQueue<HandWritten<String>> calls = new ConcurrentLinkedQueue<>();
    private final ConcurrentLinkedQueue<CompletableFuture<?>> derived =
        new ConcurrentLinkedQueue<>();
    private final AtomicInteger observed = new AtomicInteger();
    private final AtomicInteger observers = new AtomicInteger();

    HandWritten<String> call(int left) {
      HandWritten<String> call =
          new HandWritten<>(
              executor,
              (self, state, awaited) -> {
                if (state == 0) {
                  return self.await(Await.YIELD, 1);
                }
                Await.take(awaited);
                return left == 0 ? Settled.value("end") : call(left - 1);
              });
      calls.add(call);
      call.run();
      return call;
    }

    /** Does something to one of the futures that there are by now. */
    void disturb(SplittableRandom random) {
      int skipped = random.nextInt(1 + calls.size());
      HandWritten<String> call = calls.stream().skip(skipped).findFirst().orElse(null);
      if (call == null) {
        return;
      }
      switch (random.nextInt(12)) {
        case 0 -> call.cancel(true);
        case 1 -> call.complete("outside");
        case 2, 3, 4 -> {
          observers.incrementAndGet();
          call.whenComplete((value, error) -> observed.incrementAndGet());
        }
        case 5, 6 -> derived.add(HandWritten.awaiting(executor, call));
        case 7 -> derived.add(executor.spawn(() -> call));
        default -> Thread.onSpinWait();
      }
    }

    void check() throws Exception {
      for (HandWritten<String> call : calls) {
        call.handle((value, error) -> null).get(60, TimeUnit.SECONDS);
      }
      for (CompletableFuture<?> future : derived) {
        future.handle((value, error) -> null).get(60, TimeUnit.SECONDS);
      }
      // The thread that completes a future tells the observers afterwards.
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (observed.get() < observers.get() && System.nanoTime() - deadline < 0) {
        Thread.onSpinWait();
      }
      assertThat(observed).as("observers that were told").hasValue(observers.get());
    }
  }

  @Test
  void everyFutureEnds() throws Exception {
    System.out.println("promise linking: -Dstress.seed=" + SEED);
    SplittableRandom random = new SplittableRandom(SEED);
    long end = System.nanoTime() + NANOS;
    int rounds = 0;
    while (System.nanoTime() - end < 0) {
      Recursion recursion = new Recursion();
      SplittableRandom aside = random.split();
      Task<Void> disturbing =
          executor.spawnBlocking(
              () -> {
                for (int i = 0; i < 60; i++) {
                  recursion.disturb(aside);
                }
                return null;
              });
      Task<String> root = executor.spawn(() -> recursion.call(CALLS));
      for (int i = 0; i < 60; i++) {
        recursion.disturb(random);
      }
      disturbing.get(60, TimeUnit.SECONDS);
      root.handle((value, error) -> null).get(60, TimeUnit.SECONDS);
      recursion.check();
      rounds++;
    }
    executor.close(Duration.ofSeconds(60));
    assertThat(rounds).isPositive();
  }
}
