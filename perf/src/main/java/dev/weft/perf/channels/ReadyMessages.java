package dev.weft.perf.channels;

import dev.weft.Task;
import dev.weft.frame.Await;
import dev.weft.sync.Mpsc;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * <b>Question:</b> what do a send and a receive cost together where there is room, and then a
 * message? In time and, with {@code -prof gc}, in bytes. An await of a ready task is what woven
 * code makes of it.
 *
 * <p><b>What would change the answer:</b> threads that want the same channel at the same moment.
 *
 * <p><b>What it does not show:</b> what waiting costs; {@link RingOfTasks} does.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
@State(Scope.Thread)
public class ReadyMessages {
  private static final String MESSAGE = "message";

  private final Mpsc<String> bounded = Mpsc.bounded(16);
  private final Mpsc<String> unbounded = Mpsc.unbounded();
  private final ArrayBlockingQueue<String> queue = new ArrayBlockingQueue<>(16);

  private static <T extends @Nullable Object> T awaited(Task<T> task) {
    if (!Await.isReady(task)) {
      throw new AssertionError("not ready");
    }
    return Await.take(task);
  }

  /** A channel with a bound. */
  @Benchmark
  public @Nullable String weft() {
    awaited(bounded.sender().send(MESSAGE));
    return awaited(bounded.receiver().receive());
  }

  /** A channel without. */
  @Benchmark
  public @Nullable String weftUnbounded() {
    awaited(unbounded.sender().send(MESSAGE));
    return awaited(unbounded.receiver().receive());
  }

  /** The JDK's. */
  @Benchmark
  public String arrayBlockingQueue() throws InterruptedException {
    queue.put(MESSAGE);
    return queue.take();
  }
}
