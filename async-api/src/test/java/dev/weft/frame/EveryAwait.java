package dev.weft.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletionStage;

/**
 * Runs a program again and again, in as many orders as there are seeds: in the k-th run of each,
 * somebody is cancelled at the k-th await that any method of the program comes to, until a run ends
 * before that. Who is cancelled is the seed's choice among those whom the program names, and
 * whether it is before the method goes to wait or while it waits.
 */
public final class EveryAwait {
  private static final int MOST = 500;

  /** What one run does, and what must hold after it. */
  public interface Program {
    /** The body of its first task. */
    CompletionStage<?> body();

    /**
     * Cancels one of those who may be.
     *
     * @param root the first task
     * @param who from 0 on, the remainder by their number counts
     * @return true if all is to end now, but for clean-up
     */
    boolean cancel(Task<?> root, int who);

    /** Nothing of it runs any more. */
    void after();
  }

  /** Makes a program for a run. */
  public interface Programs {
    Program on(WorkStealingExecutor executor, Random random, Awaits awaits);
  }

  private EveryAwait() {}

  /**
   * Every await for every seed.
   *
   * @param least how many awaits there have to be in each program at least, so that it is one
   */
  public static void of(int least, Programs programs) {
    Seeds.all()
        .forEach(
            seed -> {
              int at = 1;
              while (at < MOST && !run(programs, seed, at)) {
                at++;
              }
              assertThat(at).as("awaits with seed %s", seed).isBetween(least, MOST - 1);
            });
  }

  /** True if there were not that many awaits. */
  private static boolean run(Programs programs, long seed, int at) {
    Random random = Seeds.random(seed);
    boolean atOnce = random.nextBoolean();
    int who = random.nextInt(1_000_000);
    Awaits awaits = new Awaits(at);
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder()
            .deterministic(seed)
            .onUnheardFailure((task, error) -> {})
            .build()) {
      Program program = programs.on(executor, random, awaits);
      Task<?>[] root = {null};
      long[] cancelledAt = {Long.MAX_VALUE};
      long[] endedAt = {0};
      Runnable cancel =
          () -> {
            long now = executor.nanoTime();
            if (program.cancel(root[0], who)) {
              cancelledAt[0] = now;
            }
          };
      awaits.cancelsBy(
          () -> {
            if (atOnce) {
              cancel.run();
            } else {
              executor.execute(cancel);
            }
          });
      executor.blockOn(
          () -> {
            root[0] = executor.spawn("root", program::body);
            root[0].finished().thenRun(() -> endedAt[0] = executor.nanoTime());
            return Async.done();
          });
      assertThat(root[0].awaitFinished(Duration.ofMinutes(1))).as("ended").isTrue();
      assertThatNoneIsAlive(executor);
      program.after();
      assertThat(endedAt[0] - 1_000_000_000)
          .as("a second before it ended; who was to end was not told, if it was cancelled before")
          .isLessThan(cancelledAt[0]);
    } catch (Throwable error) {
      throw new AssertionError(
          "seed "
              + seed
              + ", cancelled at await "
              + at
              + (atOnce ? " at once" : "")
              + ", who: "
              + who
              + ": "
              + error.getMessage(),
          error);
    }
    return awaits.isOver();
  }

  /** Soon: that of blockOn ends after it has answered. */
  private static void assertThatNoneIsAlive(WorkStealingExecutor executor) {
    long deadline = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (executor.metrics().aliveTasks() > 0 && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(executor.metrics().aliveTasks()).as("live tasks").isZero();
  }
}
