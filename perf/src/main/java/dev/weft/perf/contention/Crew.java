package dev.weft.perf.contention;

import java.util.PriorityQueue;
import java.util.SplittableRandom;

/**
 * The workers and what they share, and the order in which they go on: always the one whose clock is
 * behind. One run; the same seed gives the same run.
 */
final class Crew {
  final Design design;

  /** A task's own work in one poll, in nanoseconds. */
  final long work;

  final Tally tally = new Tally();
  final Worker[] workers;
  final Injection injection;
  final Sleepers sleepers;
  final LiveTasks live;
  private final SplittableRandom random;
  private final PriorityQueue<Agent> ready = new PriorityQueue<>(Agent.ORDER);

  Crew(int count, Design design, long work, long seed) {
    this.design = design;
    this.work = work;
    random = new SplittableRandom(seed);
    injection = new Injection(design.injectionApart());
    sleepers = new Sleepers(count, design);
    live = new LiveTasks(count, design.shards());
    workers = new Worker[count];
    for (int i = 0; i < count; i++) {
      workers[i] = new Worker(this, i, random.nextInt());
      workers[i].now = random.nextInt(1_000); // they do not start at the same moment
      ready.add(workers[i]);
    }
  }

  /** Another thread, which is no worker. */
  void add(Agent outsider) {
    ready.add(outsider);
  }

  /** Runs until so many units are done, and returns what was counted. */
  Tally run(long units) {
    while (tally.units < units) {
      Agent next = ready.poll();
      if (next == null) {
        throw new IllegalStateException("all sleep, and there is work: a wake-up was lost");
      }
      tally.nanos = next.now;
      next.step();
      next.endStep();
      if (!next.blocked) {
        ready.add(next);
      }
    }
    for (Worker worker : workers) {
      worker.finish(tally.nanos);
    }
    tally.awake = workers.length * tally.nanos - tally.asleep;
    return tally;
  }

  /** A tenth more or less, so that nobody keeps step. */
  long jitter(long nanos) {
    return nanos * (90 + random.nextInt(21)) / 100;
  }

  void wakeOne(Agent waker) {
    int sleeper = sleepers.takeSleeper(waker);
    if (sleeper != Sleepers.NOBODY) {
      tally.wakes++;
      waker.pauses(Costs.UNPARK);
      Worker woken = workers[sleeper];
      boolean waits = ready.remove(woken); // for its alarm, or it has not blocked yet
      woken.unparked(waker.now);
      if (waits || woken.blocked) {
        woken.blocked = false;
        ready.add(woken);
      }
    }
  }
}
