package dev.weft.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.CloseReport;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Chains of calls that are cancelled at any moment, while what they await completes, while they
 * park, end and are linked. Each call but those that end with the next one's future waits for
 * something that never comes, so a round ends only if its cancellation is delivered.
 */
@Timeout(280)
class CancellationStressTest {
  private static final long SEED = Long.getLong("stress.seed", System.nanoTime());
  private static final long NANOS = TimeUnit.SECONDS.toNanos(Long.getLong("stress.seconds", 4));
  private static final int ROUNDS_AT_A_TIME = 64;
  private static final Duration DEADLINE = Duration.ofSeconds(60);

  private final WorkStealingExecutor executor =
      WorkStealingExecutor.builder().workers(2).noDriver().build();

  private final Queue<String> violations = new ConcurrentLinkedQueue<>();

  /** What the innermost call awaits. */
  private enum Operation {
    TASK,
    PLAIN_FUTURE,
    SLEEP,
    BLOCKING_CALL,
    SPAWNED_TASK
  }

  /** A chain of calls. All is drawn before it starts, so that a seed means the same each time. */
  private final class Round {
    private final Operation operation;
    private final int depth;
    private final boolean[] isTail;
    private final boolean[] waits;
    private final boolean[] cleansUp;

    /** Somebody else may look at the calls, so that a canceller lets go of them. */
    private final boolean observed;

    private final AtomicReferenceArray<HandWritten<Integer>> calls;
    private final Throwable[] failures;
    private final Task<Integer> task = new Task<>();
    private final CompletableFuture<Integer> plain = new CompletableFuture<>();
    private final Task<Integer> never = new Task<>();
    private final List<Runnable> others = new ArrayList<>();
    private final Task<Integer> root;

    Round(SplittableRandom random) {
      int kind = random.nextInt(64);
      operation = kind < 5 ? Operation.values()[kind] : Operation.values()[kind & 1];
      depth = 1 + random.nextInt(4);
      isTail = flags(random, 3);
      waits = flags(random, 2);
      cleansUp = flags(random, 2);
      observed = random.nextInt(8) == 0;
      calls = new AtomicReferenceArray<>(depth);
      failures = new Throwable[depth];
      if (!isTail[0]) {
        waits[0] = true;
      }
      others.add(() -> task.complete(1));
      others.add(() -> plain.complete(1));
      int disturbed = random.nextInt(depth);
      if (random.nextInt(3) == 0) {
        others.add(() -> disturb(disturbed, call -> call.cancel(true)));
      }
      if (observed) { // who gets a value from elsewhere has swallowed the cancellation
        others.add(() -> disturb(disturbed, call -> call.complete(2)));
        others.add(() -> disturb(disturbed, call -> HandWritten.awaiting(executor, call)));
        others.add(() -> disturb(disturbed, call -> call.thenRun(() -> {})));
      }
      root = executor.spawn(() -> call(0));
    }

    private boolean[] flags(SplittableRandom random, int oneOf) {
      boolean[] flags = new boolean[depth];
      for (int i = 0; i < depth; i++) {
        flags[i] = random.nextInt(oneOf) == 0;
      }
      return flags;
    }

    private void disturb(int level, Consumer<HandWritten<Integer>> how) {
      HandWritten<Integer> call = calls.get(level);
      if (call != null) {
        how.accept(call);
      }
    }

    private HandWritten<Integer> call(int level) {
      HandWritten<Integer> call =
          new HandWritten<>(executor, (self, state, awaited) -> step(level, self, state, awaited));
      calls.set(level, call);
      call.run();
      return call;
    }

    private CompletableFuture<Integer> inner(int level) {
      if (level + 1 < depth) {
        return call(level + 1);
      }
      return switch (operation) {
        case TASK -> task;
        case PLAIN_FUTURE -> plain;
        case SLEEP -> value(executor.sleep(Duration.ofNanos(1000)));
        case BLOCKING_CALL -> executor.spawnBlocking(() -> 1);
        case SPAWNED_TASK -> executor.spawn(() -> Settled.value(1));
      };
    }

    @SuppressWarnings("unchecked")
    private static CompletableFuture<Integer> value(CompletableFuture<?> sleep) {
      return (CompletableFuture<Integer>) sleep;
    }

    private Object step(
        int level, HandWritten<Integer> self, int state, CompletableFuture<?> awaited)
        throws Throwable {
      switch (state) {
        case 0:
          return isTail[level] ? self.await(Await.YIELD, 3) : self.await(inner(level), 1);
        case 1:
          checkOrder(level);
          fails(level, awaited);
          if (failures[level] == null && waits[level]) {
            return self.await(never, 2);
          }
          break;
        case 2, 4:
          fails(level, awaited);
          break;
        default:
          Await.take(awaited);
          return inner(level);
      }
      if (state != 4 && cleansUp[level]) {
        return self.await(Await.YIELD, 4);
      }
      if (failures[level] != null) {
        throw failures[level];
      }
      return Settled.value(1);
    }

    private void fails(int level, CompletableFuture<?> awaited) {
      try {
        Await.take(awaited);
      } catch (Throwable told) {
        failures[level] = told;
      }
    }

    /** A call goes on: what it has called has ended, if nobody else looks at that. */
    private void checkOrder(int level) {
      for (int i = level + 1; i < depth && !observed; i++) {
        HandWritten<Integer> call = calls.get(i);
        if (call != null && !call.isFinished()) {
          violations.add("level " + level + " goes on while " + i + " runs: " + this);
        }
      }
    }

    void end() throws InterruptedException {
      if (!observed) {
        assertThat(root.awaitFinished(DEADLINE)).as("the end of %s", this).isTrue();
        checkOrder(-1);
        return;
      }
      never.complete(1); // whoever was let go of goes on to its end
      assertThat(root.awaitFinished(DEADLINE)).as("the end of %s", this).isTrue();
      for (int i = 0; i < depth; i++) {
        HandWritten<Integer> call = calls.get(i);
        if (call != null) {
          assertThat(call.awaitFinished(DEADLINE)).as("level %s of %s", i, this).isTrue();
        }
      }
    }

    @Override
    public String toString() {
      StringBuilder text = new StringBuilder(operation + " below");
      for (int i = 0; i < depth; i++) {
        text.append(isTail[i] ? " tail" : waits[i] ? " waits" : " call");
        text.append(cleansUp[i] ? "+" : "");
      }
      return text.append(observed ? ", observed" : "").append(", seed ").append(SEED).toString();
    }
  }

  @Test
  void everyCancelledChainEndsFromTheInsideOut() throws Exception {
    System.out.println("cancellation: -Dstress.seed=" + SEED);
    SplittableRandom random = new SplittableRandom(SEED);
    long end = System.nanoTime() + NANOS;
    long rounds = 0;
    while (System.nanoTime() - end < 0) {
      List<Round> running = new ArrayList<>();
      List<Runnable> disturbances = new ArrayList<>();
      for (int i = 0; i < ROUNDS_AT_A_TIME; i++) {
        Round round = new Round(random);
        running.add(round);
        disturbances.addAll(round.others);
        disturbances.add(() -> round.root.cancel(true));
      }
      shuffle(disturbances, random);
      disturbances.forEach(Runnable::run);
      for (Round round : running) {
        round.end();
      }
      assertThat(violations).isEmpty();
      rounds += ROUNDS_AT_A_TIME;
    }
    System.out.println("cancellation: " + rounds + " rounds");
    CloseReport report = executor.close(DEADLINE, DEADLINE);
    assertThat(report.unended()).isEmpty();
    assertThat(rounds).isPositive();
  }

  private static void shuffle(List<Runnable> list, SplittableRandom random) {
    for (int i = list.size() - 1; i > 0; i--) {
      int other = random.nextInt(i + 1);
      Runnable moved = list.get(i);
      list.set(i, list.get(other));
      list.set(other, moved);
    }
  }
}
