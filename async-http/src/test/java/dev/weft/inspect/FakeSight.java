package dev.weft.inspect;

import dev.weft.AsyncExecutor;
import dev.weft.AsyncStackTrace;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A task that a test has thought out. */
record FakeSight(
    AsyncExecutor executor,
    String key,
    @Nullable String name,
    State state,
    @Nullable StackTraceElement site,
    @Nullable String waitsFor,
    @Nullable Thread thread,
    long ageNanos,
    long stateNanos,
    long polls,
    long busyNanos)
    implements Sight {

  static FakeSight suspended(AsyncExecutor executor, int number) {
    return new FakeSight(
        executor,
        "t" + number,
        "task-" + number,
        State.SUSPENDED,
        line(10 + number % 3),
        "a sleep",
        null,
        Duration.ofMillis(number).toNanos(),
        Duration.ofMillis(number / 2).toNanos(),
        number % 7,
        Duration.ofMillis(number % 5).toNanos());
  }

  static StackTraceElement line(int line) {
    return new StackTraceElement("shop.Shop", "buy", "Shop.java", line);
  }

  FakeSight named(String other) {
    return new FakeSight(
        executor,
        key,
        other,
        state,
        site,
        waitsFor,
        thread,
        ageNanos,
        stateNanos,
        polls,
        busyNanos);
  }

  FakeSight runs(Thread on) {
    return new FakeSight(
        executor,
        key,
        name,
        State.RUNNING,
        site,
        null,
        on,
        ageNanos,
        stateNanos,
        polls,
        busyNanos);
  }

  @Override
  public String origin() {
    return "shop.Main";
  }

  @Override
  public @Nullable String awaitedBy() {
    return null;
  }

  @Override
  public @Nullable String awaits() {
    return null;
  }

  @Override
  public AsyncStackTrace stack() {
    return new AsyncStackTrace(
        "task " + key,
        "waits for a sleep",
        site == null ? List.of() : List.of(site, line(99)),
        List.of(new AsyncStackTrace("a branch", "runs", List.of(line(7)), List.of(), List.of())),
        List.of(line(100)));
  }

  @Override
  public Map<String, String> locals() {
    return Map.of("user", "ada");
  }
}
