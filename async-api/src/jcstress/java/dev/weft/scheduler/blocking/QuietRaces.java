package dev.weft.scheduler.blocking;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.weft.frame.DetachedCalls;
import dev.weft.frame.Frame;
import dev.weft.scheduler.queue.NumberedFrame;
import dev.weft.scheduler.thread.Hooks;
import java.time.Duration;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.Z_Result;

/**
 * A task starts a blocking call, or calls a method and drops it, and ends. Who looks meanwhile, as
 * {@code Scheduler.stopIfQuiet} does, does not find that nothing is alive. {@link QuietWeakened}
 * does.
 */
public class QuietRaces {
  private QuietRaces() {}

  /** The submitting task is alive until this is 0. */
  abstract static class Setting {
    volatile int tasks = 1;
  }

  /** A blocking call. */
  @JCStressTest
  @Outcome(id = "false", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "quiet, while a call is under way")
  @State
  public static class SubmitAndLook extends Setting {
    private static final BlockingPool POOL = // which starts no thread
        new BlockingPool(
            BlockingThreads.platform("race", 1, Duration.ZERO), "race", Hooks.NONE, () -> {});

    private final LiveCalls calls = new LiveCalls();
    private final BlockingCall<Integer> call = new BlockingCall<>(POOL, () -> 1);

    @Actor
    public void task() {
      calls.add(call);
      tasks = 0;
    }

    @Actor
    public void looks(Z_Result r) {
      long before = calls.begun();
      r.r1 = calls.isEmpty() && tasks == 0 && calls.begun() == before;
    }
  }

  /** A call that nobody awaits. */
  @JCStressTest
  @Outcome(id = "false", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "quiet, while a call is under way")
  @State
  public static class DetachAndLook extends Setting {
    private final DetachedCalls calls = new DetachedCalls();
    private final Frame<?> call = new NumberedFrame(1);

    @Actor
    public void task() {
      calls.add(call);
      tasks = 0;
    }

    @Actor
    public void looks(Z_Result r) {
      long before = calls.begun();
      r.r1 = calls.size() == 0 && tasks == 0 && calls.begun() == before;
    }
  }
}
