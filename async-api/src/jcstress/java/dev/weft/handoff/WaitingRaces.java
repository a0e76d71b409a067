package dev.weft.handoff;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * Something is handed to one who waits, who is cancelled or halted at that moment. It goes one way,
 * and once. {@link WaitingWeakened} hands it over and withdraws too.
 */
public class WaitingRaces {
  private WaitingRaces() {}

  /** It is cancelled: it has it, or leaves it to the next. */
  @JCStressTest
  @Outcome(
      id = {"1, 0, 0", "0, 1, 0"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "handed over, withdrawn, given back")
  @State
  public static class HandOverAndCancel {
    private final Waiter waiter = new Waiter();

    @Actor
    public void owner(III_Result r) {
      r.r1 = waiter.handOver() ? 1 : 0;
    }

    @Actor
    public void canceller() {
      waiter.cancel(false);
    }

    @Arbiter
    public void count(III_Result r) {
      r.r2 = waiter.withdrawn();
      r.r3 = waiter.returned() + (waiter.isDone() ? 0 : 10);
    }
  }

  /** The method that awaits it is halted: it leaves it to the next, or gives it back. */
  @JCStressTest
  @Outcome(
      id = {"1, 0, 1", "0, 1, 0"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "handed over, withdrawn, given back")
  @State
  public static class HandOverAndAbandon {
    private final Waiter waiter = new Waiter();

    @Actor
    public void owner(III_Result r) {
      r.r1 = waiter.handOver() ? 1 : 0;
    }

    @Actor
    public void halted() {
      waiter.abandoned();
    }

    @Arbiter
    public void count(III_Result r) {
      r.r2 = waiter.withdrawn();
      r.r3 = waiter.returned();
    }
  }

  /** It is cancelled and halted while it is handed over. */
  @JCStressTest
  @Outcome(
      id = {"1, 1", "0, 0"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "handed over, given back")
  @State
  public static class HandOverCancelAndAbandon {
    private final Waiter waiter = new Waiter();

    @Actor
    public void owner(II_Result r) {
      r.r1 = waiter.handOver() ? 1 : 0;
    }

    @Actor
    public void canceller() {
      waiter.cancel(false);
    }

    @Actor
    public void halted() {
      waiter.abandoned();
    }

    @Arbiter
    public void count(II_Result r) {
      r.r2 = waiter.returned();
    }
  }
}
