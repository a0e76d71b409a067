package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.select.Select;
import dev.weft.stream.AsyncStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Sleeps, limits, intervals and scheduled tasks; most of them on a virtual clock. */
final class TimerRows extends TimeRows {
  TimerRows() {
    timers();
    schedules();
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
        "Select.after(Duration,Callable)",
        time ->
            elapsed(
                executor ->
                    Select.<String>fair()
                        .on(new Task<String>(), it -> it)
                        .after(time.duration(), () -> "late")
                        .run()),
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
        "AsyncStream.interval(Duration)",
        time -> elapsed(executor -> AsyncStream.interval(time.duration()).take(2).count()),
        REFUSED,
        REFUSED,
        REFUSED,
        "1 ms",
        FOR_EVER,
        FOR_EVER);
    row(
        "AsyncStream.chunk(int,Duration)",
        time -> elapsed(executor -> halfAChunk(time.duration()).first()),
        "0 ms",
        "0 ms",
        "0 ms",
        "1 ms",
        FOR_EVER,
        FOR_EVER);
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

  private static AsyncStream<List<Integer>> halfAChunk(Duration limit) {
    return AsyncStream.concat(AsyncStream.of(1), AsyncStream.generate(Task<Integer>::new))
        .chunk(2, limit);
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

  static WorkStealingExecutor virtual(VirtualClock clock) {
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
}
