package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.frame.HandWritten;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A seed stands for one order of all polls; and among many seeds are those that show a bug. */
class DeterministicTest {
  private static WorkStealingExecutor executor(long seed) {
    return WorkStealingExecutor.builder().name("lots").deterministic(seed).build();
  }

  private static List<String> traceOfRandomWork(long seed) throws Exception {
    try (WorkStealingExecutor executor = executor(seed)) {
      RandomWork work = new RandomWork(executor, false);
      return executor.blockOn(
          () -> {
            List<CompletableFuture<?>> all = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
              all.add(work.spawn(i, 0).handle((value, error) -> null));
            }
            // Taken on the worker, at the end of the last of them. Some that they have started and
            // left alone go on, while the test's thread would look when it is given a processor.
            return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
                .thenApply(ended -> executor.trace());
          });
    }
  }

  @Test
  void oneSeedIsOneTrace() throws Exception {
    List<String> first = traceOfRandomWork(42);
    assertThat(first).hasSizeGreaterThan(50);
    assertThat(traceOfRandomWork(42)).isEqualTo(first);
  }

  @Test
  void otherSeedsAreOtherTraces() throws Exception {
    assertThat(traceOfRandomWork(43)).isNotEqualTo(traceOfRandomWork(42));
  }

  /** A writer that announces a value before it has written it, with a yield between the two. */
  private static final class Planted {
    private boolean announced;
    private int value;
    private boolean seen;

    private CompletableFuture<Void> run(WorkStealingExecutor executor) {
      Task<Void> writer =
          executor.spawn(
              () ->
                  steps(
                      executor,
                      () -> {},
                      () -> announced = true, // the bug
                      () -> value = 1));
      Task<Void> reader =
          executor.spawn(() -> steps(executor, () -> {}, () -> seen = announced && value == 0));
      return CompletableFuture.allOf(writer, reader);
    }

    private static CompletableFuture<Void> steps(WorkStealingExecutor executor, Runnable... all) {
      HandWritten<Void> frame =
          new HandWritten<>(
              executor,
              (self, state, awaited) -> {
                if (state == all.length) {
                  return Async.done();
                }
                all[state].run();
                return self.await(Async.yieldNow(), state + 1);
              });
      frame.run();
      return frame;
    }
  }

  private static boolean findsTheBug(long seed, List<String> trace) throws Exception {
    try (WorkStealingExecutor executor = executor(seed)) {
      Planted planted = new Planted();
      executor.blockOn(() -> planted.run(executor));
      trace.addAll(executor.trace());
      return planted.seen;
    }
  }

  @Test
  void someSeedsFindAPlantedBugAndFindItAgain() throws Exception {
    List<Long> finders = new ArrayList<>();
    int seeds = 50;
    for (long seed = 0; seed < seeds; seed++) {
      List<String> trace = new ArrayList<>();
      if (findsTheBug(seed, trace)) {
        finders.add(seed);
        List<String> again = new ArrayList<>();
        assertThat(findsTheBug(seed, again)).as("seed " + seed).isTrue();
        assertThat(again).isEqualTo(trace);
      }
    }
    assertThat(finders).as("seeds that find it").isNotEmpty().hasSizeLessThan(seeds);
  }

  @Test
  void hasOneWorker() {
    assertThatThrownBy(() -> WorkStealingExecutor.builder().deterministic(1).workers(2).build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("one worker");
  }
}
