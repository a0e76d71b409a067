package dev.weft.weaver.program;

import static dev.weft.Async.await;
import static dev.weft.stream.AsyncStream.emit;
import static dev.weft.stream.AsyncStream.end;

import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.frame.Whereabouts;
import dev.weft.stream.AsyncStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Asks where a task hangs that waits for a generator, which waits for something that never comes.
 */
final class GeneratorPlaces {
  private static final int ELEMENTS = 3;

  private static volatile Task<Integer> gate = new Task<>();
  private static volatile int line;

  private GeneratorPlaces() {}

  public static void main(String[] arguments) throws Exception {
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().workers(1).build()) {
      hangs(executor, numbers());
      hangs(executor, numbers().map(n -> n + 1).filter(n -> n > 0));
      hangs(executor, doubled(numbers()));
    }
    System.out.println("as it should be");
  }

  private static void hangs(WorkStealingExecutor executor, AsyncStream<Integer> stream)
      throws Exception {
    gate = new Task<>();
    line = -1; // until the generator is there
    Task<Integer> task = executor.spawn(() -> total(stream));
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    String place;
    do {
      place = Whereabouts.of(task);
      if (System.nanoTime() > deadline) {
        throw new AssertionError(place + ", and not at line " + line);
      }
      Thread.onSpinWait();
    } while (!place.contains("GeneratorPlaces.numbers(GeneratorPlaces.java:" + line + ")"));
    gate.complete(1);
    task.get(1, TimeUnit.MINUTES);
  }

  private static AsyncStream<Integer> numbers() {
    for (int i = 0; i < ELEMENTS; i++) {
      if (i == ELEMENTS - 1) {
        await(gateFromHere());
      }
      emit(i);
    }
    return end();
  }

  private static AsyncStream<Integer> doubled(AsyncStream<Integer> numbers) {
    try (numbers) {
      for (Integer n; (n = await(numbers.next())) != null; ) {
        emit(2 * n);
      }
    }
    return end();
  }

  private static Task<Integer> gateFromHere() {
    line =
        StackWalker.getInstance()
            .walk(callers -> callers.skip(1).findFirst())
            .orElseThrow()
            .getLineNumber();
    return gate;
  }

  private static CompletableFuture<Integer> total(AsyncStream<Integer> numbers) {
    int total = 0;
    try (numbers) {
      for (Integer n; (n = await(numbers.next())) != null; ) {
        total += n;
      }
    }
    return CompletableFuture.completedFuture(total);
  }
}
