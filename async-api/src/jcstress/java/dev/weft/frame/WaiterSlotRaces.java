package dev.weft.frame;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A frame that parks is woken once, whoever completes or cancels what it awaits, or itself, at that
 * moment. {@link WaiterSlotWeakened} loses or doubles wake-ups.
 */
public class WaiterSlotRaces {
  private WaiterSlotRaces() {}

  /** A frame that only parks. */
  static final class Parked extends Frame<Void> {
    Parked(AsyncExecutor executor) {
      super(executor);
    }

    void parkOn(CompletableFuture<?> future) {
      park(future, 1);
    }

    @Override
    protected Object resume() {
      throw new IllegalStateException("polled");
    }
  }

  /** A frame, an executor that counts its wake-ups, and what it awaits. */
  abstract static class Setting {
    final CountingExecutor counting = new CountingExecutor();
    final Parked frame = new Parked(counting.executor);
    final Task<Integer> task = new Task<>();
  }

  /** Parks while the task completes. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "wake-ups")
  @State
  public static class ParkAndComplete extends Setting {
    @Actor
    public void frame() {
      frame.parkOn(task);
    }

    @Actor
    public void completer() {
      task.complete(1);
    }

    @Arbiter
    public void wakeUps(I_Result r) {
      r.r1 = counting.scheduled();
    }
  }

  /** Parks while the task completes and the frame is cancelled. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "wake-ups")
  @State
  public static class ParkAndCompleteAndCancel extends Setting {
    @Actor
    public void frame() {
      frame.parkOn(task);
    }

    @Actor
    public void completer() {
      task.complete(1);
    }

    @Actor
    public void canceller() {
      frame.cancel(true);
    }

    @Arbiter
    public void wakeUps(I_Result r) {
      r.r1 = counting.scheduled();
    }
  }

  /** The same where the slot is taken by another frame, and this one is an ordinary dependent. */
  @JCStressTest
  @Outcome(id = "2", expect = ACCEPTABLE, desc = "one for each frame")
  @Outcome(expect = FORBIDDEN, desc = "wake-ups")
  @State
  public static class TwoFramesAndComplete extends Setting {
    private final Parked other = new Parked(counting.executor);

    @Actor
    public void one() {
      frame.parkOn(task);
    }

    @Actor
    public void other() {
      other.parkOn(task);
    }

    @Actor
    public void completer() {
      task.complete(1);
    }

    @Arbiter
    public void wakeUps(I_Result r) {
      r.r1 = counting.scheduled();
    }
  }

  /** A frame that awaits a frame: the canceller goes down the chain while its end completes. */
  @JCStressTest
  @Outcome(id = "2", expect = ACCEPTABLE, desc = "one for each frame")
  @Outcome(id = "1", expect = ACCEPTABLE, desc = "the inner is done: its own wake-up alone")
  @Outcome(expect = FORBIDDEN, desc = "wake-ups")
  @State
  public static class CancelAChainAndComplete extends Setting {
    private final Parked outer = new Parked(counting.executor);

    public CancelAChainAndComplete() {
      frame.parkOn(task);
      outer.parkOn(frame);
    }

    @Actor
    public void canceller() {
      outer.cancel(true);
    }

    @Actor
    public void completer() {
      task.complete(1);
    }

    @Arbiter
    public void wakeUps(I_Result r) {
      r.r1 = counting.scheduled();
    }
  }
}
