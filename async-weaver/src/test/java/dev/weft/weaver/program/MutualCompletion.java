package dev.weft.weaver.program;

import static dev.weft.Async.await;

import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * Two tasks, each on a thread of its own, complete each other's futures round after round: each
 * completion races with the await of the same future.
 *
 * <p>Arguments: {@code task} or {@code plain}, the number of rounds.
 */
final class MutualCompletion {
  private MutualCompletion() {}

  /** The result of a future is the future that its completer will await in the next round. */
  private record Note(CompletableFuture<Note> reply) {}

  public static void main(String[] arguments) throws Exception {
    int rounds = Integer.parseInt(arguments[1]);
    Supplier<CompletableFuture<Note>> futures =
        arguments[0].equals("task") ? Task::new : CompletableFuture::new;
    CompletableFuture<Note> ping = futures.get();
    CompletableFuture<Note> pong = futures.get();
    long start = System.nanoTime();
    try (WorkStealingExecutor one = WorkStealingExecutor.builder().workers(1).build();
        WorkStealingExecutor two = WorkStealingExecutor.builder().workers(1).build()) {
      Task<Integer> first = one.spawn(() -> play(futures, ping, pong, rounds));
      Task<Integer> second = two.spawn(() -> play(futures, pong, ping, rounds));
      int sum = first.get() + second.get();
      System.err.println((System.nanoTime() - start) / 1_000_000 + " ms");
      System.out.println("played " + sum + " rounds");
    }
  }

  private static CompletableFuture<Integer> play(
      Supplier<CompletableFuture<Note>> futures,
      CompletableFuture<Note> mine,
      CompletableFuture<Note> theirs,
      int rounds) {
    int played = 0;
    while (played < rounds) {
      CompletableFuture<Note> next = futures.get();
      theirs.complete(new Note(next));
      theirs = await(mine).reply();
      mine = next;
      played++;
    }
    return CompletableFuture.completedFuture(played);
  }
}
