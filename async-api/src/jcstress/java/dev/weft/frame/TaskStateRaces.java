package dev.weft.frame;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.weft.Task;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.ZZL_Result;

/** A task ends once, in one way, and all agree in which. {@link TaskStateWeakened} does not. */
public class TaskStateRaces {
  private TaskStateRaces() {}

  /** One completes, the other cancels. */
  @JCStressTest
  @Outcome(id = "true, false, completed", expect = ACCEPTABLE)
  @Outcome(id = "false, true, cancelled", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "two have ended it, or nobody")
  @State
  public static class CompleteAndCancel {
    private final Task<Integer> task = new Task<>();

    @Actor
    public void completer(ZZL_Result r) {
      r.r1 = task.complete(1);
    }

    @Actor
    public void canceller(ZZL_Result r) {
      r.r2 = task.cancel(true);
    }

    @Arbiter
    public void outcome(ZZL_Result r) {
      r.r3 = task.isCancelled() ? "cancelled" : task.isDone() ? "completed" : "open";
    }
  }

  /** A task that has not started is polled and cancelled. Its end is announced once. */
  @JCStressTest
  @Outcome(
      id = {"0, 1", "1, 1"},
      expect = ACCEPTABLE,
      desc = "the body ran, or it did not")
  @Outcome(expect = FORBIDDEN, desc = "runs of the body, ends")
  @State
  public static class StartAndCancel {
    private final Spawned task = new Spawned(new CountingExecutor());

    @Actor
    public void worker() {
      task.run();
    }

    @Actor
    public void canceller() {
      task.cancel(true);
    }

    @Arbiter
    public void count(II_Result r) {
      r.r1 = task.runs;
      r.r2 = task.isDone() ? task.ends : -1;
    }
  }

  private static final class Spawned extends Frame<Integer> {
    int runs;
    int ends;

    Spawned(CountingExecutor counting) {
      super(counting.executor);
    }

    @Override
    protected Object resume() {
      runs++;
      return Settled.value(1);
    }

    @Override
    protected void onEnd() {
      ends++;
    }
  }
}
