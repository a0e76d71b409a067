package dev.weft.jfr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.NodeExecutor;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.metrics.ExecutorMetrics;
import dev.weft.metrics.WorkerMetrics;
import dev.weft.net.Net;
import dev.weft.net.Transport;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.Test;

/** What workers tell of themselves is what is counted. */
class WorkerEventsTest {
  @Test
  void eachStealIsToldOfWithTheTaskThatWasTaken() throws Exception {
    ExecutorMetrics[] counted = new ExecutorMetrics[1];
    List<RecordedEvent> events =
        Recorded.of(
            Recorded.everything(),
            () -> {
              try (WorkStealingExecutor executor =
                  WorkStealingExecutor.builder().name("thief").workers(2).noDriver().build()) {
                CountDownLatch ran = new CountDownLatch(8);
                executor
                    .spawn(
                        () -> {
                          for (int i = 0; i < 9; i++) { // the last keeps the LIFO slot
                            executor.spawn(
                                "loot",
                                () -> {
                                  ran.countDown();
                                  return Async.done();
                                });
                          }
                          assertThat(ran.await(60, TimeUnit.SECONDS)).isTrue();
                          return Async.done();
                        })
                    .get(60, TimeUnit.SECONDS);
                executor.close(Duration.ofSeconds(60));
                counted[0] = executor.metrics();
              }
            });
    List<RecordedEvent> steals = Recorded.named(events, "Steal", "thief-worker-");
    assertThat(steals)
        .isNotEmpty()
        .hasSize((int) counted[0].total(WorkerMetrics::stealOperations))
        .allSatisfy(
            steal -> {
              assertThat(steal.getString("taskName")).isEqualTo("loot");
              assertThat(steal.getLong("taskId")).isPositive();
              assertThat(steal.getThread().getJavaName())
                  .isEqualTo("thief-worker-" + (1 - steal.getInt("from")));
            });
    assertThat(steals.stream().mapToInt(steal -> steal.getInt("taken")).sum())
        .isEqualTo((int) counted[0].total(WorkerMetrics::stealCount));
  }

  @Test
  void eachParkIsToldOf() throws Exception {
    ExecutorMetrics[] counted = new ExecutorMetrics[1];
    List<RecordedEvent> events =
        Recorded.of(
            Recorded.everything(),
            () -> {
              try (WorkStealingExecutor executor =
                  WorkStealingExecutor.builder()
                      .name("parking")
                      .workers(1)
                      .driver(Transport.NIO.driver())
                      .build()) {
                executor.sleep(Duration.ofMillis(20)).get(60, TimeUnit.SECONDS);
                executor.close(Duration.ofSeconds(60));
                counted[0] = executor.metrics();
              }
            });
    List<RecordedEvent> parks = Recorded.named(events, "Park", "parking-worker-0");
    assertThat(parks)
        .isNotEmpty()
        .allSatisfy(park -> assertThat(park.getBoolean("inLoop")).isTrue());
    // It may have gone to sleep for the first time before the switch was there.
    assertThat(counted[0].total(WorkerMetrics::parkCount) - parks.size()).isBetween(0L, 1L);
  }

  @Test
  void anEventLoopParksAsWell() throws Exception {
    List<RecordedEvent> events =
        Recorded.of(
            Recorded.everything(),
            () -> {
              try (NodeExecutor loop = NodeExecutor.builder().name("idle").noDriver().build()) {
                loop.sleep(Duration.ofMillis(20)).get(60, TimeUnit.SECONDS);
              }
            });
    assertThat(Recorded.named(events, "Park", "idle")).isNotEmpty();
    assertThat(Recorded.named(events, "TimerLag", "idle"))
        .isNotEmpty()
        .allSatisfy(lag -> assertThat(lag.getInt("timers")).isEqualTo(1));
  }

  @Test
  void eachTakeoverIsToldOf() throws Exception {
    ExecutorMetrics[] counted = new ExecutorMetrics[1];
    List<RecordedEvent> events =
        Recorded.of(
            Recorded.everything(),
            () -> {
              try (WorkStealingExecutor executor =
                  WorkStealingExecutor.builder()
                      .name("taker")
                      .workers(2)
                      .driver(Transport.NIO.driver())
                      .build()) {
                for (int i = 0; i < 1000 && takeovers(executor) == 0; i++) {
                  CountDownLatch end = new CountDownLatch(1);
                  CountDownLatch stuck = new CountDownLatch(1);
                  Task<Void> sticking =
                      executor.spawn(
                          () -> {
                            stuck.countDown();
                            assertThat(end.await(60, TimeUnit.SECONDS)).isTrue();
                            return Async.done();
                          });
                  assertThat(stuck.await(60, TimeUnit.SECONDS)).isTrue();
                  executor.sleep(Duration.ofMillis(5)).get(60, TimeUnit.SECONDS); // by the other
                  end.countDown();
                  Net.get(sticking);
                }
                executor.close(Duration.ofSeconds(60));
                counted[0] = executor.metrics();
              }
            });
    List<RecordedEvent> takeovers = Recorded.named(events, "Takeover", "taker-worker-");
    assertThat(takeovers)
        .isNotEmpty()
        .hasSize((int) counted[0].total(WorkerMetrics::loopTakeovers))
        .allSatisfy(takeover -> assertThat(takeover.getInt("from")).isBetween(0, 1));
  }

  private static long takeovers(WorkStealingExecutor executor) {
    return executor.metrics().total(WorkerMetrics::loopTakeovers);
  }

  @Test
  void eachNewThreadOfABlockingPoolIsToldOf() throws Exception {
    List<RecordedEvent> events =
        Recorded.of(
            Recorded.everything(),
            () -> {
              try (WorkStealingExecutor executor =
                  WorkStealingExecutor.builder()
                      .name("growing")
                      .workers(1)
                      .maxBlockingThreads(5)
                      .noDriver()
                      .build()) {
                CountDownLatch all = new CountDownLatch(3);
                List<Task<Object>> calls = new ArrayList<>();
                for (int i = 0; i < 3; i++) {
                  calls.add(
                      executor.spawnBlocking(
                          () -> {
                            all.countDown();
                            return all.await(60, TimeUnit.SECONDS);
                          }));
                }
                for (Task<Object> call : calls) {
                  assertThat(call.get(60, TimeUnit.SECONDS)).isEqualTo(true);
                }
                executor.close(Duration.ofSeconds(60));
              }
            });
    assertThat(Recorded.named(events, "BlockingPoolGrowth", ""))
        .filteredOn(growth -> growth.getString("pool").equals("growing"))
        .extracting(growth -> growth.getInt("threads") + " of " + growth.getInt("most"))
        .containsExactly("1 of 5", "2 of 5", "3 of 5");
  }

  @Test
  void aTimerThatHasWaitedForATaskIsLate() throws Exception {
    List<RecordedEvent> events =
        Recorded.of(
            Recorded.settings("trace").getSettings(),
            () -> {
              try (WorkStealingExecutor executor =
                  WorkStealingExecutor.builder().name("late").workers(1).noDriver().build()) {
                executor
                    .submit(
                        () -> {
                          Task<Void> sleep = executor.sleep(Duration.ofMillis(1));
                          long until = System.nanoTime() + 30_000_000;
                          while (System.nanoTime() - until < 0) {
                            Thread.onSpinWait(); // the only worker, so nobody looks at the timer
                          }
                          return sleep;
                        })
                    .get(60, TimeUnit.SECONDS)
                    .get(60, TimeUnit.SECONDS);
                executor.close(Duration.ofSeconds(60));
              }
            });
    RecordedEvent lag = Recorded.named(events, "TimerLag", "late-worker-0").get(0);
    assertThat(lag.getDuration("lag")).isGreaterThan(Duration.ofMillis(20));
    assertThat(lag.getInt("timers")).isEqualTo(1);
    // And the poll that it has waited for is long enough for the default settings.
    assertThat(Recorded.named(events, "Poll", "late-worker-0"))
        .anySatisfy(poll -> assertThat(poll.getDuration()).isGreaterThan(Duration.ofMillis(20)));
  }

  @Test
  void aSlowPollSaysWhatItsCallerKnows() throws Exception {
    Thread worker = Thread.currentThread();
    RecordedEvent event =
        Recorded.one(
            Recorded.of(
                Recorded.everything(),
                () ->
                    SlowPoll.emit(
                        7,
                        "order",
                        "order (Shop)",
                        Order.FIRST,
                        null,
                        12_000_000,
                        worker,
                        "read")));
    assertThat(event.getLong("taskId")).isEqualTo(7);
    assertThat(event.getString("taskName")).isEqualTo("order");
    assertThat(event.getString("description")).isEqualTo("order (Shop)");
    assertThat(event.getString("awaitSite")).isEqualTo(Order.FIRST);
    assertThat(event.getString("spawnSite")).isNull();
    assertThat(event.getDuration("pollTime")).isEqualTo(Duration.ofMillis(12));
    assertThat(event.getThread("worker").getJavaName()).isEqualTo(worker.getName());
    assertThat(event.getString("blockingCall")).isEqualTo("read");
  }
}
