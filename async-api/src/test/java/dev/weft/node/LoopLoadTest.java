package dev.weft.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.frame.Carrier;
import dev.weft.node.loop.EventLoop;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.Test;

/** Great numbers of timers, immediates and ticks: nothing is kept, and the order is. */
class LoopLoadTest {
  private static final int MANY = 1_000_000;

  @Test
  void aMillionTimersSetAndClearedLeaveNothing() {
    long seed = ThreadLocalRandom.current().nextLong();
    System.out.println("seed " + seed);
    Random random = new Random(seed);
    List<WeakReference<Object>> captured = new ArrayList<>();
    String order =
        NodeScript.run(
            it -> {
              it.timeout("first", 3);
              Timeout[] timers = new Timeout[MANY];
              for (int i = 0; i < MANY; i++) {
                Object payload = new Object();
                if (i % 1000 == 0) {
                  captured.add(new WeakReference<>(payload));
                }
                timers[i] =
                    it.node()
                        .setTimeout(() -> it.log("never" + payload), 1 + random.nextInt(60_000));
              }
              it.timeout("second", 5);
              for (Timeout timer : timers) {
                timer.clear();
              }
              it.timeout("third", 5);
              EventLoop loop = (EventLoop) Carrier.current();
              it.node()
                  .setTimeout(
                      () ->
                          it.node()
                              .setImmediate(() -> it.log("" + loop.phases().timers().isEmpty())),
                      7);
            });

    assertThat(order).isEqualTo("first second third true");
    assertThat(captured).hasSize(MANY / 1000).allMatch(LoopLoadTest::isCollected);
  }

  /** Waits for as long as a collector may take; the test's own time limit is the bound. */
  private static boolean isCollected(WeakReference<Object> reference) {
    while (reference.get() != null) {
      System.gc();
    }
    return true;
  }

  @Test
  void timersThatAreClearedOneByOneNeverPileUp() {
    String order =
        NodeScript.run(
            it -> {
              for (int i = 0; i < MANY; i++) {
                it.node().setTimeout(() -> it.log("never"), 1 + i % 50).clear();
              }
              EventLoop loop = (EventLoop) Carrier.current();
              it.log("" + loop.phases().timers().isEmpty());
            });

    assertThat(order).isEqualTo("true");
  }

  @Test
  void aHundredThousandImmediatesPerIterationKeepTheirOrder() {
    int immediates = 100_000;
    int iterations = 10;
    int[] next = {0};
    String order =
        NodeScript.run(
            it -> {
              for (int i = 0; i < immediates; i++) {
                setAgain(it, i, iterations, next);
              }
            });

    assertThat(order).isEmpty(); // else it says which came out of order
    assertThat(next[0]).isEqualTo(immediates * iterations);
  }

  private static void setAgain(NodeScript it, int number, int left, int[] next) {
    if (left > 0) {
      it.node()
          .setImmediate(
              () -> {
                if (next[0]++ % 100_000 != number) {
                  it.log(number + " out of order");
                }
                setAgain(it, number, left - 1, next);
              });
    }
  }

  @Test
  void recursionOfTicksAndOfMicrotasksTakesNoMemory() {
    String order =
        NodeScript.run(
            it -> {
              EventLoop loop = (EventLoop) Carrier.current();
              int room = loop.turn().microtasks().capacity();
              int[] left = {2 * MANY};
              Runnable[] again = new Runnable[2];
              again[0] =
                  () -> {
                    if (--left[0] > 0) {
                      it.node().nextTick(again[1]);
                    }
                  };
              again[1] =
                  () -> {
                    if (--left[0] > 0) {
                      it.node().queueMicrotask(again[0]);
                    }
                  };
              it.node().nextTick(again[0]);
              it.node()
                  .setImmediate(
                      () -> it.log(left[0] + " " + (loop.turn().microtasks().capacity() == room)));
            });

    assertThat(order).isEqualTo("0 true");
  }
}
