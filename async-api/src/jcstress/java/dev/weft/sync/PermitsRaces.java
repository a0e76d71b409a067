package dev.weft.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.weft.Task;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * Permits come back while somebody asks for one, or gives up. Who waits gets what there is, and no
 * permit is lost or made. {@link PermitsWeakened} looks and then waits.
 */
public class PermitsRaces {
  private PermitsRaces() {}

  private static int done(Task<?> task) {
    return task.isDone() && !task.isCompletedExceptionally() ? 1 : 0;
  }

  /** One asks while another gives back. */
  @JCStressTest
  @Outcome(id = "1, 0", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "0: a wake-up was lost; permits that are left")
  @State
  public static class AcquireAndRelease {
    private final AsyncSemaphore semaphore = new AsyncSemaphore(0);
    private Task<?> waiting;

    @Actor
    public void asks() {
      waiting = semaphore.acquire();
    }

    @Actor
    public void givesBack() {
      semaphore.release();
    }

    @Arbiter
    public void look(II_Result r) {
      r.r1 = done(waiting);
      r.r2 = semaphore.availablePermits();
    }
  }

  /** Two ask while the one permit comes. */
  @JCStressTest
  @Outcome(id = "1, 0", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "how many have got it; permits that are left")
  @State
  public static class TwoAcquireAndRelease {
    private final AsyncMutex mutex = new AsyncMutex();
    private final AsyncMutex.Held held = mutex.lock().join();
    private Task<?> one;
    private Task<?> other;

    @Actor
    public void asks() {
      one = mutex.lock();
    }

    @Actor
    public void asksToo() {
      other = mutex.lock();
    }

    @Actor
    public void givesBack() {
      held.close();
    }

    @Arbiter
    public void look(II_Result r) {
      r.r1 = done(one) + done(other);
      r.r2 = mutex.isLocked() ? 0 : 1;
    }
  }

  /** The first in the queue gives up while a permit comes: the second has it, or it is left. */
  @JCStressTest
  @Outcome(
      id = {"1", "2"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "tens for the second, ones for the first, which wants two")
  @State
  public static class CancelAndRelease {
    private final AsyncSemaphore semaphore = new AsyncSemaphore(1);
    private final Task<?> big = semaphore.acquire(2);
    private final Task<?> small = semaphore.acquire();

    @Actor
    public void givesUp() {
      big.cancel(false);
    }

    @Actor
    public void givesBack() {
      semaphore.release();
    }

    @Arbiter
    public void look(I_Result r) {
      int left = semaphore.availablePermits();
      boolean first = done(big) == 1 && done(small) == 0 && left == 0;
      boolean second = done(big) == 0 && done(small) == 1 && left == 1;
      r.r1 = first ? 1 : second ? 2 : 0;
    }
  }

  /** One waits for a condition while another takes the mutex and signals. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "0: the signal was lost; 2: two have the mutex")
  @State
  public static class WaitAndSignal {
    private final AsyncMutex mutex = new AsyncMutex();
    private final AsyncCondition condition = mutex.newCondition();
    private final AsyncMutex.Held held = mutex.lock().join();
    private Task<?> waiting;

    @Actor
    public void waits() {
      waiting = condition.signalled();
    }

    @Actor
    public void signals() {
      mutex
          .lock()
          .thenAccept(
              mine -> {
                condition.signal();
                mine.close();
              });
    }

    @Arbiter
    public void look(I_Result r) {
      r.r1 = waiting.isFinished() && mutex.isLocked() ? 1 : 0;
      held.close();
      r.r1 += mutex.isLocked() ? 1 : 0;
    }
  }

  /** One who waits for a condition is cancelled while it is signalled. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "0: it has not got the mutex again; 2: it is held twice")
  @State
  public static class SignalAndCancel {
    private final AsyncMutex mutex = new AsyncMutex();
    private final AsyncCondition condition = mutex.newCondition();
    private final Task<?> waiting;
    private final AsyncMutex.Held held;

    public SignalAndCancel() {
      mutex.lock().join();
      waiting = condition.signalled();
      held = mutex.lock().join();
    }

    @Actor
    public void signals() {
      condition.signal();
      held.close();
    }

    @Actor
    public void canceller() {
      waiting.cancel(false);
    }

    @Arbiter
    public void look(I_Result r) {
      r.r1 = waiting.isFinished() && mutex.isLocked() ? 1 : 0;
      held.close();
      r.r1 += mutex.isLocked() ? 1 : 0;
    }
  }
}
