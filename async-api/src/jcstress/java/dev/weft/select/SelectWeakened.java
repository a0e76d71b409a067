package dev.weft.select;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** {@link SelectRaces} without what it rests on. Must fail. */
public class SelectWeakened {
  private SelectWeakened() {}

  /** Each under the lock of its own queue, which is not the other's; the claim is two steps. */
  @JCStressTest
  @Outcome(
      id = {"true, false", "false, true"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "both branches of one select have happened")
  @State
  public static class WonWithoutCas {
    private final Object lock = new Object();
    private final Object otherLock = new Object();
    private volatile Object winner;

    private boolean win(Object operation) {
      if (winner != null) {
        return false;
      }
      winner = operation;
      return true;
    }

    @Actor
    public void owner(ZZ_Result r) {
      synchronized (lock) {
        r.r1 = win(lock);
      }
    }

    @Actor
    public void otherOwner(ZZ_Result r) {
      synchronized (otherLock) {
        r.r2 = win(otherLock);
      }
    }
  }
}
