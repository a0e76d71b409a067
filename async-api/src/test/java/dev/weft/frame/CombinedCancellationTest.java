package dev.weft.frame;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.scope.Bodies;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Calls, spawned tasks and plain futures that are awaited together, or within a time, of which one
 * is cancelled at every await: who awaits them, what it awaits, a call, a spawned task, or what a
 * call waits for. No call runs when who awaits them goes on, each has cleaned up once, and their
 * values have reached it or were given back.
 */
@Timeout(3600)
class CombinedCancellationTest {
  /** Combines some calls, one of which stands behind a spawned task. */
  private interface Combinator extends Function<Combined, CompletionStage<?>> {}

  private static void everyAwait(Combinator combinator) {
    everyAwait(combinator, bodies -> Long.MAX_VALUE);
  }

  /**
   * @param decidedAt when one of the calls has decided the outcome, so that the others are to end
   */
  private static void everyAwait(Combinator combinator, ToLongFunction<Bodies> decidedAt) {
    EveryAwait.of(
        8,
        (executor, random, awaits) ->
            new Combined(
                combinator,
                decidedAt,
                executor,
                new Bodies(executor, random, awaits),
                random,
                awaits));
  }

  @Test
  void all() {
    everyAwait(it -> Async.all(it.stages()), it -> it.firstFailureAt);
  }

  @Test
  void any() {
    everyAwait(it -> Async.any(it.stages()), it -> it.firstValueAt);
  }

  @Test
  void race() {
    everyAwait(it -> Async.race(it.stages()), it -> Math.min(it.firstFailureAt, it.firstValueAt));
  }

  @Test
  void oneInAnother() {
    everyAwait(
        it ->
            Async.any(
                List.of(
                    Async.all(List.of(it.call(), it.call())),
                    Async.race(List.of(it.call(), it.call())))));
  }

  @Test
  void withDeadline() {
    everyAwait(it -> Async.withDeadline(it.limit(), it::call));
  }

  @Test
  void withDeadlineWithinAnother() {
    everyAwait(
        it ->
            Async.withDeadline(
                it.limit(),
                () ->
                    Async.all(
                        List.of(
                            Async.withDeadline(it.limit(), it::call),
                            Async.timeout(it.limit(), it.call())))));
  }

  private static final class Combined implements EveryAwait.Program {
    private static final int ROUNDS = 2;

    private final Combinator combinator;
    private final ToLongFunction<Bodies> decidedAt;
    private final WorkStealingExecutor executor;
    private final Bodies bodies;
    private final Random random;
    private final Awaits awaits;
    private final List<CompletionStage<String>> calls = new ArrayList<>();
    private final List<Task<String>> spawned = new ArrayList<>();
    private final List<CompletableFuture<String>> plain = new ArrayList<>();
    private CompletableFuture<?> combined = Async.done();

    /** A call has an outcome that is not its body's. */
    private boolean cut;

    Combined(
        Combinator combinator,
        ToLongFunction<Bodies> decidedAt,
        WorkStealingExecutor executor,
        Bodies bodies,
        Random random,
        Awaits awaits) {
      this.combinator = combinator;
      this.decidedAt = decidedAt;
      this.executor = executor;
      this.bodies = bodies;
      this.random = random;
      this.awaits = awaits;
    }

    CompletionStage<String> call() {
      CompletionStage<String> call = bodies.call();
      calls.add(call);
      return call;
    }

    Duration limit() {
      return Duration.ofMillis(4 + random.nextInt(20));
    }

    /** Some calls; one behind a spawned task that is to be cancelled with them; and a future. */
    List<CompletionStage<String>> stages() {
      List<CompletionStage<String>> stages = new ArrayList<>();
      stages.add(call());
      if (random.nextBoolean()) {
        stages.add(call());
      }
      if (random.nextBoolean()) {
        Task<String> task = executor.spawn(bodies::call);
        spawned.add(task);
        stages.add(random.nextInt(stages.size() + 1), Async.cancelling(task));
      }
      if (random.nextInt(3) == 0) {
        CompletableFuture<String> future = new CompletableFuture<>();
        plain.add(future);
        executor.sleep(Duration.ofMillis(random.nextInt(30))).thenRun(() -> future.complete(""));
        stages.add(random.nextInt(stages.size() + 1), future);
      }
      return stages;
    }

    @Override
    public CompletionStage<?> body() {
      return bodies.<String>started(this::resume);
    }

    /** {@code for (rounds) take(await(combined))}. */
    private Object resume(
        HandWritten<String> self, int state, @Nullable CompletableFuture<?> awaited)
        throws Throwable {
      if (state > 0) {
        bodies.mustHold(
            () -> {
              assertThat(calls).allMatch(it -> ((Task<?>) it).isFinished());
              assertThat(spawned).allMatch(Task::isFinished);
              assertThat(bodies.running).as("calls that run").isZero();
              if (!cut) {
                assertThat(executor.nanoTime() - 1_000_000_000)
                    .as("a second ago; the others were not told, if it was decided before")
                    .isLessThan(decidedAt.applyAsLong(bodies));
              }
            });
        try {
          take(Await.take(awaited));
        } catch (Throwable error) {
          if (Async.isCancelled()) {
            throw error;
          }
        }
      }
      if (state == ROUNDS) {
        return Async.done();
      }
      bodies.firstValueAt = Long.MAX_VALUE;
      bodies.firstFailureAt = Long.MAX_VALUE;
      combined = Await.future(combinator.apply(this));
      return awaits.await(self, combined, state + 1);
    }

    private void take(@Nullable Object value) {
      if (value instanceof Collection<?> several) {
        several.forEach(this::take);
      } else {
        bodies.take((String) value);
      }
    }

    @Override
    public boolean cancel(Task<?> root, int who) {
      int which = who / 5;
      cut = who % 5 == 2 || who % 5 == 3;
      switch (who % 5) {
        case 0 -> root.cancel(true);
        case 1 -> combined.cancel(true);
        case 2 -> {
          if (!calls.isEmpty()) { // else the first one is on its way
            ((Task<?>) calls.get(which % calls.size())).cancel(true);
          }
        }
        case 3 -> {
          if (spawned.isEmpty()) {
            bodies.cancelSource();
          } else {
            spawned.get(which % spawned.size()).cancel(true);
          }
        }
        default -> bodies.cancelSource();
      }
      return who % 5 == 0;
    }

    @Override
    public void after() {
      assertThat(plain).noneMatch(CompletableFuture::isCancelled);
      spawned.forEach(bodies::takeFrom); // a value that was let go of is still theirs
      bodies.after();
    }
  }
}
