package dev.weft.weaver.program;

import static dev.weft.Async.await;
import static dev.weft.stream.AsyncStream.emit;
import static dev.weft.stream.AsyncStream.end;

import com.sun.management.ThreadMXBean;
import dev.weft.Async;
import dev.weft.WorkStealingExecutor;
import dev.weft.stream.AsyncStream;
import java.lang.management.ManagementFactory;
import java.util.concurrent.CompletableFuture;

/**
 * Reads a generator of many elements, on one worker, and counts what that allocates there.
 *
 * <p>Arguments: {@code ready} or {@code suspending}, the number of elements.
 */
final class GeneratedElements {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final String ELEMENT = "element";

  private GeneratedElements() {}

  public static void main(String[] arguments) throws Exception {
    boolean suspends = arguments[0].equals("suspending");
    long count = Long.parseLong(arguments[1]);
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().workers(1).build()) {
      executor.blockOn(() -> read(suspends, 20_000)); // loads and links
      long start = System.nanoTime();
      long bytes = executor.blockOn(() -> read(suspends, count));
      System.err.println((System.nanoTime() - start) / 1_000_000 + " ms, " + bytes + " bytes");
      System.out.println(
          "read " + count + " elements, " + (bytes < 100_000 ? "no" : bytes) + " bytes for each");
    }
  }

  private static AsyncStream<String> elements(boolean suspends, long count) {
    for (long i = 0; i < count; i++) {
      if (suspends) {
        await(Async.yieldNow());
      }
      emit(ELEMENT);
    }
    return end();
  }

  /** The bytes that its thread has allocated meanwhile. */
  private static CompletableFuture<Long> read(boolean suspends, long count) {
    long before = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
    long read = 0;
    try (AsyncStream<String> elements = elements(suspends, count)) {
      while (await(elements.next()) != null) {
        read++;
      }
    }
    if (read != count) {
      throw new AssertionError("read " + read + " elements of " + count);
    }
    return CompletableFuture.completedFuture(
        THREADS.getThreadAllocatedBytes(Thread.currentThread().getId()) - before);
  }
}
