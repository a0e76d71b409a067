package dev.weft.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.weft.frame.Await;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** Elements that are ready go through operators without an allocation. */
class AllocationTest {
  private static final int WARM_UP = 50_000;
  private static final int COUNT = 1_000_000;

  /** A number that is there already, again and again. */
  private static AsyncStream<Integer> ones() {
    Integer one = 1;
    return AsyncStream.from(
        new Iterator<Integer>() {
          @Override
          public boolean hasNext() {
            return true;
          }

          @Override
          public Integer next() {
            return one;
          }
        });
  }

  private static double bytesPerElement(Supplier<AsyncStream<Integer>> made) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().getId();
    AsyncStream<Integer> stream = made.get();
    take(stream, WARM_UP);
    long before = threads.getThreadAllocatedBytes(id);
    take(stream, COUNT);
    return (threads.getThreadAllocatedBytes(id) - before) / (double) COUNT;
  }

  /** As a woven method awaits them. */
  private static void take(AsyncStream<Integer> stream, int count) {
    for (int n = 0; n < count; n++) {
      var next = stream.next();
      if (!Await.isReady(next) || Await.take(next) == null) {
        throw new AssertionError("not ready");
      }
    }
  }

  @Test
  void readyElementsCostNone() {
    List<Supplier<AsyncStream<Integer>>> pipelines = new ArrayList<>();
    pipelines.add(AllocationTest::ones);
    pipelines.add(() -> ones().map(n -> n));
    pipelines.add(() -> ones().filter(n -> n == 1).take(Long.MAX_VALUE).takeWhile(n -> n == 1));
    int[] seen = {0};
    pipelines.add(() -> ones().filter(n -> ++seen[0] % 3 == 0).map(n -> n).skip(5).map(n -> n));
    for (Supplier<AsyncStream<Integer>> pipeline : pipelines) {
      assertThat(bytesPerElement(pipeline)).isLessThan(0.1); // what belongs to the JVM's own
    }
  }
}
