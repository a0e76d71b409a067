package dev.weft.resilience;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.frame.Await;
import dev.weft.frame.Awaits;
import dev.weft.frame.EveryAwait;
import dev.weft.frame.HandWritten;
import dev.weft.scope.Bodies;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A call that is made again, of which something is cancelled at every await of its attempts and in
 * every pause: the method that awaits it, it itself, an attempt, or what that waits for. No attempt
 * follows, none runs when the method goes on, and what they had has reached it or was given back.
 */
@Timeout(3600)
class RetryCancellationTest {
  @Test
  void withPauses() {
    everyAwait(Retry.attempts(4).backOff(Duration.ofMillis(3), Duration.ofMillis(10)).jitter(0.5));
  }

  @Test
  void withoutPauses() {
    everyAwait(Retry.attempts(4));
  }

  private static void everyAwait(Retry retry) {
    EveryAwait.of(
        8,
        (executor, random, awaits) ->
            new Retrying(retry, new Bodies(executor, random, awaits), random, awaits));
  }

  private static final class Retrying implements EveryAwait.Program {
    private static final int ROUNDS = 2;

    private final Retry retry;
    private final Bodies bodies;
    private final Random random;
    private final Awaits awaits;
    private final List<Task<?>> attempts = new ArrayList<>();
    private @Nullable Task<String> retried;

    private int made;

    /** How many attempts there were when no further one was to follow. */
    private int last = -1;

    Retrying(Retry retry, Bodies bodies, Random random, Awaits awaits) {
      this.bodies = bodies;
      this.random = random;
      this.awaits = awaits;
      this.retry =
          retry.when(
              error -> {
                awaits.next(); // of the pause that follows
                return true;
              });
    }

    /** Most fail, with what they have taken back and their clean-up done. */
    private CompletionStage<String> attempt() {
      made++;
      CompletionStage<String> call = bodies.call(random.nextInt(3) > 0);
      attempts.add((Task<?>) call);
      return call;
    }

    @Override
    public CompletionStage<?> body() {
      return bodies.<String>started(this::resume);
    }

    /** {@code for (rounds) take(await(retry.call(attempt)))}. */
    private Object resume(
        HandWritten<String> self, int state, @Nullable CompletableFuture<?> awaited)
        throws Throwable {
      if (state > 0) {
        bodies.mustHold(
            () -> {
              assertThat(attempts).allMatch(Task::isFinished);
              assertThat(bodies.running).as("attempts that run").isZero();
            });
        try {
          bodies.take((String) Await.take(awaited));
        } catch (Throwable error) {
          if (Async.isCancelled()) {
            throw error;
          }
        }
        if (last >= 0) {
          bodies.mustHold(() -> assertThat(made).as("attempts").isEqualTo(last));
          last = -1;
        }
      }
      if (state == ROUNDS) {
        return Async.done();
      }
      retried = retry.call(this::attempt);
      return awaits.await(self, retried, state + 1);
    }

    @Override
    public boolean cancel(Task<?> root, int who) {
      boolean begun = retried != null && !retried.isDone();
      switch (who % 4) {
        case 0 -> {
          root.cancel(true);
          last = made;
        }
        case 1 -> {
          if (begun) {
            retried.cancel(true);
            last = made;
          }
        }
        case 2 -> {
          if (begun && !attempts.get(attempts.size() - 1).isDone()) {
            attempts.get(attempts.size() - 1).cancel(true);
            last = made; // a cancellation is not tried again
          }
        }
        default -> bodies.cancelSource();
      }
      return who % 4 == 0;
    }

    @Override
    public void after() {
      assertThat(attempts).allMatch(Task::isFinished);
      if (last >= 0) {
        assertThat(made).as("attempts").isEqualTo(last);
      }
      bodies.after();
    }
  }
}
