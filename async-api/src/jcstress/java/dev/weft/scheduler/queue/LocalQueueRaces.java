package dev.weft.scheduler.queue;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.weft.frame.Frame;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * The local queue with four slots, so that it overflows and wraps round: each frame comes out once,
 * whoever takes it. {@link LocalQueueWeakened} shows that the tests would notice: stealing, also
 * beside overflow and reuse, rests on the compare-and-set of {@code head} and on copying before it.
 *
 * <p>No twin there for the release store of {@code tail}, which publishes a frame's contents: x86
 * does not reorder two stores, nor two loads, and HotSpot has no reason to move the store of the
 * slot past that of the tail. Plain accesses would pass {@link PushedContents} here, and fail on
 * ARM.
 */
public class LocalQueueRaces {
  private LocalQueueRaces() {}

  static LocalQueue queue(int from, int to) {
    LocalQueue queue = new LocalQueue(4);
    for (int i = 0; i < 3; i++) { // so that the ring's end comes in between
      queue.push(new NumberedFrame(0));
      queue.pop();
    }
    for (int i = from; i <= to; i++) {
      queue.push(new NumberedFrame(i));
    }
    return queue;
  }

  static int number(Frame<?> frame) {
    return frame == null ? 0 : NumberedFrame.of(frame);
  }

  /** A bit per frame, and one far away for each that came twice. */
  static int add(int seen, Frame<?> frame) {
    if (frame == null) {
      return seen;
    }
    int bit = 1 << NumberedFrame.of(frame);
    return (seen & bit) == 0 ? seen | bit : seen | bit << 16;
  }

  static int addAll(int seen, LocalQueue queue) {
    int all = add(seen, queue.popLifo());
    for (Frame<?> frame; (frame = queue.pop()) != null; ) {
      all = add(all, frame);
    }
    return all;
  }

  /** The owner and a thief want the only frame. */
  @JCStressTest
  @Outcome(id = "1, 0", expect = ACCEPTABLE, desc = "the owner has it")
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "the thief has it")
  @Outcome(expect = FORBIDDEN, desc = "lost or doubled")
  @State
  public static class PopAndSteal {
    private final LocalQueue queue = queue(1, 1);
    private final LocalQueue thief = new LocalQueue(4);

    @Actor
    public void owner(II_Result r) {
      r.r1 = number(queue.pop());
    }

    @Actor
    public void thief(II_Result r) {
      r.r2 = number(queue.stealInto(thief));
    }
  }

  /** Two thieves, each of whom takes half. */
  @JCStressTest
  @Outcome(id = "14", expect = ACCEPTABLE, desc = "1, 2 and 3, once each")
  @Outcome(expect = FORBIDDEN, desc = "lost or doubled")
  @State
  public static class TwoThieves {
    private final LocalQueue queue = queue(1, 3);
    private final LocalQueue one = new LocalQueue(4);
    private final LocalQueue other = new LocalQueue(4);
    private Frame<?> first;
    private Frame<?> second;

    @Actor
    public void one() {
      first = queue.stealInto(one);
    }

    @Actor
    public void other() {
      second = queue.stealInto(other);
    }

    @Arbiter
    public void all(I_Result r) {
      r.r1 = addAll(addAll(addAll(add(add(0, first), second), one), other), queue);
    }
  }

  /** The owner overflows a full ring, and takes from it, while a thief steals half. */
  @JCStressTest
  @Outcome(id = "126", expect = ACCEPTABLE, desc = "1 to 6, once each")
  @Outcome(expect = FORBIDDEN, desc = "lost or doubled")
  @State
  public static class OverflowAndSteal {
    private final LocalQueue queue = queue(1, 4);
    private final LocalQueue thief = new LocalQueue(4);
    private int popped;
    private Frame<?> stolen;

    @Actor
    public void owner() {
      queue.push(new NumberedFrame(5));
      popped = add(popped, queue.pop());
      queue.push(new NumberedFrame(6));
      popped = add(popped, queue.pop());
    }

    @Actor
    public void thief() {
      stolen = queue.stealInto(thief);
    }

    @Arbiter
    public void all(I_Result r) {
      r.r1 = addAll(addAll(add(popped, stolen), thief), queue);
    }
  }

  /** The owner uses the slots again that the thief is about to copy. */
  @JCStressTest
  @Outcome(id = "30", expect = ACCEPTABLE, desc = "1 to 4, once each")
  @Outcome(expect = FORBIDDEN, desc = "lost or doubled")
  @State
  public static class ReuseAndSteal {
    private final LocalQueue queue = queue(1, 2);
    private final LocalQueue thief = new LocalQueue(4);
    private int popped;
    private Frame<?> stolen;

    @Actor
    public void owner() {
      for (int i = 3; i <= 4; i++) {
        popped = add(popped, queue.pop());
        queue.push(new NumberedFrame(i));
      }
    }

    @Actor
    public void thief() {
      stolen = queue.stealInto(thief);
    }

    @Arbiter
    public void all(I_Result r) {
      r.r1 = addAll(addAll(add(popped, stolen), thief), queue);
    }
  }

  /** What was written to a frame before it was pushed is seen by who steals it. */
  @JCStressTest
  @Outcome(id = "null", expect = ACCEPTABLE, desc = "the thief was early")
  @Outcome(id = "written", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "a frame without its contents")
  @State
  public static class PushedContents {
    private final LocalQueue queue = queue(1, 0);
    private final LocalQueue thief = new LocalQueue(4);

    @Actor
    public void owner() {
      WrittenFrame frame = new WrittenFrame();
      frame.contents = "written";
      queue.push(frame);
    }

    @Actor
    public void thief(L_Result r) {
      r.r1 = queue.stealInto(thief) instanceof WrittenFrame frame ? frame.contents + "" : null;
    }
  }

  /**
   * The owner displaces and takes what stands in the LIFO slot, from which a thief takes it too.
   */
  @JCStressTest
  @Outcome(id = "6", expect = ACCEPTABLE, desc = "1 and 2, once each")
  @Outcome(expect = FORBIDDEN, desc = "lost or doubled")
  @State
  public static class LifoSlot {
    private final LocalQueue queue = queue(1, 0);
    private int taken;
    private Frame<?> stolen;

    public LifoSlot() {
      queue.pushLifo(new NumberedFrame(1));
    }

    @Actor
    public void owner() {
      taken = add(taken, queue.pushLifo(new NumberedFrame(2)));
      taken = add(taken, queue.popLifo());
    }

    @Actor
    public void thief() {
      Frame<?> frame = queue.peekLifo();
      if (frame != null && queue.stealLifo(frame)) {
        stolen = frame;
      }
    }

    @Arbiter
    public void all(I_Result r) {
      r.r1 = addAll(add(taken, stolen), queue);
    }
  }

  private static final class WrittenFrame extends Frame<Void> {
    String contents;

    @Override
    protected Object resume() {
      throw new IllegalStateException("polled");
    }
  }
}
