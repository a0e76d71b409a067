package dev.weft.frame;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.weft.Task;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * A frame is linked to its root (see {@link LinkedFrames}) while one of them is cancelled,
 * completed, awaited or derived from. {@link LinkingWeakened} loses it.
 */
public class LinkingRaces {
  private static final VarHandle HELD;

  static {
    try {
      HELD =
          MethodHandles.privateLookupIn(LinkedFrames.class, MethodHandles.lookup())
              .findVarHandle(LinkedFrames.class, "held", List.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private LinkingRaces() {}

  /**
   * The tail is under way, and will end with a task that is open; the root forwards the tail, and
   * an outer call awaits the root.
   */
  abstract static class Tail {
    final CountingExecutor counting = new CountingExecutor();
    final Task<Integer> task = new Task<>();
    final Call tail = new Call(counting, task);
    final Call root = new Call(counting, tail);
    final Call outer = new Call(counting);

    Tail() {
      root.run();
      outer.parkOn(root);
    }

    /** Ends it all: what became of the root, of the tail, and of who awaits the root. */
    String ends() {
      boolean alone = tail.wakeUps.get() == 1; // it was told before it ended, and so not linked
      if (alone) {
        tail.run();
      }
      boolean delivered = root.wakeUps.get() == 1;
      task.complete(1);
      if (!alone && tail.wakeUps.get() == 1) {
        tail.run();
      }
      if (root.wakeUps.get() != 1) {
        return "the root was woken " + root.wakeUps + " times";
      }
      root.run();
      if (!root.isFinished() || !tail.isFinished() || root.ends != 1 || tail.ends != 1) {
        return "no end";
      }
      return (delivered ? "delivered / " : "open / ") + outer.fate();
    }

    /** Whether somebody who waits for the tail keeps it alive, if it is linked. */
    boolean isTailKept() {
      return !(tail.awaitedVolatile() instanceof LinkedFrames links)
          || ((List<?>) HELD.get(links)).contains(tail);
    }
  }

  /** The same, one step later: the tail forwards already, and the root is about to find it so. */
  abstract static class EndedTail {
    final CountingExecutor counting = new CountingExecutor();
    final Task<Integer> task = new Task<>();
    final Call tail = new Call(counting, task);
    final Call root = new Call(counting, tail);

    EndedTail() {
      tail.run();
    }

    String ends() {
      boolean delivered = root.wakeUps.get() == 1;
      task.complete(1);
      if (tail.wakeUps.get() == 1) {
        tail.run();
      }
      if (root.wakeUps.get() != 1) {
        return "the root was woken " + root.wakeUps + " times";
      }
      root.run();
      if (!root.isFinished() || !tail.isFinished() || root.ends != 1 || tail.ends != 1) {
        return "no end";
      }
      return delivered ? "delivered" : "open";
    }
  }

  /** The root is cancelled. */
  @JCStressTest
  @Outcome(id = "delivered / outcome", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class LinkAndCancelRoot extends Tail {
    @Actor
    public void tail() {
      tail.run();
    }

    @Actor
    public void canceller() {
      root.cancel(true);
    }

    @Arbiter
    public void ends(L_Result r) {
      r.r1 = ends();
    }
  }

  /** Who awaits the root is cancelled. */
  @JCStressTest
  @Outcome(id = "delivered / outcome", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class LinkAndCancelOuter extends Tail {
    @Actor
    public void tail() {
      tail.run();
    }

    @Actor
    public void canceller() {
      outer.cancel(true);
    }

    @Arbiter
    public void ends(L_Result r) {
      r.r1 = ends();
    }
  }

  /** The tail is cancelled, whose cancellation the root takes over. */
  @JCStressTest
  @Outcome(id = "delivered / outcome", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class LinkAndCancelTail extends Tail {
    @Actor
    public void tail() {
      tail.run();
    }

    @Actor
    public void canceller() {
      tail.cancel(true);
    }

    @Arbiter
    public void ends(L_Result r) {
      r.r1 = ends();
    }
  }

  /** What the tail ends with completes. */
  @JCStressTest
  @Outcome(id = "delivered / outcome", expect = ACCEPTABLE, desc = "the value")
  @Outcome(expect = FORBIDDEN)
  @State
  public static class LinkAndComplete extends Tail {
    @Actor
    public void tail() {
      tail.run();
    }

    @Actor
    public void completer() {
      task.complete(1);
    }

    @Arbiter
    public void ends(L_Result r) {
      r.r1 = ends();
    }
  }

  /** A stage is derived from the tail. */
  @JCStressTest
  @Outcome(id = "true, true", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "the observer would be garbage; it is told")
  @State
  public static class LinkAndDerive extends Tail {
    private volatile boolean told;

    @Actor
    public void tail() {
      tail.run();
    }

    @Actor
    public void observer() {
      tail.whenComplete((value, error) -> told = true);
    }

    @Arbiter
    public void kept(ZZ_Result r) {
      r.r1 = isTailKept();
      ends();
      r.r2 = told;
    }
  }

  /** Another call comes to await the tail. */
  @JCStressTest
  @Outcome(id = "true / outcome", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "the awaiter would be garbage; its fate")
  @State
  public static class LinkAndAwait extends Tail {
    private final Call other = new Call(counting);

    @Actor
    public void tail() {
      tail.run();
    }

    @Actor
    public void other() {
      other.parkOn(tail);
    }

    @Arbiter
    public void kept(L_Result r) {
      boolean kept = isTailKept();
      ends();
      r.r1 = kept + " / " + other.fate();
    }
  }

  /** The root finds a tail that forwards, and is cancelled. */
  @JCStressTest
  @Outcome(id = "delivered", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class AbsorbAndCancelRoot extends EndedTail {
    @Actor
    public void root() {
      root.run();
    }

    @Actor
    public void canceller() {
      root.cancel(true);
    }

    @Arbiter
    public void ends(L_Result r) {
      r.r1 = ends();
    }
  }

  /** Or the tail is. */
  @JCStressTest
  @Outcome(id = "delivered", expect = ACCEPTABLE, desc = "the root has taken it over")
  @Outcome(
      id = "open",
      expect = ACCEPTABLE,
      desc = "the tail was told before; the root waits for it")
  @Outcome(expect = FORBIDDEN)
  @State
  public static class AbsorbAndCancelTail extends EndedTail {
    @Actor
    public void root() {
      root.run();
    }

    @Actor
    public void canceller() {
      tail.cancel(true);
    }

    @Arbiter
    public void ends(L_Result r) {
      r.r1 = ends();
    }
  }

  /** Or what the tail waits for completes. */
  @JCStressTest
  @Outcome(
      id = {"delivered", "open"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN)
  @State
  public static class AbsorbAndComplete extends EndedTail {
    @Actor
    public void root() {
      root.run();
    }

    @Actor
    public void completer() {
      task.complete(1);
    }

    @Arbiter
    public void ends(L_Result r) {
      r.r1 = ends();
    }
  }
}
