package dev.weft.frame;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** {@link ClaimRaces} without what it rests on. Must fail. */
public class ClaimWeakened {
  private ClaimWeakened() {}

  /** Looks whether the call has a claim, and then takes it: volatile, but two steps. */
  @JCStressTest
  @Outcome(
      id = {"true, false", "false, true"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "two give the value back")
  @State
  public static class ClaimTakenWithoutCas {
    private volatile boolean brought = true;

    private boolean take() {
      if (!brought) {
        return false;
      }
      brought = false;
      return true;
    }

    @Actor
    public void halted(ZZ_Result r) {
      r.r1 = take();
    }

    @Actor
    public void haltedToo(ZZ_Result r) {
      r.r2 = take();
    }
  }
}
