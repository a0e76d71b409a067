package dev.weft.scope;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.ExecutorAdapter;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Some wait for as many tasks, which one thread ends while another one comes to wait as well: a
 * task that has ended, and is about to be handed to who waits, is not for who comes in between.
 */
@Timeout(280)
class JoinSetTurnStressTest {
  private static final int ROUNDS = 10_000;
  private static final int TASKS = 8;

  /** Who has come to a round; the two leave together, as neither is parked. */
  private final AtomicInteger come = new AtomicInteger();

  /** What the executor is to run, in the round that is made. */
  private Queue<Runnable> commands = new ArrayDeque<>();

  private static final class Round {
    final JoinSet<Integer> set = new JoinSet<>();
    final List<Task<Integer>> tasks =
        IntStream.range(0, TASKS).mapToObj(i -> set.spawn(() -> Async.done(i))).toList();
    final List<Task<Task<Integer>>> early =
        IntStream.range(0, TASKS).mapToObj(i -> set.joinNext()).toList();
    final List<Task<Task<Integer>>> late = new ArrayList<>();
    final Queue<Runnable> commands;

    Round(Queue<Runnable> commands) {
      this.commands = commands;
    }
  }

  @Test
  void whoComesWhenATaskHasEndedComesAfterThoseWhoWait() throws Exception {
    List<Round> rounds = new ArrayList<>();
    try (WorkStealingExecutor services =
            WorkStealingExecutor.builder().workers(1).noDriver().build();
        ExecutorAdapter executor = ExecutorAdapter.of(it -> commands.add(it), services)) {
      for (int i = 0; i < ROUNDS; i++) {
        rounds.add(round(executor));
      }
      Thread ends =
          new Thread(
              () -> {
                for (Round round : rounds) {
                  together();
                  round.commands.forEach(Runnable::run);
                }
              });
      ends.start();
      try {
        for (Round round : rounds) {
          together();
          for (int i = 0; i < TASKS; i++) {
            round.late.add(round.set.joinNext());
          }
        }
        ends.join();
      } finally {
        ends.interrupt();
      }
    }
    for (int i = 0; i < ROUNDS; i++) {
      Round round = rounds.get(i);
      assertThat(round.early).as("round %s", i).allMatch(Task::isDone);
      assertThat(round.early.stream().map(Task::join).toList())
          .as("round %s", i)
          .isEqualTo(round.tasks);
      assertThat(round.late).as("round %s", i).allMatch(it -> it.isDone() && it.join() == null);
    }
  }

  /** Its tasks are on that executor, and each of them has a command to run. */
  private Round round(ExecutorAdapter executor) {
    List<Round> made = new ArrayList<>();
    executor.spawn(
        () -> {
          made.add(new Round(commands));
          return Async.done();
        });
    commands.remove().run();
    assertThat(commands).hasSize(TASKS);
    commands = new ArrayDeque<>();
    return made.get(0);
  }

  private void together() {
    int all = come.incrementAndGet();
    for (int turns = 1; come.get() < all + all % 2; turns++) {
      if (turns % 1_000 == 0) {
        Thread.yield(); // the other one wants this processor perhaps
        assertThat(Thread.currentThread().isInterrupted()).as("waits in vain").isFalse();
      }
    }
  }
}
