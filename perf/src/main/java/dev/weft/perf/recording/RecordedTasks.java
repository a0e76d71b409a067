package dev.weft.perf.recording;

import static dev.weft.Async.await;

import dev.weft.Async;
import dev.weft.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The async methods that are recorded. Woven by this module's build. */
final class RecordedTasks {
  /** What one of two tasks waits for, and the other one completes. On one thread. */
  private static final class Turn {
    private @Nullable Task<@Nullable Void> awaited;

    Task<@Nullable Void> next() {
      Task<@Nullable Void> turn = new Task<>();
      awaited = turn;
      return turn;
    }

    void comes() {
      Task<@Nullable Void> turn = awaited;
      awaited = null;
      if (turn != null) {
        turn.complete(null);
      }
    }
  }

  private RecordedTasks() {}

  /** Two tasks that wake each other, so many times each. */
  static CompletableFuture<@Nullable Void> bothSides(int times) {
    Turn ping = new Turn();
    Turn pong = new Turn();
    Task<@Nullable Void> other = Async.spawn(() -> side(ping, pong, times));
    await(side(pong, ping, times));
    return other;
  }

  private static CompletableFuture<@Nullable Void> side(Turn mine, Turn others, int times) {
    for (int i = 0; i < times; i++) {
      Task<@Nullable Void> turn = mine.next();
      others.comes();
      await(turn);
    }
    others.comes(); // who was first to wait waits once more
    return Async.done();
  }

  /** Spawns tasks that end at once, and awaits them. */
  static CompletableFuture<@Nullable Void> spawns(int tasks) {
    List<Task<@Nullable Void>> all = new ArrayList<>(tasks);
    for (int i = 0; i < tasks; i++) {
      all.add(Async.spawn(Async::done));
    }
    for (Task<@Nullable Void> task : all) {
      await(task);
    }
    return Async.done();
  }
}
