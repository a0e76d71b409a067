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

/** {@link ParkingRaces} without what it rests on. All of them must fail. */
public class ParkingWeakened {
  private ParkingWeakened() {}

  /** Where the frame stands, and the token: as in {@link Cancellation}, for one frame. */
  abstract static class Protocol {
    final AtomicInteger token = new AtomicInteger();
    final AtomicInteger slot = new AtomicInteger();
    final AtomicInteger wakeUps = new AtomicInteger();

    void deliver() {
      if (token.compareAndSet(1, 0)) {
        if (slot.compareAndSet(1, 0)) {
          wakeUps.incrementAndGet();
        } else {
          token.set(1);
        }
      }
    }
  }

  /** Who parks does not look for a token that came before. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "wake-ups")
  @State
  public static class ParkWithoutLook extends Protocol {
    @Actor
    public void frame() {
      slot.set(1);
    }

    @Actor
    public void canceller() {
      token.set(1);
      deliver();
    }

    @Arbiter
    public void wakeUps(I_Result r) {
      r.r1 = wakeUps.get();
    }
  }

  /** The canceller puts the token back and goes, though the frame looked while it was away. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "wake-ups")
  @State
  public static class PutBackWithoutLook extends Protocol {
    @Actor
    public void frame() {
      slot.set(1);
      deliver();
    }

    @Actor
    public void canceller() {
      token.set(1);
      deliver();
    }

    @Arbiter
    public void wakeUps(I_Result r) {
      r.r1 = wakeUps.get();
    }
  }

  /** The token is taken once more though what was to end has been asked already. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "1: told by the end of what was asked")
  @State
  public static class TakeAlthoughAsked extends Protocol {
    private final AtomicInteger told = new AtomicInteger();

    public TakeAlthoughAsked() {
      token.set(1);
      slot.set(1);
    }

    private void ask() {
      if (token.compareAndSet(1, 0)) {
        token.set(1);
        if (slot.compareAndSet(1, 0) && token.compareAndSet(1, 0)) { // ended, and goes on
          told.set(1);
        }
      }
    }

    @Actor
    public void frame() {
      ask();
    }

    @Actor
    public void canceller() {
      ask();
    }

    @Arbiter
    public void told(I_Result r) {
      r.r1 = told.get();
    }
  }

  /** Who takes an idle waiter does not look whether it was called before. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "wake-ups")
  @State
  public static class IdleWaiterWithoutLook extends Protocol {
    @Actor
    public void frame() {
      slot.set(1);
    }

    @Actor
    public void completer() {
      wakeUps.addAndGet(slot.getAndSet(0));
    }

    @Arbiter
    public void wakeUps(I_Result r) {
      r.r1 = wakeUps.get();
    }
  }
}
