package dev.weft.frame;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** {@link RecurringRaces} without what it rests on. Must fail. */
public class RecurringWeakened {
  private RecurringWeakened() {}

  /** The value is read before it is seized: then who abandons it may give back that of before. */
  @JCStressTest
  @Outcome(
      id = {"1, 0", "0, 1"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "what the await got, what was given back")
  @State
  public static class ReadWithoutSeizing {
    private int kept;
    private volatile boolean there;

    private synchronized boolean move() {
      boolean was = there;
      there = false;
      return was;
    }

    @Actor
    public void sender(II_Result r) {
      kept = 1;
      there = true;
      int value = kept;
      r.r1 = move() ? value : 0;
    }

    @Actor
    public void halted(II_Result r) {
      int value = kept;
      for (int i = 0; i < 10; i++) {
        if (move()) {
          r.r2 = value;
          return;
        }
      }
    }

    @Arbiter
    public void look(II_Result r) {
      // both are 0 where the value was lost
    }
  }
}
