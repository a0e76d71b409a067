package dev.weft.perf.scheduler;

import static dev.weft.Async.await;

import dev.weft.Async;
import dev.weft.Task;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The async methods of these benchmarks. Woven by this module's build. */
final class WeftTasks {
  private WeftTasks() {}

  /** Lets the others run a number of times. */
  static CompletableFuture<@Nullable Void> yields(int times) {
    for (int i = 0; i < times; i++) {
      await(Async.yieldNow());
    }
    return Async.done();
  }

  /** Yields and burns CPU in turn. */
  static CompletableFuture<@Nullable Void> yieldsAndStalls(BooleanSupplier goOn) {
    while (goOn.getAsBoolean()) {
      await(Async.yieldNow());
      Stall.tenMicroseconds();
    }
    return Async.done();
  }

  /** Waits for all tasks, one after the other. */
  static CompletableFuture<@Nullable Void> all(List<Task<@Nullable Void>> tasks) {
    for (Task<@Nullable Void> task : tasks) {
      await(task);
    }
    return Async.done();
  }

  /** Starts a partner, wakes it and is woken by it. */
  static CompletableFuture<@Nullable Void> ping(Done done) {
    Task<@Nullable Void> ping = new Task<>();
    Task<@Nullable Void> pong = new Task<>();
    Async.spawn(() -> pong(ping, pong));
    ping.complete(null);
    await(pong);
    done.one();
    return Async.done();
  }

  private static CompletableFuture<@Nullable Void> pong(
      Task<@Nullable Void> ping, Task<@Nullable Void> pong) {
    await(ping);
    pong.complete(null);
    return Async.done();
  }

  /** Sends messages, and awaits the answer to each. */
  static CompletableFuture<@Nullable Void> sends(
      List<Task<@Nullable Void>> messages,
      List<Task<@Nullable Void>> answers,
      StealableSlot.Way way,
      Done done) {
    for (int i = 0; i < messages.size(); i++) {
      way.send(messages.get(i));
      await(answers.get(i));
    }
    done.one();
    return Async.done();
  }

  /** The partner. */
  static CompletableFuture<@Nullable Void> answers(
      List<Task<@Nullable Void>> messages,
      List<Task<@Nullable Void>> answers,
      StealableSlot.Way way) {
    for (int i = 0; i < messages.size(); i++) {
      await(messages.get(i));
      way.send(answers.get(i));
    }
    return Async.done();
  }

  /** Starts a short task every millisecond or so. */
  static CompletableFuture<@Nullable Void> startsAtAPace(int times, Done done) {
    for (int i = 0; i < times; i++) {
      await(Async.sleep(StealableSlot.PERIOD));
      Async.spawn(
          () -> {
            StealableSlot.handle(StealableSlot.TASK_TURNS);
            done.one();
            return Async.done();
          });
    }
    return Async.done();
  }
}
