package dev.weft.select;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Task;
import dev.weft.frame.Link;
import dev.weft.sync.AsyncSemaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A select in which a permit has come first is halted by one thread at the moment at which another
 * one ends what it still waits for: either the handler has the permit, or it comes back, once.
 */
@Timeout(280)
class SelectHaltStressTest {
  private static final int ROUNDS = 40_000;

  /** How many turns one of the two may be late. */
  private static final int SPREAD = 256;

  /** Who has come to a round; the two leave together, as neither is parked. */
  private final AtomicInteger come = new AtomicInteger();

  /** Ends only when it is told to. */
  private static final class Stubborn extends Task<String> {
    @Override
    protected boolean stop() {
      return true;
    }
  }

  private static final class Round {
    final AsyncSemaphore permits = new AsyncSemaphore(1);
    final AtomicInteger handled = new AtomicInteger();
    final Stubborn loser = new Stubborn();
    final Task<String> run =
        Select.<String>biased()
            .on(() -> loser, it -> it)
            .on(permits.onAcquire(), permit -> "handled " + handled.incrementAndGet())
            .run();

    int places() {
      return permits.availablePermits() + handled.get();
    }
  }

  private Round[] rounds = {};

  @Test
  void thePermitIsInOnePlace() throws Exception {
    rounds = new Round[ROUNDS];
    for (int i = 0; i < ROUNDS; i++) {
      rounds[i] = new Round();
    }
    Thread ends =
        new Thread(
            () -> eachRound((i, round) -> late(i % SPREAD, () -> round.loser.complete("late"))));
    ends.start();
    try {
      eachRound((i, round) -> late(i / SPREAD % SPREAD, () -> ((Link<?>) round.run).force()));
      ends.join();
    } finally {
      ends.interrupt();
    }
    for (int i = 0; i < ROUNDS; i++) {
      Round round = rounds[i];
      long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
      while (!round.run.isDone() || round.places() == 0) {
        assertThat(System.nanoTime() - deadline).as("round %s has ended", i).isNegative();
        Thread.onSpinWait();
      }
      assertThat(round.places()).as("places of the permit in round %s", i).isOne();
    }
  }

  private interface Step {
    void on(int number, Round round);
  }

  private void eachRound(Step step) {
    for (int i = 0; i < ROUNDS; i++) {
      come.incrementAndGet();
      for (int turns = 1; come.get() < 2 * (i + 1); turns++) {
        if (turns % 1_000 == 0) {
          Thread.yield(); // the other one wants this processor perhaps
          assertThat(Thread.currentThread().isInterrupted()).as("waits in vain").isFalse();
        }
      }
      step.on(i, rounds[i]);
    }
  }

  private static void late(int turns, Runnable act) {
    for (int i = 0; i < turns; i++) {
      Thread.onSpinWait();
    }
    act.run();
  }
}
