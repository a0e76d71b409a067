package dev.weft.frame;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.weft.Task;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A frame that parks is woken once, whoever completes what it awaits at that moment. {@link
 * WaiterSlotWeakened} loses or doubles wake-ups. Where the frame is cancelled as well: {@link
 * ParkingRaces}.
 */
public class WaiterSlotRaces {
  private WaiterSlotRaces() {}

  /** A frame, an executor that counts its wake-ups, and what it awaits. */
  abstract static class Setting {
    final CountingExecutor counting = new CountingExecutor();
    final Call frame = new Call(counting);
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

  /** The same while another frame comes: whoever is second, they share the slot as a list. */
  @JCStressTest
  @Outcome(id = "2", expect = ACCEPTABLE, desc = "one for each frame")
  @Outcome(expect = FORBIDDEN, desc = "wake-ups")
  @State
  public static class TwoFramesAndComplete extends Setting {
    private final Call other = new Call(counting);

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
}
