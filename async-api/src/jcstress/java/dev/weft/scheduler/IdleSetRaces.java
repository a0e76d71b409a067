package dev.weft.scheduler;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.weft.scheduler.queue.InjectionQueue;
import dev.weft.scheduler.queue.NumberedFrame;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.III_Result;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * No wake-up is lost: a thread that pushes and looks for a sleeper, and a worker that goes to sleep
 * and looks for work, do not miss each other. {@link IdleSetWeakened} does.
 */
public class IdleSetRaces {
  private IdleSetRaces() {}

  /** One worker goes to sleep, one thread outside pushes. */
  @JCStressTest
  @Outcome(id = "-1, 1", expect = ACCEPTABLE, desc = "nobody sleeps yet; the worker sees the work")
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "the worker is woken")
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "it sees the work, and is woken")
  @Outcome(id = "-1, 0", expect = FORBIDDEN, desc = "it sleeps, and there is work")
  @State
  public static class PushAndSleep {
    private final IdleSet idle = new IdleSet(2);
    private final InjectionQueue injection = new InjectionQueue();

    @Actor
    public void pusher(II_Result r) {
      injection.push(new NumberedFrame(1));
      r.r1 = idle.takeSleeper();
    }

    @Actor
    public void sleeper(II_Result r) {
      idle.sleep(0, false);
      r.r2 = injection.isEmpty() ? 0 : 1;
    }
  }

  /** The worker searched until now, so the pusher may leave it to it. */
  @JCStressTest
  @Outcome(id = "-1, 1", expect = ACCEPTABLE, desc = "the searcher sees the work")
  @Outcome(id = "0, 0", expect = ACCEPTABLE, desc = "it is woken")
  @Outcome(id = "0, 1", expect = ACCEPTABLE, desc = "it sees the work, and is woken")
  @Outcome(id = "-1, 0", expect = FORBIDDEN, desc = "it sleeps, and there is work")
  @State
  public static class PushAndStopSearching {
    private final IdleSet idle = new IdleSet(2);
    private final InjectionQueue injection = new InjectionQueue();

    public PushAndStopSearching() {
      idle.startSearching();
    }

    @Actor
    public void pusher(II_Result r) {
      injection.push(new NumberedFrame(1));
      r.r1 = idle.takeSleeper();
    }

    @Actor
    public void sleeper(II_Result r) {
      idle.sleep(0, true);
      r.r2 = injection.isEmpty() ? 0 : 1;
    }
  }

  /** Two threads push, and the only sleeper rises by itself. It is woken by one of them at most. */
  @JCStressTest
  @Outcome(
      id = {"0, -1, 1", "-1, 0, 1"},
      expect = ACCEPTABLE,
      desc = "woken to search")
  @Outcome(id = "-1, -1, 0", expect = ACCEPTABLE, desc = "up by itself")
  @Outcome(expect = FORBIDDEN, desc = "woken twice, or it does not know by whom")
  @State
  public static class TwoPushersAndRise {
    private final IdleSet idle = new IdleSet(2);

    public TwoPushersAndRise() {
      idle.sleep(0, false);
    }

    @Actor
    public void one(III_Result r) {
      r.r1 = idle.takeSleeper();
    }

    @Actor
    public void other(III_Result r) {
      r.r2 = idle.takeSleeper();
    }

    @Actor
    public void sleeper(III_Result r) {
      r.r3 = idle.rise(0) ? 1 : 0;
    }
  }
}
