package dev.weft.scheduler;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** {@link IdleSetRaces} without what it rests on. Must fail. */
public class IdleSetWeakened {
  private IdleSetWeakened() {}

  /** Both sides store and then load, without a fence: each store may still wait in its buffer. */
  @JCStressTest
  @Outcome(
      id = {"0, 1", "1, 0", "1, 1"},
      expect = ACCEPTABLE)
  @Outcome(id = "0, 0", expect = FORBIDDEN, desc = "the worker sleeps, and there is work")
  @State
  public static class PushAndSleepWithoutFence {
    private int sleepers;
    private int queued;

    @Actor
    public void pusher(II_Result r) {
      queued = 1;
      r.r1 = sleepers;
    }

    @Actor
    public void sleeper(II_Result r) {
      sleepers = 1;
      r.r2 = queued;
    }
  }

  /** The worker looks at the queue before it says that it sleeps. Volatile does not help then. */
  @JCStressTest
  @Outcome(
      id = {"0, 1", "1, 0", "1, 1"},
      expect = ACCEPTABLE)
  @Outcome(id = "0, 0", expect = FORBIDDEN, desc = "the worker sleeps, and there is work")
  @State
  public static class LooksBeforeItSays {
    private volatile int sleepers;
    private volatile int queued;

    @Actor
    public void pusher(II_Result r) {
      queued = 1;
      r.r1 = sleepers;
    }

    @Actor
    public void sleeper(II_Result r) {
      r.r2 = queued;
      sleepers = 1;
    }
  }

  /** The pusher takes the sleeper without the lock. */
  @JCStressTest
  @Outcome(
      id = {"1, 0", "0, 1"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "one sleeper woken for two")
  @State
  public static class TwoPushersWithoutLock {
    private volatile int count = 1;

    @Actor
    public void one(II_Result r) {
      r.r1 = take();
    }

    @Actor
    public void other(II_Result r) {
      r.r2 = take();
    }

    private int take() {
      if (count == 0) {
        return 0;
      }
      count = 0;
      return 1;
    }
  }
}
