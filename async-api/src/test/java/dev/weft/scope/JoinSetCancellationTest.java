package dev.weft.scope;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.frame.Await;
import dev.weft.frame.Awaits;
import dev.weft.frame.EveryAwait;
import dev.weft.frame.HandWritten;
import dev.weft.frame.Ways;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A set with two who take out of it, of which one is cancelled at every await of its tasks and of
 * those two: one who takes, a task, a wait for the next, all tasks, the set by closing it (with one
 * who takes, or not), or what a task waits for. No task comes out twice, none gets lost, and
 * nothing runs when it is closed.
 */
@Timeout(3600)
class JoinSetCancellationTest {
  @Test
  void twoTakeWhatEnds() {
    EveryAwait.of(
        12,
        (executor, random, awaits) ->
            new Taking(new Bodies(executor, random, awaits), random, awaits, null));
  }

  /** Behind calls and combinators, where a task that was taken out may reach nobody. */
  @Test
  void twoTakeInAllWays() {
    EveryAwait.of(
        12,
        (executor, random, awaits) ->
            new Taking(
                new Bodies(executor, random, awaits), random, awaits, new Ways(executor, random)));
  }

  private static final class Taking implements EveryAwait.Program {
    private final Bodies bodies;
    private final Random random;
    private final Awaits awaits;
    private JoinSet<String> set;
    private final List<Task<String>> spawned = new ArrayList<>();
    private final List<Task<String>> takenOut = new ArrayList<>();
    private final List<CompletableFuture<?>> waits = new ArrayList<>();
    private final List<Task<?>> takers = new ArrayList<>();
    private boolean closed;

    /** Somebody who took was cancelled, or its wait, or the set was closed under it. */
    private boolean cut;

    /** How those who take await the next one; null if they await just that. */
    private final @Nullable Ways ways;

    Taking(Bodies bodies, Random random, Awaits awaits, @Nullable Ways ways) {
      this.bodies = bodies;
      this.ways = ways;
      this.random = random;
      this.awaits = awaits;
    }

    private void spawn() {
      spawned.add(set.spawn(bodies::call));
    }

    @Override
    public CompletionStage<?> body() {
      set = new JoinSet<>(); // on this executor
      spawn();
      spawn();
      spawn();
      return bodies.started(new Owner());
    }

    @Override
    public boolean cancel(Task<?> root, int who) {
      int which = who / 8;
      int kind = kind(who);
      switch (kind) {
        case 0 -> root.cancel(true);
        case 1 -> cancelTaker(which);
        case 2 -> spawned.get(which % spawned.size()).cancel(true);
        case 3 -> {
          if (!waits.isEmpty()) {
            waits.get(waits.size() - 1).cancel(true);
          }
        }
        case 4 -> set.abortAll();
        case 5 -> {
          closed = true;
          set.closeAsync();
        }
        case 6 -> { // what comes back finds it closed
          closed = true;
          set.closeAsync();
          cancelTaker(which);
        }
        default -> bodies.cancelSource();
      }
      cut |= kind < 2 || kind == 3;
      return kind == 0 || kind == 5 || kind == 6;
    }

    /** Mostly who takes, where that is what it is about. */
    private int kind(int who) {
      return switch (ways == null ? 0 : who / 8 % 4) {
        case 1, 2 -> 1;
        case 3 -> 6;
        default -> who % 8;
      };
    }

    private void cancelTaker(int which) {
      if (ways == null || !ways.cancelOneWithValueUnderWay()) {
        takers.get(which % takers.size()).cancel(true);
      }
    }

    @Override
    public void after() {
      assertThat(spawned).allMatch(Task::isFinished);
      assertThat(set.size()).isZero();
      assertThat(new HashSet<>(takenOut)).as("each once").hasSameSizeAs(takenOut);
      if (!closed && !cut) {
        assertThat(takenOut).as("each").hasSameElementsAs(spawned);
      }
      bodies.after();
    }

    /** {@code try (set) { spawn takers; await each }}. */
    private final class Owner implements HandWritten.Body<String> {
      private @Nullable Throwable error;

      @Override
      public Object resume(
          HandWritten<String> self, int state, @Nullable CompletableFuture<?> awaited)
          throws Throwable {
        try {
          if (state == 0) {
            takers.add(Async.spawn(() -> bodies.started(new Taker(0))));
            takers.add(Async.spawn(() -> bodies.started(new Taker(1))));
          } else {
            Await.take(awaited);
          }
          if (state < 2) {
            return awaits.await(self, takers.get(state), state + 1);
          }
        } catch (Throwable thrown) {
          error = error == null ? thrown : error;
        }
        if (state < 3) {
          if (error != null) {
            closed = true;
          }
          return awaits.await(self, set.closeAsync(), 3);
        }
        bodies.mustHold(
            () -> {
              assertThat(spawned).as("when it is closed").allMatch(Task::isFinished);
              assertThat(bodies.running).isZero();
            });
        if (error != null) {
          throw error;
        }
        return Async.done();
      }
    }

    /** {@code while ((task = await(joinNext())) != null) take(await(task))}. */
    private final class Taker implements HandWritten.Body<String> {
      private @Nullable Task<String> mine;
      private final int number;
      private int further = random.nextInt(2);

      Taker(int number) {
        this.number = number;
      }

      @Override
      public Object resume(
          HandWritten<String> self, int state, @Nullable CompletableFuture<?> awaited)
          throws Throwable {
        if (state == 1) {
          mine = Ways.value(Await.take(awaited));
          if (mine == null) {
            return Async.done();
          }
          takenOut.add(mine);
          bodies.mustHold(() -> assertThat(takenOut).allMatch(Task::isFinished));
          if (further-- > 0 && !closed) {
            spawn();
          }
          return awaits.await(self, mine, 2);
        }
        if (state == 2) {
          try {
            bodies.take((String) Await.take(awaited));
          } catch (Throwable error) {
            bodies.takeFrom(mine); // it has ended: this may be the cancellation of who takes
            if (Async.isCancelled()) {
              throw error;
            }
          }
        }
        Task<?> next = set.joinNext();
        CompletableFuture<?> wait = ways == null ? next : ways.to(next, () -> takers.get(number));
        waits.add(wait);
        return awaits.await(self, wait, 1);
      }
    }
  }
}
