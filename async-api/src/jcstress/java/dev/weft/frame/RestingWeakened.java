package dev.weft.frame;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicBoolean;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** {@link RestingRaces} without what it rests on. All of them must fail. */
public class RestingWeakened {
  private RestingWeakened() {}

  /** Who has it rest does not look again whether it is asked for. */
  @JCStressTest
  @Outcome(id = "false", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "it rests, and is asked for")
  @State
  public static class RestWithoutLook {
    private final AtomicBoolean rests = new AtomicBoolean();
    private volatile boolean asked;

    @Actor
    public void canceller() {
      if (!asked) {
        rests.set(true);
      }
    }

    @Actor
    public void other() {
      asked = true;
      rests.compareAndSet(true, false);
    }

    @Arbiter
    public void rests(Z_Result r) {
      r.r1 = rests.get();
    }
  }

  /** And who asks does not look whether it rests. */
  @JCStressTest
  @Outcome(id = "false", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "it rests, and is asked for")
  @State
  public static class AskWithoutLook {
    private final AtomicBoolean rests = new AtomicBoolean();
    private volatile boolean asked;

    @Actor
    public void canceller() {
      rests.set(true);
      if (asked) {
        rests.set(false);
      }
    }

    @Actor
    public void other() {
      asked = true;
    }

    @Arbiter
    public void rests(Z_Result r) {
      r.r1 = rests.get();
    }
  }
}
