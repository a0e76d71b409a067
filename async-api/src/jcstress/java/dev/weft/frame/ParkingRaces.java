package dev.weft.frame;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.weft.Task;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.LL_Result;
import org.openjdk.jcstress.infra.results.L_Result;

/**
 * A frame parks, is cancelled, and what it awaits is completed. It is woken once, and told once: in
 * place of the outcome, or after it. For the three places in which a frame may wait: the waiter
 * slot, a list of several, a plain future. {@link ParkingWeakened} loses the cancellation.
 *
 * <p>Mostly two actors, of which one does two things: where there are two processors only, jcstress
 * leaves out what has three.
 */
public class ParkingRaces {
  private ParkingRaces() {}

  /** A frame that is under way, and what it is about to await. */
  abstract static class Setting {
    final CountingExecutor counting = new CountingExecutor();
    final Call frame = new Call(counting);
    final CompletableFuture<Integer> awaited;

    Setting(CompletableFuture<Integer> awaited) {
      this.awaited = awaited;
    }
  }

  /** A task that another frame awaits already. */
  private static Task<Integer> shared() {
    Task<Integer> task = new Task<>();
    new Call(new CountingExecutor()).parkOn(task);
    return task;
  }

  /** A plain future of which another frame has let go, so that a waiter hangs there idle. */
  private static CompletableFuture<Integer> letGoOf() {
    CompletableFuture<Integer> future = new CompletableFuture<>();
    Call other = new Call(new CountingExecutor());
    other.parkOn(future);
    other.cancel(true);
    return future;
  }

  /** Where a frame may wait. */
  enum Place {
    SLOT,
    SHARED,
    PLAIN_FUTURE,
    IDLE_WAITER;

    static Place any() {
      return values()[ThreadLocalRandom.current().nextInt(values().length)];
    }

    CompletableFuture<Integer> future() {
      return switch (this) {
        case SLOT -> new Task<>();
        case SHARED -> shared();
        case PLAIN_FUTURE -> new CompletableFuture<>();
        case IDLE_WAITER -> letGoOf();
      };
    }
  }

  /** An operation that ends as soon as it is asked to. */
  private static final class Operation extends Task<Integer> {
    @Override
    protected boolean stop() {
      return cancel(false);
    }
  }

  /**
   * Parks on an operation while it is cancelled. Both sides may ask that to stop; who is woken by
   * its end is told, and does not see a cancellation that it takes for another's.
   */
  @JCStressTest
  @Outcome(id = "told, 1", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "lost, twice, or taken for another's")
  @State
  public static class ParkOnOperationAndCancel {
    private final Operation operation = new Operation();
    private final Call frame = new Call(new CountingExecutor());

    public ParkOnOperationAndCancel() {
      frame.looksAtOnce = true;
    }

    @Actor
    public void frame() {
      frame.parkOn(operation);
    }

    @Actor
    public void canceller() {
      frame.cancel(true);
    }

    @Arbiter
    public void fate(LL_Result r) {
      r.r1 = frame.seen;
      r.r2 = frame.wakeUps.get();
    }
  }

  /** Parks while it is cancelled. Nothing else will wake it. */
  @JCStressTest
  @Outcome(id = "told, .*", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "lost, or twice")
  @State
  public static class ParkAndCancel {
    private final Place place = Place.any();
    private final CompletableFuture<Integer> awaited = place.future();
    private final Call frame = new Call(new CountingExecutor());

    @Actor
    public void frame() {
      frame.parkOn(awaited);
    }

    @Actor
    public void canceller() {
      frame.cancel(true);
    }

    @Arbiter
    public void fate(LL_Result r) {
      r.r1 = frame.fate();
      r.r2 = place;
    }
  }

  /** Stands there already while it is cancelled and what it awaits completes. */
  @JCStressTest
  @Outcome(
      id = {"told, .*", "outcome, told, .*"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "lost, or twice")
  @State
  public static class CompleteAndCancel {
    private final Place place = Place.any();
    private final CompletableFuture<Integer> awaited = place.future();
    private final Call frame = new Call(new CountingExecutor());

    public CompleteAndCancel() {
      frame.parkOn(awaited);
    }

    @Actor
    public void completer() {
      awaited.complete(1);
    }

    @Actor
    public void canceller() {
      frame.cancel(true);
    }

    @Arbiter
    public void fate(LL_Result r) {
      r.r1 = frame.fate();
      r.r2 = place;
    }
  }

  /** Parks while both happen, in one order. */
  @JCStressTest
  @Outcome(
      id = {"told", "outcome, told"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "lost, or twice")
  @State
  public static class ParkAndCompleteThenCancel extends Setting {
    public ParkAndCompleteThenCancel() {
      super(new Task<>());
    }

    @Actor
    public void frame() {
      frame.parkOn(awaited);
    }

    @Actor
    public void others() {
      awaited.complete(1);
      frame.cancel(true);
    }

    @Arbiter
    public void fate(L_Result r) {
      r.r1 = frame.fate();
    }
  }

  /** In the other order, and on a plain future. */
  @JCStressTest
  @Outcome(
      id = {"told", "outcome, told"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "lost, or twice")
  @State
  public static class ParkAndCancelThenComplete extends Setting {
    public ParkAndCancelThenComplete() {
      super(new CompletableFuture<>());
    }

    @Actor
    public void frame() {
      frame.parkOn(awaited);
    }

    @Actor
    public void others() {
      frame.cancel(true);
      awaited.complete(1);
    }

    @Arbiter
    public void fate(L_Result r) {
      r.r1 = frame.fate();
    }
  }

  /** With an idle waiter, which its completer may have called while it was idle. */
  @JCStressTest
  @Outcome(id = "outcome", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "lost, or twice")
  @State
  public static class ParkOnIdleWaiterAndComplete extends Setting {
    public ParkOnIdleWaiterAndComplete() {
      super(letGoOf());
    }

    @Actor
    public void frame() {
      frame.parkOn(awaited);
    }

    @Actor
    public void completer() {
      awaited.complete(1);
    }

    @Arbiter
    public void fate(L_Result r) {
      r.r1 = frame.fate();
    }
  }

  /** One lets go of a plain future and the next one takes its waiter, while that completes. */
  @JCStressTest
  @Outcome(
      id = {"told / outcome", "outcome, told / outcome"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "lost, or twice")
  @State
  public static class LetGoAndTakeAndComplete extends Setting {
    private final Call next = new Call(counting);

    public LetGoAndTakeAndComplete() {
      super(new CompletableFuture<>());
      frame.parkOn(awaited);
    }

    @Actor
    public void frames() {
      frame.cancel(true);
      next.parkOn(awaited);
    }

    @Actor
    public void completer() {
      awaited.complete(1);
    }

    @Arbiter
    public void fate(L_Result r) {
      r.r1 = frame.fate() + " / " + next.fate();
    }
  }

  /** All three at once, where there are processors for it. */
  @JCStressTest
  @Outcome(
      id = {"told", "outcome, told"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "lost, or twice")
  @State
  public static class ParkAndCompleteAndCancel extends Setting {
    public ParkAndCompleteAndCancel() {
      super(new Task<>());
    }

    @Actor
    public void frame() {
      frame.parkOn(awaited);
    }

    @Actor
    public void completer() {
      awaited.complete(1);
    }

    @Actor
    public void canceller() {
      frame.cancel(true);
    }

    @Arbiter
    public void fate(L_Result r) {
      r.r1 = frame.fate();
    }
  }
}
