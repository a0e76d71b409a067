package dev.weft.scheduler.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.frame.Frame;
import dev.weft.scheduler.metrics.WorkerCounters;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.RepeatedTest;

/**
 * Every frame comes out exactly once, however owner and thieves race. The rings have four slots, so
 * that they overflow and wrap round all the time.
 */
class QueueStressTest {
  private static final int FRAMES = 200_000;

  private final long seed = System.nanoTime();
  private final AtomicIntegerArray seen = new AtomicIntegerArray(FRAMES);
  private final AtomicInteger left = new AtomicInteger(FRAMES);

  private void take(Frame<?> frame) {
    seen.incrementAndGet(NumberedFrame.of(frame));
    left.decrementAndGet();
  }

  private void assertEachOnce() {
    System.out.println("seed " + seed);
    for (int i = 0; i < FRAMES; i++) {
      assertThat(seen.get(i)).as("frame %d, seed %d", i, seed).isOne();
    }
  }

  @RepeatedTest(5)
  void localQueuesWithThieves() throws Exception {
    LocalQueue victim = new LocalQueue(4);
    run(
        () -> {
          Random random = new Random(seed);
          for (int pushed = 0; left.get() > 0; ) {
            for (int i = random.nextInt(8); i > 0 && pushed < FRAMES; i--) {
              victim.push(new NumberedFrame(pushed++));
            }
            for (int i = random.nextInt(8); i > 0; i--) {
              Frame<?> frame = victim.pop();
              if (frame != null) {
                take(frame);
              }
            }
            if (random.nextInt(64) == 0 && victim.size() == 0) {
              victim.clearStale();
            }
          }
        },
        () -> steal(victim),
        () -> steal(victim));
    assertEachOnce();
  }

  private void steal(LocalQueue victim) {
    LocalQueue own = new LocalQueue(4);
    while (left.get() > 0) {
      Frame<?> frame = victim.stealInto(own);
      for (; frame != null; frame = own.pop()) {
        take(frame);
      }
    }
  }

  @RepeatedTest(3)
  void workersThatStealFromEachOther() throws Exception {
    int workers = 3;
    LocalQueue[] queues = new LocalQueue[workers];
    Runnable[] runs = new Runnable[workers];
    for (int w = 0; w < workers; w++) {
      queues[w] = new LocalQueue(4);
    }
    AtomicInteger next = new AtomicInteger();
    for (int w = 0; w < workers; w++) {
      int self = w;
      runs[w] =
          () -> {
            Random random = new Random(seed + self);
            while (left.get() > 0) {
              for (int i = random.nextInt(10); i > 0; i--) {
                int number = next.getAndIncrement();
                if (number < FRAMES) {
                  queues[self].push(new NumberedFrame(number));
                }
              }
              for (Frame<?> frame;
                  random.nextInt(10) > 0 && (frame = queues[self].pop()) != null; ) {
                take(frame);
              }
              if (queues[self].size() == 0) {
                Frame<?> frame = queues[(self + 1) % workers].stealInto(queues[self]);
                if (frame != null) {
                  take(frame);
                }
              }
            }
          };
    }
    run(runs);
    assertEachOnce();
  }

  @RepeatedTest(5)
  void injectionQueueWithManyOnBothSides() throws Exception {
    InjectionQueue injection = new InjectionQueue();
    AtomicInteger next = new AtomicInteger();
    Runnable producer =
        () -> {
          for (int number; (number = next.getAndIncrement()) < FRAMES; ) {
            injection.push(new NumberedFrame(number));
          }
        };
    Runnable consumer =
        () -> {
          LocalQueue own = new LocalQueue(4);
          Random random = new Random(seed);
          while (left.get() > 0) {
            Frame<?> frame =
                random.nextBoolean()
                    ? injection.poll()
                    : injection.drainInto(own, 10, new WorkerCounters());
            for (; frame != null; frame = own.pop()) {
              take(frame);
            }
          }
        };
    run(producer, producer, consumer, consumer);
    assertEachOnce();
    assertThat(injection.isEmpty()).isTrue();
  }

  @RepeatedTest(3)
  void injectionQueueThatIsDrainedByEveryPusher() throws Exception {
    // As after the executor's end: who pushes then drains, or relies on another who does.
    InjectionQueue injection = new InjectionQueue();
    AtomicInteger next = new AtomicInteger();
    Runnable pusher =
        () -> {
          for (int number; (number = next.getAndIncrement()) < FRAMES; ) {
            injection.push(new NumberedFrame(number));
            injection.drain(this::take);
          }
        };
    run(pusher, pusher, pusher);
    assertThat(left).hasValue(0);
    assertEachOnce();
  }

  private static void run(Runnable... runs) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(runs.length);
    CountDownLatch start = new CountDownLatch(runs.length);
    List<Future<?>> ends = new ArrayList<>();
    for (Runnable run : runs) {
      ends.add(
          threads.submit(
              () -> {
                start.countDown();
                start.await();
                run.run();
                return null;
              }));
    }
    for (Future<?> end : ends) {
      end.get();
    }
    threads.shutdown();
  }
}
