package dev.weft.scheduler.queue;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * The protocols of {@link LocalQueueRaces}, each without what it rests on. All of them must fail.
 */
public class LocalQueueWeakened {
  private LocalQueueWeakened() {}

  /** The owner moves {@code head} without a compare-and-set. */
  @JCStressTest
  @Outcome(
      id = {"1, 0", "0, 1"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "lost or doubled")
  @State
  public static class PopWithoutCas {
    private final AtomicInteger head = new AtomicInteger();
    private final int tail = 1;
    private final int[] ring = {1, 0, 0, 0};

    @Actor
    public void owner(II_Result r) {
      int at = head.get();
      if (at != tail) {
        r.r1 = ring[at];
        head.set(at + 1);
      }
    }

    @Actor
    public void thief(II_Result r) {
      int at = head.get();
      if (at != tail) {
        int stolen = ring[at];
        if (head.compareAndSet(at, at + 1)) {
          r.r2 = stolen;
        }
      }
    }
  }

  /** The thief moves {@code head} first and copies then. */
  @JCStressTest
  @Outcome(
      id = {"1", "0"},
      expect = ACCEPTABLE,
      desc = "the first frame, or too late for it")
  @Outcome(expect = FORBIDDEN, desc = "a later one in its slot")
  @State
  public static class CopyAfterCas {
    private final AtomicInteger head = new AtomicInteger();
    private final int[] ring = {1, 2};

    @Actor
    public void owner() {
      if (head.get() == 1) { // there is room for one more
        ring[0] = 3;
      }
    }

    @Actor
    public void thief(I_Result r) {
      if (head.compareAndSet(0, 1)) {
        r.r1 = ring[0];
      }
    }
  }

  /** The owner takes from the LIFO slot by a load and a store. */
  @JCStressTest
  @Outcome(
      id = {"1, 0", "0, 1"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "doubled")
  @State
  public static class LifoWithoutExchange {
    private final AtomicInteger slot = new AtomicInteger(1);

    @Actor
    public void owner(II_Result r) {
      r.r1 = slot.get();
      slot.set(0);
    }

    @Actor
    public void thief(II_Result r) {
      int seen = slot.get();
      if (seen != 0 && slot.compareAndSet(seen, 0)) {
        r.r2 = seen;
      }
    }
  }
}
