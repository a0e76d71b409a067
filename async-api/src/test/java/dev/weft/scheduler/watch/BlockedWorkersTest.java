package dev.weft.scheduler.watch;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.weft.Async;
import dev.weft.Clock;
import dev.weft.Logged;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.scheduler.Scheduler;
import dev.weft.scheduler.SchedulerConfig;
import dev.weft.scheduler.Watching;
import dev.weft.scheduler.task.OwnedTask;
import dev.weft.scheduler.thread.Hooks;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** That tasks have blocked all workers is said, with what they wait for; other waits are not. */
@Timeout(120)
class BlockedWorkersTest {
  private final BlockingQueue<String> reports = new LinkedBlockingQueue<>();
  private final Queue<String> ownReports = new ConcurrentLinkedQueue<>();

  @RegisterExtension
  final Logged logged =
      new Logged(
          BlockedWorkers.class,
          event -> {
            assertThat(event.getLevel()).isEqualTo(Level.WARN);
            reports.add(event.getFormattedMessage());
          });

  private static WorkStealingExecutor executor(String name, int workers) {
    return WorkStealingExecutor.builder().name(name).workers(workers).noDriver().build();
  }

  private String report() throws InterruptedException {
    String report = reports.poll(60, TimeUnit.SECONDS);
    assertThat(report).as("a report within a minute").isNotNull();
    return report;
  }

  private static int bridge(Task<Integer> task) {
    return task.join();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void tasksThatJoinWhatNoWorkerIsLeftToDo(int workers) throws Exception {
    try (WorkStealingExecutor executor = executor("joining", workers)) {
      CountDownLatch all = new CountDownLatch(workers);
      List<Task<Integer>> never = new ArrayList<>();
      List<Task<Integer>> blocked = new ArrayList<>();
      for (int i = 0; i < workers; i++) {
        blocked.add(
            executor.submit(
                () -> {
                  all.countDown();
                  all.await();
                  Task<Integer> queued = executor.spawn("the awaited one", () -> Async.done(1));
                  synchronized (never) {
                    never.add(queued);
                  }
                  return bridge(queued);
                }));
      }
      assertThat(report())
          .startsWith(
              workers == 1
                  ? "The only worker of the executor joining has been blocked by tasks"
                  : "All " + workers + " workers of the executor joining have been blocked")
          .contains("Async.blockInPlace", "Async.spawnBlocking", "await(..)")
          .contains(
              "\"joining-worker-0\" (WAITING) waits for task the awaited one (a lambda of "
                  + BlockedWorkersTest.class.getName())
          .contains("\"joining-worker-" + (workers - 1) + "\" (WAITING) waits for task the")
          .contains(BlockedWorkersTest.class.getName() + ".bridge(BlockedWorkersTest.java");
      synchronized (never) {
        never.forEach(task -> task.complete(1)); // from outside, as nobody can there
      }
      for (Task<Integer> task : blocked) {
        assertThat(task.get(60, TimeUnit.SECONDS)).isOne();
      }
    }
    assertThat(reports).as("once").isEmpty();
  }

  @Test
  void theOnlyWorkerOfADeterministicExecutor() throws Exception {
    CompletableFuture<Integer> plain = new CompletableFuture<>();
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder().name("lots").deterministic(1).build()) {
      Task<Integer> blocked = executor.submit(plain::join);
      assertThat(report())
          .contains("\"lots-worker-0\" (WAITING) waits for a CompletableFuture\n    at ");
      plain.complete(1);
      assertThat(blocked.get(60, TimeUnit.SECONDS)).isOne();
    }
  }

  // ---- what is not reported: looked for by the test itself, with a clock of its own

  private long seconds;

  /** Looks ten times a second; what it has reported. */
  private List<String> look(BlockedWorkers blocked, int forSeconds) {
    for (int look = 0; look < 10 * forSeconds; look++) {
      blocked.look(TimeUnit.SECONDS.toNanos(seconds) + TimeUnit.MILLISECONDS.toNanos(100L * look));
    }
    seconds += forSeconds;
    List<String> own = List.copyOf(ownReports);
    ownReports.clear();
    return own;
  }

  private interface Check {
    void of(Scheduler scheduler, BlockedWorkers blocked) throws Exception;
  }

  private void check(Check check) throws Exception {
    try (WorkStealingExecutor face = executor("face", 1)) {
      SchedulerConfig config =
          new SchedulerConfig(
              "watched",
              2,
              null,
              1,
              Duration.ofSeconds(1),
              false,
              SchedulerConfig.LOCAL_QUEUE_CAPACITY,
              0,
              true,
              Clock.SYSTEM,
              new Hooks(null, null, null, null, null, null, null),
              SchedulerConfig.Measuring.NOTHING,
              SlowPolls.none("watched"),
              null);
      Scheduler scheduler = new Scheduler(face, config);
      scheduler.start();
      try {
        check.of(
            scheduler,
            new BlockedWorkers(Watching.crewOf(scheduler), "watched", 2, ownReports::add));
      } finally {
        scheduler.shutdown();
        assertThat(scheduler.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
      }
    }
  }

  private static void run(Scheduler scheduler, Callable<?> call) {
    assertThat(
            scheduler.start(
                OwnedTask.<@Nullable Void>of(
                    scheduler.executor(),
                    call.getClass(),
                    () -> {
                      call.call();
                      return Async.done();
                    })))
        .isTrue();
  }

  /** Runs tasks that wait, and returns when as many workers are waiting in them. */
  private static void block(Scheduler scheduler, int workers, CountDownLatch release)
      throws Exception {
    for (int i = 0; i < workers; i++) {
      run(
          scheduler,
          () -> {
            release.await();
            return null;
          });
    }
    until(
        () ->
            Stream.of(Watching.crewOf(scheduler).watched())
                    .filter(worker -> LockSupport.getBlocker(worker.thread()) != null)
                    .filter(worker -> !worker.isAsleep())
                    .count()
                == workers);
    if (workers < 2) {
      untilAsleep(scheduler, 2 - workers);
    }
  }

  private static void untilAsleep(Scheduler scheduler, int workers) {
    until(() -> Watching.crewOf(scheduler).sleeping() == workers);
  }

  private static void until(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) { // until the test's time is over
      Thread.onSpinWait();
    }
  }

  @Test
  void workersThatSleepAreNotBlocked() throws Exception {
    check(
        (scheduler, blocked) -> {
          untilAsleep(scheduler, 2);
          assertThat(look(blocked, 60)).isEmpty();
        });
  }

  @Test
  void workersThatComputeAreNotBlocked() throws Exception {
    check(
        (scheduler, blocked) -> {
          AtomicBoolean enough = new AtomicBoolean();
          CountDownLatch computing = new CountDownLatch(2);
          for (int i = 0; i < 2; i++) {
            run(
                scheduler,
                () -> {
                  computing.countDown();
                  until(enough::get);
                  return null;
                });
          }
          computing.await();
          assertThat(look(blocked, 60)).isEmpty();
          enough.set(true);
        });
  }

  @Test
  void oneThatIsLeftIsEnough() throws Exception {
    check(
        (scheduler, blocked) -> {
          CountDownLatch release = new CountDownLatch(1);
          block(scheduler, 1, release);
          assertThat(look(blocked, 60)).isEmpty();
          release.countDown();
        });
  }

  @Test
  void itIsSaidOnceEachTimeAndAtMostOnceAMinute() throws Exception {
    check(
        (scheduler, blocked) -> {
          CountDownLatch first = new CountDownLatch(1);
          block(scheduler, 2, first);
          assertThat(look(blocked, 1)).as("after less than a second").isEmpty();
          assertThat(look(blocked, 100)).hasSize(1);
          seconds -= 70; // as if that had been for half a minute

          first.countDown();
          untilAsleep(scheduler, 2);
          assertThat(look(blocked, 1)).isEmpty();
          CountDownLatch second = new CountDownLatch(1);
          block(scheduler, 2, second);
          assertThat(look(blocked, 20)).isEmpty();

          second.countDown();
          untilAsleep(scheduler, 2);
          assertThat(look(blocked, 30)).isEmpty();
          CountDownLatch third = new CountDownLatch(1);
          block(scheduler, 2, third);
          assertThat(look(blocked, 20))
              .singleElement()
              .asString()
              .contains("(It was so 1 more times since the last report.)");
          third.countDown();
        });
  }
}
