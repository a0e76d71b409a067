package dev.weft.select;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.weft.Task;
import dev.weft.sync.AsyncSemaphore;
import dev.weft.sync.Mpsc;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * One claim and two queues that know nothing of each other: exactly one of two branches happens,
 * and what the other would have taken stays where it is. {@link SelectWeakened} takes both.
 */
public class SelectRaces {
  private SelectRaces() {}

  private static int left(Mpsc<Integer> channel) {
    return channel.receiver().tryReceive() == null ? 0 : 1;
  }

  /** Two semaphores, each of which gets a permit while a branch waits there. */
  @JCStressTest
  @Outcome(
      id = {"10, 1", "1, 10"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "which has won, where a permit is left; tens for the first")
  @State
  public static class ReleaseAndRelease {
    private final Claim claim = new Claim();
    private final AsyncSemaphore one = new AsyncSemaphore(0);
    private final AsyncSemaphore other = new AsyncSemaphore(0);
    private final Task<?> first = Branches.begin(one.onAcquire(), claim);
    private final Task<?> second = Branches.begin(other.onAcquire(), claim);

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
      r.r1 = 10 * Branches.won(first) + Branches.won(second);
      first.cancel(false);
      second.cancel(false);
      r.r2 = 10 * one.availablePermits() + other.availablePermits();
    }
  }

  /** A branch begins whose permit is there, while the other one gets its permit. */
  @JCStressTest
  @Outcome(
      id = {"10, 1", "1, 10"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "which has won, where a permit is left; tens for the first")
  @State
  public static class ReleaseAndBegin {
    private final Claim claim = new Claim();
    private final AsyncSemaphore one = new AsyncSemaphore(0);
    private final AsyncSemaphore other = new AsyncSemaphore(1);
    private final Task<?> first = Branches.begin(one.onAcquire(), claim);
    private Task<?> second;

    @Actor
    public void givesBack() {
      one.release();
    }

    @Actor
    public void begins() {
      second = Branches.begin(other.onAcquire(), claim);
    }

    @Arbiter
    public void look(II_Result r) {
      r.r1 = 10 * Branches.won(first) + Branches.won(second);
      first.cancel(false);
      second.cancel(false);
      r.r2 = 10 * one.availablePermits() + other.availablePermits();
    }
  }

  /** Two channels, to each of which a message comes while a branch waits there. */
  @JCStressTest
  @Outcome(
      id = {"10, 1", "1, 10"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "which has won, where a message is left; tens for the first")
  @State
  public static class SendAndSend {
    private final Claim claim = new Claim();
    private final Mpsc<Integer> one = Mpsc.bounded(1);
    private final Mpsc<Integer> other = Mpsc.bounded(1);
    private final Task<?> first = Branches.begin(one.receiver().onReceive(), claim);
    private final Task<?> second = Branches.begin(other.receiver().onReceive(), claim);

    @Actor
    public void sender() {
      one.sender().trySend(1);
    }

    @Actor
    public void otherSender() {
      other.sender().trySend(1);
    }

    @Arbiter
    public void look(II_Result r) {
      r.r1 = 10 * Branches.won(first) + Branches.won(second);
      first.cancel(false);
      second.cancel(false);
      r.r2 = 10 * left(one) + left(other);
    }
  }

  /** The select gives up while one of its branches gets a message. */
  @JCStressTest
  @Outcome(
      id = {"1, 0", "0, 1"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "whether it has won, how many messages are left")
  @State
  public static class SendAndGiveUp {
    private final Claim claim = new Claim();
    private final Mpsc<Integer> channel = Mpsc.bounded(1);
    private final Task<?> branch = Branches.begin(channel.receiver().onReceive(), claim);

    @Actor
    public void sender() {
      channel.sender().trySend(1);
    }

    @Actor
    public void canceller() {
      if (claim.win(this)) {
        branch.cancel(false);
      }
    }

    @Arbiter
    public void look(II_Result r) {
      r.r1 = Branches.won(branch);
      r.r2 = left(channel);
    }
  }
}
