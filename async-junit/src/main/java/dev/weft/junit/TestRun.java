package dev.weft.junit;

import dev.weft.Async;
import dev.weft.AsyncExecutor;
import dev.weft.CloseReport;
import dev.weft.CloseReport.Unended;
import dev.weft.Task;
import dev.weft.VirtualClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One run of one test: on an executor of its own, with one seed. */
final class TestRun {
  /** For what is cancelled to clean up, before the next test begins. As executors have it. */
  private static final Duration CLEAN_UP = Duration.ofSeconds(5);

  private final AsyncTest test;
  private final long seed;
  private final Venue venue;

  /** Failures that nobody has looked at. */
  private final List<String> lostNames = Collections.synchronizedList(new ArrayList<>());

  private final List<Throwable> lost = Collections.synchronizedList(new ArrayList<>());

  TestRun(AsyncTest test, long seed) {
    this.test = test;
    this.seed = seed;
    venue =
        Venue.of(
            test.on(),
            seed,
            (name, failure) -> {
              lostNames.add(name);
              lost.add(failure);
            });
  }

  AsyncExecutor executor() {
    return venue.executor();
  }

  @Nullable VirtualClock clock() {
    return venue.clock();
  }

  /**
   * Calls the test on the executor and waits for its end.
   *
   * @throws Throwable what it has failed with, or that it has left something behind
   */
  void run(String name, AsyncTestBody.Call body) throws Throwable {
    try {
      List<Unended> left = runToEnd(name, body);
      if (!left.isEmpty() && !test.leavesTasks()) {
        throw new AssertionError(
            "the test has left behind what is still alive at its end: "
                + text(left)
                + ". Await it, or cancel it and await its finished()");
      }
    } catch (Throwable failure) {
      throw withSeed(failure, name);
    }
  }

  private static String text(List<Unended> unended) {
    return unended.stream().map(Unended::toString).sorted().collect(Collectors.joining("; "));
  }

  /** What is alive when the test has come to its end. */
  private List<Unended> runToEnd(String name, AsyncTestBody.Call body) throws Throwable {
    Task<List<Unended>> end = new Task<>();
    // A task around the test's own sees to it that the end is noticed by who brings it about, and
    // so what is alive at that moment.
    Task<?> run =
        venue
            .executor()
            .spawn(
                () -> {
                  Task<?> own = venue.executor().spawn(name, () -> call(body));
                  own.whenComplete((value, failure) -> end.complete(left()));
                  return own;
                });
    try {
      if (test.timeLimit() == 0) {
        run.get();
      } else {
        run.get(test.timeLimit(), TimeUnit.SECONDS);
      }
      return end.get();
    } catch (ExecutionException e) {
      throw e.getCause() == null ? e : e.getCause();
    } catch (TimeoutException e) {
      AssertionError late =
          new AssertionError(
              "the test has not ended within %d s: %s"
                  .formatted(test.timeLimit(), text(venue.unended().get())));
      cancel(run);
      throw late;
    } catch (InterruptedException e) { // by @Timeout, for one
      cancel(run);
      throw e;
    }
  }

  private static void cancel(Task<?> run) throws InterruptedException {
    run.cancel(true);
    run.awaitFinished(CLEAN_UP);
  }

  private static CompletionStage<?> stage(AsyncTestBody.Call body) throws Throwable {
    CompletionStage<?> stage = AsyncTestBody.stageOf(body);
    return stage == null ? Async.done() : stage;
  }

  /** A task fails with whatever its body throws. */
  @SuppressWarnings("unchecked")
  private static CompletionStage<Object> call(AsyncTestBody.Call body) throws Exception {
    try {
      return (CompletionStage<Object>) stage(body);
    } catch (Exception | Error failure) {
      throw failure;
    } catch (Throwable failure) {
      throw new ExecutionException(failure);
    }
  }

  /** Without the two tasks of the run itself. */
  private List<Unended> left() {
    return venue.unended().get().stream()
        .filter(unended -> !unended.description().contains(TestRun.class.getName()))
        .toList();
  }

  private Throwable withSeed(Throwable failure, String name) {
    if (test.on() == RunOn.DETERMINISTIC) {
      failure.addSuppressed(new SeedNote(name, seed));
    }
    return failure;
  }

  /** Says the seed where the failure is read, whose type and message stay what they are. */
  @SuppressWarnings("serial")
  private static final class SeedNote extends Exception {
    SeedNote(String name, long seed) {
      super(
          "%s ran with seed %d. To repeat it with this one alone: -D%s=%d, or @AsyncTest(seed = %d)"
              .formatted(name, seed, SeedProvider.ONLY, seed, seed),
          null,
          false,
          false);
    }
  }

  /**
   * Ends the executor.
   *
   * @param failed whether the test has failed already, which is said alone then
   * @throws AssertionError if it does not end, or if a task has failed in silence
   */
  void close(boolean failed) {
    CloseReport report = venue.close().apply(CLEAN_UP);
    if (failed) {
      return;
    }
    if (!report.ended()) {
      throw new AssertionError("what the test has left behind does not end. " + report);
    }
    if (!lost.isEmpty() && !test.losesFailures()) {
      AssertionError error =
          new AssertionError(
              "what has failed, and nobody has looked at its outcome: "
                  + String.join(", ", lostNames),
              lost.get(0));
      lost.stream().skip(1).forEach(error::addSuppressed);
      throw error;
    }
  }
}
