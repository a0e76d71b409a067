package dev.weft.weaver.program;

import static dev.weft.Async.await;

import dev.weft.Task;
import java.lang.ref.WeakReference;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Holds a buffer of 10 MB in a local that is not used after an await, and tells whether it is
 * collected while the await lasts: at the first await of a call, at a later one, and in a frame
 * that needed it before.
 */
final class DeadBuffer {
  private static final AtomicReference<@Nullable WeakReference<byte[]>> SEEN =
      new AtomicReference<>();

  private DeadBuffer() {}

  public static void main(String[] arguments) throws Exception {
    Task<Integer> first = new Task<>();
    Task<Integer> second = new Task<>();
    Task<Integer> third = new Task<>();
    CompletableFuture<Integer> call = call(first, second, third);
    report("first");
    first.complete(1);
    report("second");
    second.complete(2);
    report("third");
    third.complete(3);
    System.out.println("the call ended with " + call.get(60, TimeUnit.SECONDS));
  }

  private static CompletableFuture<Integer> call(
      Task<Integer> first, Task<Integer> second, Task<Integer> third) {
    byte[] buffer = buffer();
    int sum = buffer.length;
    sum += await(first);
    byte[] another = buffer();
    buffer = another;
    sum += another.length;
    sum += await(second);
    byte[] kept = buffer();
    await(CompletableFuture.runAsync(() -> {})); // the frame holds it here
    sum += kept.length;
    sum += await(third);
    SEEN.set(null);
    return CompletableFuture.completedFuture(sum);
  }

  private static byte[] buffer() {
    byte[] buffer = new byte[10_000_000];
    SEEN.set(new WeakReference<>(buffer));
    return buffer;
  }

  private static void report(String await) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(120);
    boolean collected = false;
    WeakReference<byte[]> reported = null;
    while (!collected && System.nanoTime() < deadline) {
      System.gc();
      WeakReference<byte[]> seen = SEEN.get();
      if (seen != null && seen.get() == null) {
        reported = seen;
        collected = true;
      }
    }
    SEEN.compareAndSet(reported, null);
    System.out.println(await + (collected ? ": collected" : ": still held"));
  }
}
