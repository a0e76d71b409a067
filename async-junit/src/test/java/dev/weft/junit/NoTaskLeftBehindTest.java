package dev.weft.junit;

import static dev.weft.Async.await;
import static dev.weft.Async.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is alive at the end of a test fails it, and is named. */
class NoTaskLeftBehindTest {
  static final Duration LONG = Duration.ofDays(1);
  static final List<String> SEEN = Collections.synchronizedList(new ArrayList<>());

  @BeforeEach
  void forget() {
    SEEN.clear();
  }

  static Task<Void> napping(String name) {
    try {
      await(Async.sleep(LONG)); // HERE
      return done();
    } finally {
      SEEN.add(name + " ends");
    }
  }

  static class Spawned {
    @AsyncTest
    Task<Void> leavesTwo() {
      await(Async.sleep(Duration.ofSeconds(1)));
      Async.spawn("heartbeat", () -> napping("heartbeat"));
      Async.spawn(() -> napping("nameless"));
      await(Async.sleep(Duration.ofSeconds(1)));
      return done();
    }
  }

  @Test
  void spawnedTasksAreNamedWithTheLineWhereTheyStand() {
    assertThat(Kit.failure(Spawned.class))
        .hasMessageContaining("left behind")
        .hasMessageContaining("heartbeat (spawned at " + Spawned.class.getName() + ".leavesTwo(")
        .hasMessageContaining("; spawned at " + Spawned.class.getName() + ".leavesTwo(")
        .hasMessageContaining("NoTaskLeftBehindTest.napping(NoTaskLeftBehindTest.java:");
    assertThat(SEEN).containsExactlyInAnyOrder("heartbeat ends", "nameless ends");
  }

  static class Unstarted {
    @AsyncTest
    Task<Void> leavesOneThatHasNotRun() {
      Async.spawn("late", Async::done);
      return done();
    }
  }

  @Test
  void aTaskThatHasNotRunYetCounts() {
    assertThat(Kit.failure(Unstarted.class)).hasMessageContaining("late (");
  }

  static class Called {
    @AsyncTest
    @SuppressWarnings("FutureReturnValueIgnored")
    Task<Void> forgetsAnAwait() {
      var forgotten = napping("call");
      await(Async.sleep(Duration.ofSeconds(1)));
      return done();
    }
  }

  @Test
  void aCallThatNobodyAwaitsCounts() {
    assertThat(Kit.failure(Called.class))
        .hasMessageContaining("napping(NoTaskLeftBehindTest.java:");
  }

  static class OnNode {
    @AsyncTest(on = RunOn.NODE)
    Task<Void> leavesOne() {
      Async.spawn(() -> napping("task"));
      await(Async.sleep(Duration.ofMillis(1)));
      return done();
    }
  }

  @Test
  void nodesTasksCount() {
    assertThat(Kit.failure(OnNode.class))
        .hasMessageContaining(OnNode.class.getName())
        .hasMessageContaining("napping(NoTaskLeftBehindTest.java:");
  }

  static class OnWorkers {
    static final CountDownLatch RELEASED = new CountDownLatch(1);

    @AsyncTest(on = RunOn.WORK_STEALING)
    Task<Void> leavesABlockingCall() {
      CountDownLatch running = new CountDownLatch(1);
      Async.spawnBlocking(
          () -> {
            running.countDown();
            RELEASED.await();
            return null;
          });
      await(
          Async.spawnBlocking(
              () -> {
                running.await();
                return null;
              }));
      return done();
    }
  }

  @Test
  void blockingCallsCount() {
    assertThat(Kit.failure(OnWorkers.class)).hasMessageContaining("blocking call of ");
  }

  static class Clean {
    @AsyncTest(seeds = 100)
    Task<Void> awaitsAll() {
      Task<Void> awaited = Async.spawn(Async::done);
      Task<Void> cancelled = Async.spawn(() -> napping("cancelled"));
      await(Async.yieldNow());
      cancelled.cancel(true);
      await(cancelled.finished());
      await(awaited);
      return done();
    }

    @AsyncTest(on = RunOn.WORK_STEALING)
    Task<Void> awaitsAllOfMany() {
      List<Task<Void>> tasks = new ArrayList<>();
      for (int i = 0; i < 1000; i++) {
        tasks.add(Async.spawn(Clean::hops));
      }
      for (Task<Void> task : tasks) {
        await(task);
      }
      return done();
    }

    static Task<Void> hops() {
      await(Async.yieldNow());
      return done();
    }

    @AsyncTest(leavesTasks = true)
    Task<Void> may() {
      Async.spawn(() -> napping("left"));
      await(Async.yieldNow());
      return done();
    }
  }

  @Test
  void whatHasEndedIsNotReported() {
    Kit.run(Clean.class).assertStatistics(count -> count.started(102).succeeded(102));
    assertThat(SEEN).contains("left ends");
  }

  static class Lost {
    @AsyncTest
    Task<Void> losesAFailure() {
      Task<Void> failing =
          Async.spawn(
              "loser",
              () -> {
                throw new IllegalStateException("unheard of");
              });
      await(Async.sleep(Duration.ofSeconds(1)));
      assertThat(failing.isFinished()).isTrue();
      return done();
    }

    @AsyncTest(losesFailures = true)
    Task<Void> may() {
      return losesAFailure();
    }
  }

  @Test
  void aFailureThatNobodyLooksAtCounts() {
    assertThat(Kit.failure(Lost.class))
        .hasMessageContaining("nobody has looked at its outcome: task loser (")
        .hasRootCauseMessage("unheard of");
  }

  static class Endless {
    @AsyncTest(timeLimit = 1)
    Task<Void> waitsForNothing() {
      await(new Task<>());
      return done();
    }
  }

  @Test
  void aTestThatDoesNotEndIsCancelledAndSaysWhereItStood() {
    assertThat(Kit.failure(Endless.class))
        .hasMessageContaining("has not ended within 1 s")
        .hasMessageContaining("waitsForNothing (")
        .hasMessageContaining("NoTaskLeftBehindTest.java:");
  }
}
