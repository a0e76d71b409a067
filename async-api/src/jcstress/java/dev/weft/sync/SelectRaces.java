package dev.weft.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.weft.Task;
import dev.weft.select.Claim;
import dev.weft.select.Select;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * One claim, two queues: of the branches of a select exactly one happens, and what the other would
 * have taken stays where it is. {@link SelectWeakened} looks and then takes.
 */
public class SelectRaces {
  private SelectRaces() {}

  /** A branch that takes a permit; it is one for each semaphore. */
  private static Task<AsyncSemaphore.Permit> branch(AsyncSemaphore semaphore, Claim claim) {
    return ((Acquire<AsyncSemaphore.Permit>) semaphore.onAcquire()).start(claim);
  }

  private static int done(Task<?> task) {
    return task.isDone() && !task.isCompletedExceptionally() ? 1 : 0;
  }

  private static int left(Mpsc<Integer> channel) {
    Integer message = channel.receiver().tryReceive();
    return message == null ? 0 : message;
  }

  /** Both that wait could be granted a permit at one time: one is, the other permit stays. */
  @JCStressTest
  @Outcome(
      id = {"10, 1", "1, 10"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "who has got one; where one is left. Tens: of the first")
  @State
  public static class ReleaseAndRelease {
    private final Claim claim = new Claim();
    private final AsyncSemaphore one = new AsyncSemaphore(0);
    private final AsyncSemaphore other = new AsyncSemaphore(0);
    private final Task<?> first = branch(one, claim);
    private final Task<?> second = branch(other, claim);

    @Actor
    public void givesBack() {
      one.release();
    }

    @Actor
    public void givesBackToo() {
      other.release();
    }

    @Arbiter
    public void look(II_Result r) {
      r.r1 = 10 * done(first) + done(second);
      first.cancel(false);
      second.cancel(false);
      r.r2 = 10 * one.availablePermits() + other.availablePermits();
    }
  }

  /** A branch begins, and would have its permit at once, while another is granted one. */
  @JCStressTest
  @Outcome(
      id = {"10, 1", "1, 10"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "who has got one; where one is left. Tens: of the first")
  @State
  public static class ReleaseAndBegin {
    private final Claim claim = new Claim();
    private final AsyncSemaphore one = new AsyncSemaphore(0);
    private final AsyncSemaphore other = new AsyncSemaphore(1);
    private final Task<?> first = branch(one, claim);
    private Task<?> second;

    @Actor
    public void givesBack() {
      one.release();
    }

    @Actor
    public void begins() {
      second = branch(other, claim);
    }

    @Arbiter
    public void look(II_Result r) {
      r.r1 = 10 * done(first) + done(second);
      first.cancel(false);
      second.cancel(false);
      r.r2 = 10 * one.availablePermits() + other.availablePermits();
    }
  }

  /** Messages come on both channels of a select that waits. */
  @JCStressTest
  @Outcome(
      id = {"1", "10"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "what is left: 0 if both were taken, 11 if none was")
  @State
  public static class SendAndSend {
    private final Mpsc<Integer> one = Mpsc.bounded(1);
    private final Mpsc<Integer> other = Mpsc.bounded(1);
    private final Claim claim = new Claim();
    private final Task<?> first = one.receiverBranch(claim);
    private final Task<?> second = other.receiverBranch(claim);

    @Actor
    public void sender() {
      one.sender().trySend(1);
    }

    @Actor
    public void otherSender() {
      other.sender().trySend(10);
    }

    @Arbiter
    public void look(I_Result r) {
      first.cancel(false);
      second.cancel(false);
      r.r1 = left(one) + left(other);
    }
  }
}
