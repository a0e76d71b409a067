package dev.weft.frame;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** {@link WaiterSlotRaces} without what it rests on. All of them must fail. */
public class WaiterSlotWeakened {
  private WaiterSlotWeakened() {}

  /** Plain accesses: the completer and the frame each store, and load what the other stores. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "wake-ups")
  @State
  public static class PlainSlot {
    private int result;
    private int waiter;
    private final AtomicInteger owed = new AtomicInteger(1);
    private final AtomicInteger wakeUps = new AtomicInteger();

    @Actor
    public void frame() {
      waiter = 1;
      if (result == 1) {
        wakeUps.addAndGet(owed.getAndSet(0));
      }
    }

    @Actor
    public void completer() {
      result = 1;
      if (waiter == 1) {
        wakeUps.addAndGet(owed.getAndSet(0));
      }
    }

    @Arbiter
    public void wakeUps(I_Result r) {
      r.r1 = wakeUps.get();
    }
  }

  /** The frame is taken out of the slot by a load and a store. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "wake-ups")
  @State
  public static class TakenWithoutCas {
    private volatile int waiter = 1;
    private final AtomicInteger wakeUps = new AtomicInteger();

    private void wake() {
      if (waiter == 1) {
        waiter = 0;
        wakeUps.incrementAndGet();
      }
    }

    @Actor
    public void canceller() {
      wake();
    }

    @Actor
    public void completer() {
      wake();
    }

    @Arbiter
    public void wakeUps(I_Result r) {
      r.r1 = wakeUps.get();
    }
  }
}
