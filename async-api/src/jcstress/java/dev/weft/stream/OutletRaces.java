package dev.weft.stream;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Who takes from an {@link Outlet} waits while something comes, it ends or is to be looked at; who
 * puts waits while there is room again. {@link OutletWeakened} looks and then waits.
 */
public class OutletRaces {
  private OutletRaces() {}

  private static int told(CompletableFuture<?> change) {
    return change.isDone() ? 1 : 0;
  }

  /** Two put while the reader begins to wait for both. */
  @JCStressTest
  @Outcome(id = "1, 2", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "0: it waits for ever; how many are here")
  @State
  public static class PutAndChange {
    private final Outlet<Integer> outlet = new Outlet<>(9);
    private CompletableFuture<?> change;

    @Actor
    public void writer() {
      outlet.put(1);
    }

    @Actor
    public void otherWriter() {
      outlet.put(1);
    }

    @Actor
    public void reader() {
      change = outlet.change(2);
    }

    @Arbiter
    public void look(II_Result r) {
      r.r1 = told(change);
      r.r2 = outlet.size();
    }
  }

  /** The end comes while the reader begins to wait. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "0: it waits for ever")
  @State
  public static class EndAndChange {
    private final Outlet<Integer> outlet = new Outlet<>(9);
    private CompletableFuture<?> change;

    @Actor
    public void writer() {
      outlet.end(null);
    }

    @Actor
    public void reader() {
      change = outlet.change(1);
    }

    @Arbiter
    public void look(I_Result r) {
      r.r1 = told(change);
    }
  }

  /** It is to be looked at while the reader begins to wait. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "0: it waits for ever")
  @State
  public static class NudgeAndChange {
    private final Outlet<Integer> outlet = new Outlet<>(9);
    private CompletableFuture<?> change;

    @Actor
    public void other() {
      outlet.nudge();
    }

    @Actor
    public void reader() {
      change = outlet.change(1);
    }

    @Arbiter
    public void look(I_Result r) {
      r.r1 = told(change);
    }
  }

  /** The one place is filled while what was there is taken: who filled it waits for nothing. */
  @JCStressTest
  @Outcome(
      id = {"1, 1", "0, 1"},
      expect = ACCEPTABLE,
      desc = "1: both are told what they wait for; 0: nothing was here, and the writer waits")
  @Outcome(expect = FORBIDDEN, desc = "whether one was taken; whether the writer goes on rightly")
  @State
  public static class PutAndTake {
    private final Outlet<Integer> outlet = new Outlet<>(1);
    private Signal full;
    private Object taken;

    @Actor
    public void writer() {
      full = outlet.put(1);
    }

    @Actor
    public void reader() {
      try {
        taken = outlet.take();
      } catch (Exception failed) {
        throw new AssertionError(failed);
      }
    }

    @Arbiter
    public void look(II_Result r) {
      r.r1 = taken == Intake.WAIT ? 0 : 1;
      boolean waits = full != null && !full.isDone();
      r.r2 = waits == (r.r1 == 0) ? 1 : 0;
    }
  }
}
