package dev.weft.inspect;

import dev.weft.AsyncExecutor;
import dev.weft.AsyncStackTrace;
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
    @Nullable String thread,
    long ageMillis,
    long stateMillis,
    long polls,
    long busyMillis)
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
        number,
        number / 2,
        number % 7,
        number % 5);
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
        ageMillis,
        stateMillis,
        polls,
        busyMillis);
  }

  FakeSight runs(String on) {
    return new FakeSight(
        executor,
        key,
        name,
        State.RUNNING,
        site,
        null,
        on,
        ageMillis,
        stateMillis,
        polls,
        busyMillis);
  }

  @Override
  public long number() {
    return Long.parseLong(key.substring(1));
  }

  @Override
  public List<StackTraceElement> javaStack() {
    return thread == null ? List.of() : List.of(line(42));
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
