package dev.weft.frame;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.weft.Task;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.L_Result;
import org.openjdk.jcstress.infra.results.ZL_Result;

/**
 * A chain of calls is cancelled while its innermost one parks or ends. The cancellation is told
 * once, to the innermost that waits, or goes up to who awaits the one that has ended; and nobody is
 * woken while what it awaits still runs. {@link ChainWeakened} loses it.
 */
public class ChainRaces {
  private ChainRaces() {}

  /** Two calls, and what the inner one may await. */
  abstract static class Setting {
    final CountingExecutor counting = new CountingExecutor();
    final Call outer = new Call(counting);
    final Call inner = new Call(counting);
    final Task<Integer> task = new Task<>();
  }

  /** The outer one is cancelled while the inner one parks. */
  @JCStressTest
  @Outcome(id = "told / waits", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "inner / outer")
  @State
  public static class InnerParksAndCancel extends Setting {
    public InnerParksAndCancel() {
      outer.parkOn(inner);
    }

    @Actor
    public void inner() {
      inner.parkOn(task);
    }

    @Actor
    public void canceller() {
      outer.cancel(true);
    }

    @Arbiter
    public void fates(L_Result r) {
      r.r1 = inner.fate() + " / " + outer.fate();
    }
  }

  /** The outer one is cancelled while it parks on the inner one. */
  @JCStressTest
  @Outcome(id = "told / waits", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "inner / outer")
  @State
  public static class OuterParksAndCancel extends Setting {
    public OuterParksAndCancel() {
      inner.parkOn(task);
    }

    @Actor
    public void outer() {
      outer.parkOn(inner);
    }

    @Actor
    public void canceller() {
      outer.cancel(true);
    }

    @Arbiter
    public void fates(L_Result r) {
      r.r1 = inner.fate() + " / " + outer.fate();
    }
  }

  /** The outer one is cancelled while the inner one's await completes. */
  @JCStressTest
  @Outcome(
      id = {"told / waits", "outcome, told / waits"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "inner / outer")
  @State
  public static class InnerIsWokenAndCancel extends Setting {
    public InnerIsWokenAndCancel() {
      inner.parkOn(task);
      outer.parkOn(inner);
    }

    @Actor
    public void completer() {
      task.complete(1);
    }

    @Actor
    public void canceller() {
      outer.cancel(true);
    }

    @Arbiter
    public void fates(L_Result r) {
      r.r1 = inner.fate() + " / " + outer.fate();
    }
  }

  /** The inner one ends with a value: the outer one gets that, and is told at its next await. */
  @JCStressTest
  @Outcome(id = "outcome, told", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "lost, or twice")
  @State
  public static class InnerEndsAndCancel extends Setting {
    public InnerEndsAndCancel() {
      outer.parkOn(inner);
    }

    @Actor
    public void inner() {
      inner.run();
    }

    @Actor
    public void canceller() {
      outer.cancel(true);
    }

    @Arbiter
    public void fate(L_Result r) {
      r.r1 = outer.fate();
    }
  }

  /** The inner one is woken, polled and ends: whoever has the token in hand finds it ended. */
  @JCStressTest
  @Outcome(id = "true, outcome", expect = ACCEPTABLE, desc = "the inner one was told")
  @Outcome(id = "false, outcome, told", expect = ACCEPTABLE, desc = "the outer one was")
  @Outcome(expect = FORBIDDEN, desc = "lost, or twice")
  @State
  public static class InnerIsWokenAndEndsAndCancel extends Setting {
    public InnerIsWokenAndEndsAndCancel() {
      inner.parkOn(task);
      outer.parkOn(inner);
    }

    @Actor
    public void inner() {
      task.complete(1);
      if (inner.wakeUps.get() == 1) {
        inner.run();
      }
    }

    @Actor
    public void canceller() {
      outer.cancel(true);
    }

    @Arbiter
    public void fate(ZL_Result r) {
      if (!inner.hasEnded()) {
        inner.run();
      }
      r.r1 = inner.told;
      r.r2 = outer.fate();
    }
  }

  /** The same where a third one awaits the outer one, and is cancelled. */
  @JCStressTest
  @Outcome(id = "outcome, told / waits", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "middle / outermost")
  @State
  public static class InnermostOfThreeEndsAndCancel extends Setting {
    private final Call outermost = new Call(counting);

    public InnermostOfThreeEndsAndCancel() {
      outermost.parkOn(outer);
      outer.parkOn(inner);
    }

    @Actor
    public void inner() {
      inner.run();
    }

    @Actor
    public void canceller() {
      outermost.cancel(true);
    }

    @Arbiter
    public void fates(L_Result r) {
      r.r1 = outer.fate() + " / " + outermost.fate();
    }
  }

  /** Both are cancelled: the innermost is told once, and the outer one is not woken before it. */
  @JCStressTest
  @Outcome(id = "told / waits", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "inner / outer")
  @State
  public static class CancelBoth extends Setting {
    public CancelBoth() {
      inner.parkOn(task);
      outer.parkOn(inner);
    }

    @Actor
    public void innerCanceller() {
      inner.cancel(true);
    }

    @Actor
    public void outerCanceller() {
      outer.cancel(true);
    }

    @Arbiter
    public void fates(L_Result r) {
      r.r1 = inner.fate() + " / " + outer.fate();
    }
  }

  /** The inner one was cancelled before and ends: the outer one's cancellation waits for that. */
  @JCStressTest
  @Outcome(id = "told", expect = ACCEPTABLE, desc = "in place of the other's cancellation")
  @Outcome(expect = FORBIDDEN, desc = "lost, or twice")
  @State
  public static class CancelledInnerEndsAndCancel extends Setting {
    public CancelledInnerEndsAndCancel() {
      outer.parkOn(inner);
      inner.cancel(true);
    }

    @Actor
    public void inner() {
      inner.run();
    }

    @Actor
    public void canceller() {
      outer.cancel(true);
    }

    @Arbiter
    public void fate(L_Result r) {
      r.r1 = outer.fate();
    }
  }

  /** The outer one was cancelled before, which the inner one has not seen; then that is as well. */
  @JCStressTest
  @Outcome(id = "outcome, told", expect = ACCEPTABLE, desc = "the value came first")
  @Outcome(id = "told", expect = ACCEPTABLE, desc = "in place of the other's cancellation")
  @Outcome(expect = FORBIDDEN, desc = "lost, or twice")
  @State
  public static class InnerEndsAndIsCancelled extends Setting {
    public InnerEndsAndIsCancelled() {
      outer.parkOn(inner);
      outer.cancel(true);
    }

    @Actor
    public void inner() {
      inner.run();
    }

    @Actor
    public void canceller() {
      inner.cancel(true);
    }

    @Arbiter
    public void fate(L_Result r) {
      r.r1 = outer.fate();
    }
  }

  /** Somebody gives the inner one another outcome while its body ends. */
  @JCStressTest
  @Outcome(id = "outcome, told", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "lost, or twice")
  @State
  public static class InnerEndsAndIsCompleted extends Setting {
    public InnerEndsAndIsCompleted() {
      outer.parkOn(inner);
      outer.cancel(true);
    }

    @Actor
    public void inner() {
      inner.run();
    }

    @Actor
    public void completer() {
      inner.complete(2);
    }

    @Arbiter
    public void fate(L_Result r) {
      r.r1 = outer.fate();
    }
  }

  /** A call that has its outcome ends while somebody comes to await it. */
  @JCStressTest
  @Outcome(id = "outcome", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "lost, or twice")
  @State
  public static class CancelledInnerEndsAndOuterParks extends Setting {
    public CancelledInnerEndsAndOuterParks() {
      inner.cancel(true);
    }

    @Actor
    public void inner() {
      inner.run();
    }

    @Actor
    public void outer() {
      outer.parkOn(inner);
    }

    @Arbiter
    public void fate(L_Result r) {
      r.r1 = outer.fate();
    }
  }

  /** Nobody awaits a call when its caller goes on; it ends, and is not counted any more. */
  @JCStressTest
  @Outcome(id = "0, 1", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "calls left, how many there were")
  @State
  public static class DetachAndEnd extends Setting {
    @Actor
    public void caller() {
      inner.detach();
    }

    @Actor
    public void inner() {
      inner.run();
    }

    @Arbiter
    public void left(II_Result r) {
      r.r1 = counting.detached.size();
      r.r2 = (int) counting.detached.begun();
    }
  }

  /** Its last awaiter lets go of it at that moment, too; others are entered beside it. */
  @JCStressTest
  @Outcome(id = "1, 2", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "calls left, how many there were")
  @State
  public static class DetachTwiceAndEnd extends Setting {
    @Actor
    public void caller() {
      inner.detach();
    }

    @Actor
    public void other() {
      outer.detach();
      inner.detach();
      inner.run();
    }

    @Arbiter
    public void left(II_Result r) {
      r.r1 = counting.detached.size();
      r.r2 = (int) counting.detached.begun();
    }
  }
}
