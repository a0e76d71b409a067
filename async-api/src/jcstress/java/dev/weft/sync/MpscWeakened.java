package dev.weft.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.ZZ_Result;

/** {@link MpscRaces} without what it rests on. Must fail. */
public class MpscWeakened {
  private MpscWeakened() {}

  /** Each side writes and then looks at the other's, without the lock. */
  @JCStressTest
  @Outcome(
      id = {"1, 1", "0, 1", "1, 0"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "the message is there, and the receiver waits for ever")
  @State
  public static class SendAndReceiveWithoutLock {
    private int message;
    private int waiting;

    @Actor
    public void sender(II_Result r) {
      message = 1;
      r.r1 = waiting;
    }

    @Actor
    public void receiver(II_Result r) {
      waiting = 1;
      r.r2 = message;
    }
  }

  /** Looks whether a permit was used, and then uses it: volatile, but two steps. */
  @JCStressTest
  @Outcome(
      id = {"true, false", "false, true"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "the room of one permit is used twice")
  @State
  public static class PermitUsedWithoutCas {
    private volatile boolean used;

    private boolean use() {
      if (used) {
        return false;
      }
      used = true;
      return true;
    }

    @Actor
    public void user(ZZ_Result r) {
      r.r1 = use();
    }

    @Actor
    public void closer(ZZ_Result r) {
      r.r2 = use();
    }
  }
}
