package dev.weft.frame;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.weft.handoff.Lent;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.LI_Result;

/**
 * A call ends with the value of an operation, and the method that awaits it is halted. The value is
 * given back once, or somebody else has it. {@link ClaimWeakened} gives it back twice.
 */
public class ClaimRaces {
  private ClaimRaces() {}

  /** A call whose body ends with the value when it is polled. */
  abstract static class Setting {
    final Lent operation = Lent.done();
    final Call call = new Call(new CountingExecutor(), operation);
  }

  /** The call has ended; its value is asked for while the method is halted. */
  @JCStressTest
  @Outcome(
      id = {"1, 0", "given back, 1"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "what was got, how often it was given back")
  @State
  public static class JoinAndAbandon extends Setting {
    public JoinAndAbandon() {
      call.run();
    }

    @Actor
    public void thread(LI_Result r) {
      try {
        r.r1 = call.join();
      } catch (CancellationException e) {
        r.r1 = "given back";
      }
    }

    @Actor
    public void halted() {
      Lent.abandoned(call);
    }

    @Arbiter
    public void count(LI_Result r) {
      r.r2 = operation.returned();
    }
  }

  /**
   * A stage is derived while the call ends, whose method is halted, or cancelled and ends with it.
   */
  @JCStressTest
  @Outcome(id = "2, 0", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "what the stage has, how often it was given back")
  @State
  public static class DeriveAndEnd extends Setting {
    private CompletableFuture<Integer> derived;

    @Actor
    public void thread() {
      derived = call.thenApply(value -> value + 1);
    }

    @Actor
    public void worker() {
      call.run();
    }

    @Arbiter
    public void halt(II_Result r) {
      Lent.claimedInVain(call);
      Lent.abandoned(call);
      r.r1 = derived.getNow(-1);
      r.r2 = operation.returned();
    }
  }

  /** Somebody gives the call another outcome while it ends. */
  @JCStressTest
  @Outcome(
      id = {"1", "5"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "the outcome; tens for what was given back more than once")
  @State
  public static class CompleteAndEnd extends Setting {
    @Actor
    public void thread() {
      call.complete(5);
    }

    @Actor
    public void worker() {
      call.run();
    }

    @Arbiter
    public void halt(I_Result r) {
      int outcome = call.getNow(-1);
      Lent.abandoned(call);
      r.r1 = outcome + 10 * (operation.returned() - 1);
    }
  }

  /** Two that have waited for it are halted. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "how often it was given back")
  @State
  public static class AbandonAndAbandon extends Setting {
    public AbandonAndAbandon() {
      call.run();
    }

    @Actor
    public void halted() {
      Lent.abandoned(call);
    }

    @Actor
    public void haltedToo() {
      Lent.abandoned(call);
    }

    @Arbiter
    public void count(I_Result r) {
      r.r1 = operation.returned();
    }
  }

  /** The two methods that await an operation are cancelled. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "0: the operation goes on, and nobody waits for it")
  @State
  public static class CancelAndCancel {
    private final CountingExecutor counting = new CountingExecutor();
    private final Lent operation = new Lent();
    private final Call one = new Call(counting);
    private final Call other = new Call(counting);

    public CancelAndCancel() {
      one.parkOn(operation);
      other.parkOn(operation);
    }

    @Actor
    public void canceller() {
      one.cancel(true);
    }

    @Actor
    public void otherCanceller() {
      other.cancel(true);
    }

    @Arbiter
    public void look(I_Result r) {
      r.r1 = operation.isCancelled() ? 1 : 0;
    }
  }
}
