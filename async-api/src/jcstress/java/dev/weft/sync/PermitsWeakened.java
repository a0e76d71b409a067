package dev.weft.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** {@link PermitsRaces} without what it rests on. Must fail. */
public class PermitsWeakened {
  private PermitsWeakened() {}

  /**
   * Permits and the mark that somebody waits are two words. Who asks looks for a permit and then
   * marks, without looking again; who gives back looks for the mark first.
   */
  @JCStressTest
  @Outcome(
      id = {"1, 0", "0, 0"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "one waits though there is a permit: a lost wake-up")
  @State
  public static class WaitWithoutSecondLook {
    private final AtomicInteger permits = new AtomicInteger();
    private volatile boolean waits;
    private volatile boolean woken;

    @Actor
    public void asks() {
      if (!permits.compareAndSet(1, 0)) {
        waits = true;
      }
    }

    @Actor
    public void givesBack() {
      if (waits) {
        woken = true;
      } else {
        permits.set(1);
      }
    }

    @Arbiter
    public void look(II_Result r) {
      boolean lost = waits && !woken;
      r.r1 = woken ? 1 : 0;
      r.r2 = lost ? 1 : 0;
    }
  }
}
