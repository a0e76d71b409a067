package dev.weft.handoff;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** {@link WaitingRaces} without what it rests on. Must fail. */
public class WaitingWeakened {
  private WaitingWeakened() {}

  /** Looks whether it waits, and then moves it on: volatile, but two steps. */
  @JCStressTest
  @Outcome(
      id = {"true, false", "false, true"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "it has got it, and has left it to the next")
  @State
  public static class MovedWithoutCas {
    private volatile int stage = Waiting.WAITING;

    private boolean move(int to) {
      if (stage != Waiting.WAITING) {
        return false;
      }
      stage = to;
      return true;
    }

    @Actor
    public void owner(ZZ_Result r) {
      r.r1 = move(Waiting.GRANTED);
    }

    @Actor
    public void canceller(ZZ_Result r) {
      r.r2 = move(Waiting.WITHDRAWN);
    }
  }
}
