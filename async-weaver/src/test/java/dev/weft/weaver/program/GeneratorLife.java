package dev.weft.weaver.program;

import static dev.weft.Async.await;
import static dev.weft.stream.AsyncStream.emit;
import static dev.weft.stream.AsyncStream.end;

import dev.weft.Async;
import dev.weft.AsyncLocal;
import dev.weft.Task;
import dev.weft.TaskCancelledException;
import dev.weft.WorkStealingExecutor;
import dev.weft.stream.AsyncStream;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What becomes of generators whose consumers are cancelled, go away, or are no async methods. */
final class GeneratorLife {
  private static final List<String> TRACE = new CopyOnWriteArrayList<>();

  /** What the bodies wait for; the one that waits is the last. */
  private static final List<Task<Integer>> GATES = new CopyOnWriteArrayList<>();

  private static final AsyncLocal<String> NAME = new AsyncLocal<>();

  private GeneratorLife() {}

  public static void main(String[] arguments) throws Exception {
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder().workers(Integer.parseInt(arguments[0])).build()) {
      for (int k = 0; k < 8; k++) {
        cancelledAtSuspension(executor, k);
      }
      closedFromOutside(executor);
      readByAThread();
      misused(executor);
      locals(executor);
      cancelledNext(executor);
      closedAfterACatch(executor);
      noElementIsLost();
    }
    System.out.println("as it should be");
  }

  private static Task<Integer> gate() {
    Task<Integer> gate = new Task<>();
    GATES.add(gate);
    return gate;
  }

  private static Task<Integer> gateAt(int number) {
    while (GATES.size() <= number) {
      Thread.onSpinWait();
    }
    return GATES.get(number);
  }

  private static AsyncStream<Integer> gated(int count) {
    try {
      for (int i = 0; i < count; i++) {
        try {
          emit(i + await(gate()));
        } finally {
          TRACE.add("inner " + i);
          await(gate());
        }
      }
      TRACE.add("all");
    } finally {
      try {
        await(gate());
      } finally {
        TRACE.add("outer");
      }
    }
    return end();
  }

  private static CompletableFuture<String> read() {
    try (AsyncStream<Integer> numbers = gated(2)) {
      for (Integer n; (n = await(numbers.next())) != null; ) {
        TRACE.add("got " + n);
      }
    } finally {
      TRACE.add("consumer");
    }
    return CompletableFuture.completedFuture("read");
  }

  /** Cancels the reader when it waits for the k-th time; its clean-up gets what it waits for. */
  private static void cancelledAtSuspension(WorkStealingExecutor executor, int k) throws Exception {
    TRACE.clear();
    GATES.clear();
    Task<String> reader = executor.spawn("reader", GeneratorLife::read);
    for (int i = 0; !reader.isFinished(); i++) {
      while (GATES.size() <= i && !reader.isFinished()) {
        Thread.onSpinWait();
      }
      if (i == k) {
        reader.cancel(true);
        check(k >= 4 || !reader.isFinished(), "its body has an end of its own");
        while (GATES.size() <= i + 1 && !reader.isFinished()) {
          Thread.onSpinWait(); // it may be about to await this gate, and would find it open
        }
      }
      if (i < GATES.size()) {
        GATES.get(i).complete(10);
      }
    }
    boolean cancelled = k < 5;
    check(reader.isCancelled() == cancelled, "cancelled at " + k + ": " + reader);
    String trace = String.join(",", TRACE);
    check(trace.endsWith("outer,consumer"), "from the inside out: " + trace);
    check(trace.contains("all") == (k >= 4), "at " + k + " it ends: " + trace);
  }

  private static CompletableFuture<Boolean> waits(AsyncStream<Integer> stream) {
    try {
      await(stream.next());
    } catch (CancellationException closed) {
      return CompletableFuture.completedFuture(!(closed instanceof TaskCancelledException));
    }
    return CompletableFuture.completedFuture(false);
  }

  /** Who waits for an element while somebody else closes the stream is not cancelled himself. */
  private static void closedFromOutside(WorkStealingExecutor executor) throws Exception {
    TRACE.clear();
    GATES.clear();
    AsyncStream<Integer> stream = gated(1);
    Task<Boolean> reader = executor.spawn("waits", () -> waits(stream));
    check(!gateAt(0).isDone(), "it waits at gate 0");
    Task<@Nullable Void> closing = stream.closeAsync();
    check(!gateAt(1).isDone(), "it waits at gate 1");
    check(!closing.isFinished(), "the clean-up waits, and so does closing");
    check(!reader.isFinished(), "and who waits for an element");
    GATES.get(1).complete(0);
    gateAt(2).complete(0);
    closing.join();
    check(reader.join(), "it fails as what it awaits was cancelled");
    check(TRACE.equals(List.of("inner 0", "outer")), "clean-up has run: " + TRACE);
    check(stream.closeAsync().isFinished(), "closing it again does nothing");
  }

  private static AsyncStream<Integer> slowly(int count) {
    for (int i = 0; i < count; i++) {
      if (i % 2 == 1) {
        await(Async.yieldNow());
      }
      emit(i);
    }
    return end();
  }

  /** Outside any executor: the body goes on on the shared one. */
  private static void readByAThread() {
    AsyncStream<Integer> stream = slowly(1_000);
    int sum = 0;
    for (Integer n; (n = stream.next().join()) != null; ) {
      sum += n;
    }
    check(sum == 499_500, "the sum is " + sum);
    AsyncStream<Integer> left = slowly(3);
    check(left.next().join() == 0, "the first one");
    left.close();
    check(left.next().isCompletedExceptionally(), "it was closed");
    AsyncStream<Integer> never = slowly(3);
    never.close();
    check(never.next().isCompletedExceptionally(), "it was closed, and had not begun");
  }

  private static AsyncStream<Integer> swallowing() {
    int swallowed = 0;
    while (swallowed < 3) {
      try {
        emit(swallowed);
      } catch (CancellationException e) {
        swallowed++;
      }
    }
    TRACE.add("swallowed " + swallowed);
    return end();
  }

  private static CompletableFuture<Integer> readSwallowing() {
    try (AsyncStream<Integer> stream = swallowing()) {
      return CompletableFuture.completedFuture(await(stream.next()));
    }
  }

  /** Catches what it is cancelled with, and emits all the same. */
  private static AsyncStream<Integer> stubborn() {
    try {
      while (true) {
        int n;
        try {
          n = await(gate());
        } catch (CancellationException e) {
          n = -1;
        }
        emit(n);
      }
    } finally {
      TRACE.add("ended");
    }
  }

  private static CompletableFuture<Integer> one(AsyncStream<Integer> stream) {
    return CompletableFuture.completedFuture(await(stream.next()));
  }

  /** It is not told a second time, and ends nevertheless; nobody waits for it to be. */
  private static void closedAfterACatch(WorkStealingExecutor executor) throws Exception {
    TRACE.clear();
    GATES.clear();
    AsyncStream<Integer> stream = stubborn();
    Task<Integer> first = executor.spawn("first", () -> one(stream));
    check(!gateAt(0).isDone(), "it waits at gate 0");
    first.cancel(true);
    first.finished().get(1, TimeUnit.MINUTES); // the body has brought an element in spite of it
    Task<Integer> second = executor.spawn("second", () -> one(stream));
    check(!gateAt(1).isDone(), "it waits at gate 1");
    second.cancel(true);
    second.finished().get(1, TimeUnit.MINUTES); // it goes on, as nobody can end what it waits for
    gateAt(1).complete(1);
    Task<Integer> third = executor.spawn("third", () -> one(stream));
    check(third.get(1, TimeUnit.MINUTES) == 1, "what comes after all is for the next one");
    stream.closeAsync().get(1, TimeUnit.MINUTES);
    check(TRACE.equals(List.of("ended")), "its finally has run: " + TRACE);
  }

  private static Runnable onValue = () -> {};

  private static AsyncStream<Integer> catching() {
    while (TRACE.size() < 4) {
      int n = await(gate());
      onValue.run();
      try {
        emit(n);
        TRACE.add("emitted " + n);
      } catch (CancellationException e) {
        TRACE.add("not " + n);
      }
    }
    return end();
  }

  /** Cancelled while it runs; its consumer is told of each element that was emitted. */
  private static void noElementIsLost() throws Exception {
    TRACE.clear();
    GATES.clear();
    AsyncStream<Integer> stream = catching();
    Task<Integer> given = stream.next();
    onValue =
        () -> {
          given.cancel(true);
          onValue = () -> {};
        };
    gateAt(0).complete(1);
    check(!gateAt(1).isDone(), "it was told at its emit, has caught that, and reads on");
    check(stream.next().get(1, TimeUnit.MINUTES) == 1, "what was there stays there");
    gateAt(1).complete(2);
    check(!gateAt(2).isDone(), "it reads on");
    check(TRACE.equals(List.of("not 1", "not 2")), "nobody has asked for the second: " + TRACE);
    Task<Integer> third = stream.next();
    gateAt(2).complete(3);
    check(third.get(1, TimeUnit.MINUTES) == 3, "the third");
    Task<Integer> fourth = stream.next();
    gateAt(3).complete(4);
    check(fourth.get(1, TimeUnit.MINUTES) == 4, "the fourth");
    check(TRACE.get(2).equals("emitted 3"), "it has gone on after the third: " + TRACE);
    stream.closeAsync().get(1, TimeUnit.MINUTES);
    check(TRACE.get(3).equals("not 4"), "it was closed there: " + TRACE);
  }

  private static void misused(WorkStealingExecutor executor) throws Exception {
    TRACE.clear();
    GATES.clear();
    AsyncStream<Integer> stream = gated(1);
    Task<Integer> first = stream.next();
    check(
        stream.next().handle((n, error) -> error).join() instanceof IllegalStateException, "busy");
    GATES.get(0).complete(1);
    check(first.join() == 1, "the first is none the worse");
    Task<@Nullable Void> closing = stream.closeAsync();
    for (int i = 1; i < 3; i++) {
      gateAt(i).complete(0);
    }
    closing.join();
    check(executor.blockOn(GeneratorLife::readSwallowing) == 0, "the first one");
    check(TRACE.contains("swallowed 3"), "each emit of a closed generator throws: " + TRACE);
  }

  private static AsyncStream<String> names() {
    for (int i = 0; i < 3; i++) {
      String seen = NAME.get();
      NAME.enterWith("body");
      await(Async.yieldNow());
      emit(seen + "/" + NAME.get());
    }
    return end();
  }

  private static CompletableFuture<String> readNames() {
    String all = "";
    NAME.enterWith("first");
    AsyncStream<String> names = names();
    for (String name; (name = await(names.next())) != null; ) {
      all += name + " " + NAME.get() + " ";
      NAME.enterWith("next");
    }
    return CompletableFuture.completedFuture(all);
  }

  private static void locals(WorkStealingExecutor executor) throws Exception {
    String seen = executor.blockOn(GeneratorLife::readNames);
    check(seen.equals("first/body first next/body next next/body next "), "locals: " + seen);
  }

  /** A {@code next} that is cancelled by hand ends the body; the one after it waits for that. */
  private static void cancelledNext(WorkStealingExecutor executor) throws Exception {
    TRACE.clear();
    GATES.clear();
    AsyncStream<Integer> stream = gated(1);
    stream.next().cancel(false);
    Task<Integer> after = stream.next();
    check(!after.isFinished(), "the clean-up waits");
    gateAt(1).complete(0);
    gateAt(2).complete(0);
    check(
        after.handle((n, error) -> error).join() instanceof CancellationException,
        "it ends as the body does");
  }

  private static void check(boolean condition, String what) {
    if (!condition) {
      throw new AssertionError(what);
    }
  }
}
