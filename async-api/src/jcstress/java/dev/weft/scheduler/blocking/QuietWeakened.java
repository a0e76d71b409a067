package dev.weft.scheduler.blocking;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/** {@link QuietRaces} without what it rests on. All of them must fail. */
public class QuietWeakened {
  private QuietWeakened() {}

  /** A call counts as begun before it is alive, which is not the time for it. */
  @JCStressTest
  @Outcome(id = "false", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "quiet, while a call is under way")
  @State
  public static class CountedBeforeItIsAlive {
    private final AtomicInteger begun = new AtomicInteger();
    private final AtomicInteger live = new AtomicInteger();
    private volatile int tasks = 1;

    @Actor
    public void task() {
      begun.incrementAndGet();
      live.incrementAndGet();
      tasks = 0;
    }

    @Actor
    public void looks(Z_Result r) {
      int before = begun.get();
      r.r1 = live.get() == 0 && tasks == 0 && begun.get() == before;
    }
  }

  /** Looks at each place once. */
  @JCStressTest
  @Outcome(id = "false", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "quiet, while a call is under way")
  @State
  public static class WithoutSecondLook {
    private volatile int live;
    private volatile int tasks = 1;

    @Actor
    public void task() {
      live = 1;
      tasks = 0;
    }

    @Actor
    public void looks(Z_Result r) {
      r.r1 = live == 0 && tasks == 0;
    }
  }
}
