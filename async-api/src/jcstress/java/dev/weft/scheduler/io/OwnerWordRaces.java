package dev.weft.scheduler.io;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.weft.scheduler.Sleepers;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/**
 * The ownership of an I/O loop: one is inside at a time, sees what the one before has done, and no
 * loop is left without anyone to see to it. {@link OwnerWordWeakened} fails in each of these.
 *
 * <p>{@code release} is a store with release semantics; a plain one would not fail here, as x86
 * does not reorder stores and HotSpot does not move the loop's stores past it. It would on ARM.
 */
public class OwnerWordRaces {
  private OwnerWordRaces() {}

  /** A loop that worker 0 holds, and a count that only who is inside may touch. */
  abstract static class Loop {
    final OwnerWord word = new OwnerWord();
    int inside;

    Loop() {
      word.take(0);
    }

    /** What the holder does around a poll. */
    int useByHolder() {
      if (!word.use(0)) {
        return 0;
      }
      inside++;
      word.release(0);
      return 1;
    }

    int borrow() {
      if (!word.borrow(0, 1)) {
        return 0;
      }
      inside++;
      word.giveBack();
      return 1;
    }
  }

  /** The holder polls twice while another borrows. What both have done adds up. */
  @JCStressTest
  @Outcome(id = "0", expect = ACCEPTABLE, desc = "each that was let in has counted")
  @Outcome(expect = FORBIDDEN, desc = "two were inside at once")
  @State
  public static class UseAndBorrow extends Loop {
    private int entered;
    private int borrowed;

    @Actor
    public void holder() {
      entered = useByHolder() + useByHolder();
    }

    @Actor
    public void borrower() {
      borrowed = borrow() + borrow();
    }

    @Arbiter
    public void count(I_Result r) {
      r.r1 = entered + borrowed - inside;
    }
  }

  /** The holder begins to poll while another takes the loop over. */
  @JCStressTest
  @Outcome(
      id = {"true, false", "false, true"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "both have the loop, or neither")
  @State
  public static class UseAndTakeOver extends Loop {
    @Actor
    public void holder(ZZ_Result r) {
      r.r1 = word.use(0);
    }

    @Actor
    public void other(ZZ_Result r) {
      r.r2 = word.takeOver(0, 1);
    }
  }

  /**
   * The holder gives up while another is inside: one of them finds it FREE, and sees to a taker.
   */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "nobody knows, or both believe that it was they")
  @State
  public static class GiveUpAndGiveBack extends Loop {
    private int freed;
    private int freedByBorrower;

    public GiveUpAndGiveBack() {
      word.borrow(0, 1);
    }

    @Actor
    public void holder() {
      word.giveUp(0);
      freed = word.isFree() ? 1 : 0; // as it looks afterwards
    }

    @Actor
    public void borrower() {
      freedByBorrower = word.giveBack() ? 1 : 0;
    }

    @Arbiter
    public void count(I_Result r) {
      // When the borrower was first, the holder freed the loop; else the borrower did, and knows.
      r.r1 = word.isFree() && freed + freedByBorrower >= 1 ? 1 : 0;
    }
  }

  /**
   * One makes a loop FREE and looks for a sleeper, the other goes to sleep and looks for a loop.
   */
  @JCStressTest
  @Outcome(
      id = {"1, 0", "0, 1", "1, 1"},
      expect = ACCEPTABLE,
      desc = "one of them sees the other")
  @Outcome(id = "0, 0", expect = FORBIDDEN, desc = "a loop that nobody polls")
  @State
  public static class GiveUpAndSleep extends Loop {
    private final Sleepers idle = new Sleepers(2);

    @Actor
    public void holder(II_Result r) {
      word.giveUp(0);
      r.r1 = idle.sleeping();
    }

    @Actor
    public void sleeper(II_Result r) {
      idle.sleep(1);
      r.r2 = word.isFree() ? 1 : 0;
    }
  }

  /** One queues something for a loop and looks who is inside, the other begins to block in it. */
  @JCStressTest
  @Outcome(
      id = {"1, 0", "0, 1", "1, 1"},
      expect = ACCEPTABLE,
      desc = "one of them sees the other")
  @Outcome(id = "0, 0", expect = FORBIDDEN, desc = "it blocks, and there is something to do")
  @State
  public static class QueueAndBlock extends Loop {
    private volatile int queued;

    @Actor
    public void other(II_Result r) {
      queued = 1;
      r.r1 = word.user() == 0 ? 1 : 0;
    }

    @Actor
    public void holder(II_Result r) {
      word.use(0);
      r.r2 = queued;
    }
  }
}
