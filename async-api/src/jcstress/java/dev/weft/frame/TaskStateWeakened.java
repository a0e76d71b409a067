package dev.weft.frame;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** {@link TaskStateRaces} without what it rests on. Must fail. */
public class TaskStateWeakened {
  private TaskStateWeakened() {}

  /** Looks whether it is done, and then ends it: volatile, but two steps. */
  @JCStressTest
  @Outcome(
      id = {"true, false", "false, true"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "two have ended it")
  @State
  public static class EndedWithoutCas {
    private volatile int outcome;

    private boolean end(int how) {
      if (outcome != 0) {
        return false;
      }
      outcome = how;
      return true;
    }

    @Actor
    public void completer(ZZ_Result r) {
      r.r1 = end(1);
    }

    @Actor
    public void canceller(ZZ_Result r) {
      r.r2 = end(2);
    }
  }
}
