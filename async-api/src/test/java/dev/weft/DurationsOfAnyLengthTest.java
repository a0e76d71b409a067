package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.net.TcpOptions;
import dev.weft.scheduler.Nanos;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever is given a time takes one of any length: it cuts it to what it can count, or refuses it
 * at once. A method that is new and has no row here fails {@link #everyMethodHasARow}.
 */
@Timeout(120)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DurationsOfAnyLengthTest {
  /** The times that every row is tried with. */
  private enum Time {
    LEAST(Long.MIN_VALUE, TimeUnit.SECONDS),
    NEGATIVE(-1, TimeUnit.NANOSECONDS),
    ZERO(0, TimeUnit.NANOSECONDS),
    ONE(1, TimeUnit.NANOSECONDS),
    MOST_NANOS(Long.MAX_VALUE, TimeUnit.NANOSECONDS),
    MOST(Long.MAX_VALUE, TimeUnit.SECONDS);

    final long amount;
    final TimeUnit unit;

    Time(long amount, TimeUnit unit) {
      this.amount = amount;
      this.unit = unit;
    }

    Duration duration() {
      return Duration.of(amount, unit.toChronoUnit());
    }

    boolean isLong() {
      return compareTo(ONE) > 0;
    }
  }

  private interface Try {
    /** What comes of it, in a word. */
    String with(Time time) throws Exception;
  }

  /**
   * @param method as {@link TimeParameters} names it
   * @param outcomes of the times in their order
   */
  private record Row(String method, Try tried, List<String> outcomes) {
    @Override
    public String toString() {
      return method;
    }
  }

  private final List<Row> rows = new ArrayList<>();

  private void row(String method, Try tried, String... outcomes) {
    rows.add(new Row(method, tried, List.of(outcomes)));
  }

  private static final String REFUSED = "refused";

  /** Where the timer wheel ends. */
  private static final String FOR_EVER = "4398046511103 ms";

  /** What the rows here are about, or what takes no time in spite of its types. */
  private static final Set<String> BEHIND_OTHERS =
      Set.of(
          "CloseReport.new(String,Duration,List,boolean)", // says how long it took
          "EventLoop.awaitTermination(long,TimeUnit)", // behind NodeExecutor, as the next two
          "EventLoop.close(Duration)",
          "EventLoop.sleep(Duration)",
          "OwnedTask.get(long,TimeUnit)", // the JDK's
          "Scheduler.Config.new(String,int,Provider,int,Duration,boolean,int,int,boolean,Clock,"
              + "Hooks,Measuring,Long)", // behind WorkStealingExecutor, as the next three
          "Scheduler.awaitTermination(long,TimeUnit)",
          "Scheduler.close(Duration,Duration)",
          "Scheduler.sleep(Duration)",
          "TcpOptions.new(int,int,Duration,Duration,Duration,int,boolean)"); // behind its methods

  DurationsOfAnyLengthTest() {
    timers();
    schedules();
    waits();
    ends();
    options();
  }

  @Test
  void everyMethodHasARow() throws Exception {
    Set<String> known = new TreeSet<>(BEHIND_OTHERS);
    rows.forEach(row -> known.add(row.method));
    assertThat(known).containsAll(TimeParameters.names());
  }

  List<Row> rows() {
    return rows;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void takesAnyTime(Row row) throws Exception {
    List<String> outcomes = new ArrayList<>();
    for (Time time : Time.values()) {
      try {
        outcomes.add(row.tried.with(time));
      } catch (IllegalArgumentException refusal) {
        assertThat(refusal).as("%s", time).hasMessageMatching("[A-Za-z ]+ must .*");
        outcomes.add(REFUSED);
      }
    }
    assertThat(outcomes).isEqualTo(row.outcomes);
  }

  // ---- timers, on a virtual clock

  private void timers() {
    for (String type : List.of("Async", "AsyncExecutor", "WorkStealingExecutor")) {
      row(
          type + ".sleep(Duration)",
          time ->
              elapsed(
                  executor ->
                      type.equals("Async")
                          ? Async.sleep(time.duration())
                          : executor.sleep(time.duration())),
          "0 ms",
          "0 ms",
          "0 ms",
          "1 ms",
          FOR_EVER,
          FOR_EVER);
    }
    row(
        "Async.timeout(Duration,CompletionStage)",
        time ->
            elapsed(
                executor ->
                    Async.timeout(time.duration(), new Task<>())
                        .handle(
                            (value, late) -> {
                              assertThat(late).isInstanceOf(TimeoutException.class);
                              return value;
                            })),
        "0 ms",
        "0 ms",
        "0 ms",
        "1 ms",
        FOR_EVER,
        FOR_EVER);
    row(
        "Async.interval(Duration)",
        time -> elapsed(executor -> secondTick(Async.interval(time.duration()))),
        REFUSED,
        REFUSED,
        REFUSED,
        "1 ms",
        FOR_EVER,
        FOR_EVER);
    for (MissedTickBehavior behavior : MissedTickBehavior.values()) {
      row(
          "Async.interval(Duration,MissedTickBehavior)",
          time -> elapsed(executor -> secondTick(Async.interval(time.duration(), behavior))),
          REFUSED,
          REFUSED,
          REFUSED,
          "1 ms",
          FOR_EVER,
          FOR_EVER);
    }
    row(
        "VirtualClock.skipTo(long)",
        time -> {
          VirtualClock clock = new VirtualClock();
          clock.skipTo(TimeUnit.NANOSECONDS.convert(time.duration()));
          long before = clock.elapsed().toNanos();
          try (WorkStealingExecutor executor = virtual(clock)) {
            executor.blockOn(() -> executor.sleep(Duration.ofSeconds(1)));
            executor.blockOn(() -> executor.sleep(Duration.ofSeconds(1)));
          }
          return before + " then " + clock.elapsed().toNanos();
        },
        "0 then 2000000000",
        "0 then 2000000000",
        "0 then 2000000000",
        "1 then 2000000001",
        Long.MAX_VALUE + " then " + Long.MAX_VALUE,
        Long.MAX_VALUE + " then " + Long.MAX_VALUE);
    // Node's rule: what is no number of milliseconds from 1 to 2^31-1 is 1.
    row("NodeExecutor.setTimeout(Runnable,double)", time -> fires(time, false), each("fires"));
    row("NodeExecutor.setInterval(Runnable,double)", time -> fires(time, true), each("fires"));
    row(
        "NodeExecutor.sleep(Duration)",
        time -> {
          try (NodeExecutor node = NodeExecutor.builder().noDriver().build()) {
            Task<?> sleep = node.sleep(time.duration());
            if (time == Time.ONE) {
              sleep.get(60, TimeUnit.SECONDS);
            }
            return sleep.isDone() ? "over" : "goes on";
          }
        },
        "over",
        "over",
        "over",
        "over",
        "goes on",
        "goes on");
  }

  private static CompletionStage<?> secondTick(Interval interval) {
    assertThat(interval.tick()).isDone();
    assertThat(interval.period()).isPositive();
    Task<?> second = interval.tick();
    assertThat(second).isNotDone();
    return second;
  }

  private static String[] each(String outcome) {
    String[] outcomes = new String[Time.values().length];
    Arrays.fill(outcomes, outcome);
    return outcomes;
  }

  private static String fires(Time time, boolean repeats) throws Exception {
    double millis = time.amount * (time.unit.toNanos(1) / 1e6);
    int code =
        NodeExecutor.builder()
            .noDriver()
            .run(
                () -> {
                  NodeExecutor node = NodeExecutor.current();
                  dev.weft.node.Timeout[] timer = new dev.weft.node.Timeout[1];
                  timer[0] =
                      repeats
                          ? node.setInterval(() -> timer[0].clear(), millis)
                          : node.setTimeout(() -> {}, millis);
                });
    return code == 0 ? "fires" : "fails";
  }

  private static WorkStealingExecutor virtual(VirtualClock clock) {
    return WorkStealingExecutor.builder().workers(1).noDriver().clock(clock).build();
  }

  private interface Body {
    CompletionStage<?> on(WorkStealingExecutor executor);
  }

  /** How long a body takes on a virtual clock. */
  private static String elapsed(Body body) throws Exception {
    VirtualClock clock = new VirtualClock();
    try (WorkStealingExecutor executor = virtual(clock)) {
      executor.blockOn(() -> body.on(executor).thenApply(value -> 0));
    }
    return clock.elapsed().toMillis() + " ms";
  }

  // ---- ScheduledExecutorService

  private void schedules() {
    String[] delays = {"0 ms", "0 ms", "0 ms", "1 ms", FOR_EVER, FOR_EVER};
    row(
        "WorkStealingExecutor.schedule(Runnable,long,TimeUnit)",
        time -> elapsed(executor -> (Task<?>) executor.schedule(() -> {}, time.amount, time.unit)),
        delays);
    row(
        "WorkStealingExecutor.schedule(Callable,long,TimeUnit)",
        time -> elapsed(executor -> (Task<?>) executor.schedule(() -> 1, time.amount, time.unit)),
        delays);
    row(
        "WorkStealingExecutor.scheduleAtFixedRate(Runnable,long,long,TimeUnit)",
        time ->
            runs((executor, run) -> executor.scheduleAtFixedRate(run, 0, time.amount, time.unit)),
        REFUSED,
        REFUSED,
        REFUSED,
        "0 1",
        "0 4398046511103",
        "0 4398046511103");
    row(
        "WorkStealingExecutor.scheduleWithFixedDelay(Runnable,long,long,TimeUnit)",
        time ->
            runs(
                (executor, run) -> executor.scheduleWithFixedDelay(run, 0, time.amount, time.unit)),
        REFUSED,
        REFUSED,
        REFUSED,
        "0 1",
        "0 4398046511103",
        "0 4398046511103");
    row(
        "WorkStealingExecutor.scheduleAtFixedRate(Runnable,long,long,TimeUnit)",
        time ->
            runs((executor, run) -> executor.scheduleAtFixedRate(run, time.amount, 1, time.unit)),
        firstDelays("1 1"));
    row(
        "WorkStealingExecutor.scheduleWithFixedDelay(Runnable,long,long,TimeUnit)",
        time ->
            runs(
                (executor, run) -> executor.scheduleWithFixedDelay(run, time.amount, 1, time.unit)),
        firstDelays("1 2"));
  }

  /** The first delay of the time given, the second one of its unit. */
  private static String[] firstDelays(String ofOne) {
    return new String[] {
      "0 1000", "0 1", "0 1", ofOne, "4398046511103 4398046511103", "4398046511103 4398046511103"
    };
  }

  private interface Start {
    ScheduledFuture<?> on(WorkStealingExecutor executor, Runnable run);
  }

  /** When the first two runs of a periodic task are. */
  private static String runs(Start start) throws Exception {
    VirtualClock clock = new VirtualClock();
    List<String> times = new ArrayList<>();
    try (WorkStealingExecutor executor = virtual(clock)) {
      executor.blockOn(
          () ->
              ((Task<?>)
                      start.on(
                          executor,
                          () -> {
                            times.add(Long.toString(clock.elapsed().toMillis()));
                            if (times.size() == 2) {
                              throw new IllegalStateException("enough");
                            }
                          }))
                  .handle((value, error) -> 0));
    }
    return String.join(" ", times);
  }

  @Test
  void theLatestScheduledTaskIsTheLast() {
    VirtualClock clock = new VirtualClock();
    try (WorkStealingExecutor executor = virtual(clock)) {
      Delayed soon = executor.schedule(() -> {}, 1, TimeUnit.SECONDS);
      clock.skipTo(TimeUnit.SECONDS.toNanos(3));
      Delayed last = executor.schedule(() -> {}, Long.MAX_VALUE, TimeUnit.DAYS);
      assertThat(last).isGreaterThan(soon);
      assertThat(soon).isLessThan(last);
      assertThat(last.getDelay(TimeUnit.DAYS)).isGreaterThan(50_000);
    }
  }

  // ---- waiting

  private void waits() {
    String[] waits = {"false", "false", "false", "false", "true", "true"};
    row(
        "WorkStealingExecutor.awaitTermination(long,TimeUnit)",
        time -> ending(stealing(), time, executor -> awaitTermination(executor, time)),
        waits);
    row(
        "NodeExecutor.awaitTermination(long,TimeUnit)",
        time -> ending(node(), time, executor -> awaitTermination(executor, time)),
        waits);
    for (String type : List.of("WorkStealingExecutor", "NodeExecutor")) {
      row(
          type + ".invokeAll(Collection,long,TimeUnit)",
          time ->
              invoking(
                  type,
                  time,
                  (executor, call) ->
                      !executor
                          .invokeAll(List.of(call), time.amount, time.unit)
                          .get(0)
                          .isCancelled()),
          waits);
      row(
          type + ".invokeAny(Collection,long,TimeUnit)",
          time ->
              invoking(
                  type,
                  time,
                  (executor, call) -> {
                    try {
                      return executor.invokeAny(List.of(call), time.amount, time.unit);
                    } catch (TimeoutException late) {
                      return false;
                    }
                  }),
          waits);
    }
  }

  private static WorkStealingExecutor stealing() {
    return WorkStealingExecutor.builder().workers(1).noDriver().build();
  }

  private static NodeExecutor node() {
    return NodeExecutor.builder().noDriver().build();
  }

  private interface Step<R> {
    R with(AsyncExecutor executor) throws Exception;
  }

  private static boolean awaitTermination(AsyncExecutor executor, Time time) throws Exception {
    executor.shutdown();
    return executor.awaitTermination(time.amount, time.unit);
  }

  /**
   * Does something to an executor with a task that goes on for a while after its shutdown: for
   * longer than a short time lasts, and not at all if the time is long.
   */
  private static <R> String ending(AsyncExecutor executor, Time time, Step<R> step)
      throws Exception {
    CountDownLatch started = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(time.isLong() ? 0 : 1);
    executor.execute(
        () -> {
          started.countDown();
          while (!executor.isShutdown()) {
            Thread.onSpinWait();
          }
          awaitUninterruptibly(release);
        });
    started.await();
    try {
      return String.valueOf(step.with(executor));
    } finally {
      release.countDown();
      executor.shutdown();
      assertThat(executor.awaitTermination(60, TimeUnit.SECONDS)).isTrue();
    }
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    while (true) {
      try {
        latch.await();
        return;
      } catch (InterruptedException ending) {
        // as a task that takes no notice of it
      }
    }
  }

  private interface Invocation {
    boolean on(AsyncExecutor executor, Callable<Boolean> call) throws Exception;
  }

  private static String invoking(String type, Time time, Invocation invocation) throws Exception {
    CountDownLatch release = new CountDownLatch(time.isLong() ? 0 : 1);
    Callable<Boolean> call =
        () -> {
          awaitUninterruptibly(release);
          return true;
        };
    try (AsyncExecutor executor = type.equals("NodeExecutor") ? node() : stealing()) {
      try {
        return String.valueOf(invocation.on(executor, call));
      } finally {
        release.countDown();
      }
    }
  }

  // ---- the end

  private void ends() {
    String[] ends = {"gave up", "gave up", "gave up", "gave up", "ended", "ended"};
    for (String type : List.of("AsyncExecutor", "WorkStealingExecutor", "NodeExecutor")) {
      row(
          type + ".close(Duration)",
          time ->
              ending(
                  type.equals("NodeExecutor") ? node() : stealing(),
                  time,
                  executor -> {
                    try {
                      executor.close(time.duration());
                      return "ended";
                    } catch (TimeoutException late) {
                      return "gave up";
                    }
                  }),
          ends);
    }
    row(
        "WorkStealingExecutor.close(Duration,Duration)",
        time ->
            ending(
                stealing(),
                time,
                executor -> {
                  CloseReport report =
                      ((WorkStealingExecutor) executor).close(time.duration(), time.duration());
                  assertThat(report.took()).isGreaterThanOrEqualTo(Duration.ZERO);
                  return report.ended() ? "ended" : "gave up";
                }),
        ends);
    row(
        "WorkStealingExecutor.Builder.closeBound(Duration)",
        time -> closing(time, builder -> builder.closeBound(time.duration())),
        REFUSED,
        REFUSED,
        "gave up",
        "gave up",
        "ended",
        "ended");
    row(
        "WorkStealingExecutor.Builder.closeDrain(Duration)",
        time ->
            closing(
                time,
                builder -> builder.closeDrain(time.duration()).closeBound(Duration.ofNanos(1))),
        REFUSED,
        REFUSED,
        "gave up",
        "gave up",
        "ended",
        "ended");
  }

  private static String closing(Time time, UnaryOperator<WorkStealingExecutor.Builder> option)
      throws Exception {
    WorkStealingExecutor executor =
        option.apply(WorkStealingExecutor.builder().workers(1).noDriver()).build();
    return ending(
        executor,
        time,
        closed -> {
          closed.close();
          return closed.isTerminated() ? "ended" : "gave up";
        });
  }

  // ---- options

  private void options() {
    row(
        "WorkStealingExecutor.Builder.blockingKeepAlive(Duration)",
        time -> {
          try (WorkStealingExecutor executor =
              WorkStealingExecutor.builder()
                  .workers(1)
                  .noDriver()
                  .blockingKeepAlive(time.duration())
                  .build()) {
            executor.spawnBlocking(() -> 1).get(60, TimeUnit.SECONDS);
            executor.submit(() -> Async.blockInPlace(() -> 1)).get(60, TimeUnit.SECONDS);
            return executor.submit(() -> "works").get(60, TimeUnit.SECONDS);
          }
        },
        REFUSED,
        REFUSED,
        REFUSED,
        "works",
        "works",
        "works");
    TcpOptions tcp = TcpOptions.defaults();
    String century = Duration.ofDays(36_500).toString();
    row(
        "TcpOptions.idleTimeout(Duration)",
        time -> tcp.idleTimeout(time.duration()).idleTimeout().toString(),
        REFUSED,
        REFUSED,
        "PT0S",
        "PT0.001S",
        century,
        century);
    row(
        "TcpOptions.lingerTimeout(Duration)",
        time -> tcp.lingerTimeout(time.duration()).lingerTimeout().toString(),
        REFUSED,
        REFUSED,
        "PT0S",
        "PT0.001S",
        century,
        century);
    String limit = Duration.ofMillis(Integer.MAX_VALUE).toString();
    row(
        "TcpOptions.connectTimeout(Duration)",
        time -> tcp.connectTimeout(time.duration()).connectTimeout().toString(),
        REFUSED,
        REFUSED,
        "PT0S",
        "PT0.001S",
        limit,
        limit);
    String most = Long.toString(Nanos.MAX);
    row(
        "Nanos.of(Duration)",
        time -> Long.toString(Nanos.of(time.duration())),
        "-" + most,
        "-1",
        "0",
        "1",
        most,
        most);
    row(
        "Nanos.of(long,TimeUnit)",
        time -> Long.toString(Nanos.of(time.amount, time.unit)),
        "-" + most,
        "-1",
        "0",
        "1",
        most,
        most);
    row(
        "Nanos.atLeastZero(Duration)",
        time -> Long.toString(Nanos.atLeastZero(time.duration()).toNanos()),
        "0",
        "0",
        "0",
        "1",
        most,
        most);
  }
}
