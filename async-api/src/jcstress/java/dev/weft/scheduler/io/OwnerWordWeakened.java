package dev.weft.scheduler.io;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** {@link OwnerWordRaces} without what it rests on. All of them must fail. */
public class OwnerWordWeakened {
  private OwnerWordWeakened() {}

  /** The holder enters without a compare-and-set: nobody else should be there. */
  @JCStressTest
  @Outcome(
      id = {"true, false", "false, true"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "two inside at once")
  @State
  public static class UseWithoutCas {
    private static final int LENT = 0;
    private volatile int word = LENT;

    private boolean enter(int me) {
      if (word != LENT) {
        return false;
      }
      word = me;
      return true;
    }

    @Actor
    public void holder(ZZ_Result r) {
      r.r1 = enter(1);
    }

    @Actor
    public void borrower(ZZ_Result r) {
      r.r2 = enter(2);
    }
  }

  /** The word is released, and not written by an exchange, before the look at the sleepers. */
  @JCStressTest
  @Outcome(
      id = {"1, 0", "0, 1", "1, 1"},
      expect = ACCEPTABLE)
  @Outcome(id = "0, 0", expect = FORBIDDEN, desc = "a loop that nobody polls")
  @State
  public static class GiveUpWithoutFence {
    private int free;
    private int asleep;

    @Actor
    public void holder(II_Result r) {
      free = 1;
      r.r1 = asleep;
    }

    @Actor
    public void sleeper(II_Result r) {
      asleep = 1;
      r.r2 = free;
    }
  }
}
