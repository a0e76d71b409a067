package dev.weft.perf.contention;

import java.util.Comparator;

/**
 * A thread on a processor of its own, with a clock of its own. The simulation always lets the one
 * whose clock is behind all others take its next step. A step is some accesses; the others see all
 * of them at its beginning, so steps are short where a race matters.
 */
abstract class Agent {
  /** Who comes next: whose clock is behind; of two that show the same, the first. */
  static final Comparator<Agent> ORDER =
      Comparator.<Agent>comparingLong(agent -> agent.now).thenComparingInt(agent -> agent.id);

  final int id;
  final Tally tally;
  long now;

  /** Blocked, until another agent says otherwise. */
  boolean blocked;

  /** What is to pass after this step, before the next. */
  private long pause;

  /** When the stores in the store buffer will have reached the cache. */
  private long storesArrive;

  Agent(int id, Tally tally) {
    this.id = id;
    this.tally = tally;
  }

  abstract void step();

  /**
   * Lets time pass between this step and the next. Not within one: what came after it would be seen
   * by others before it is done.
   */
  final void pauses(long nanos) {
    pause += nanos;
  }

  final void endStep() {
    now += pause;
    pause = 0;
  }

  final void load(Line line) {
    now += line.load(id, now, tally);
  }

  /** A plain or release store: goes to the store buffer, and nobody waits for it. */
  final void store(Line line) {
    storesArrive = Math.max(storesArrive, now + line.own(id, now, tally));
    now += Costs.HIT;
  }

  /** A volatile store. */
  final void storeVolatile(Line line) {
    store(line);
    tally.fences++;
    drain();
    now += Costs.RMW;
  }

  /** A compare-and-set, exchange or addition. */
  final void atomic(Line line) {
    tally.atomics++;
    drain();
    now += line.own(id, now, tally) + Costs.RMW;
  }

  private void drain() {
    now = Math.max(now, storesArrive);
  }

  /** Takes a lock that spins; where it is held, one vain attempt is counted for the wait. */
  final void lock(Line lock) {
    atomic(lock);
    if (lock.heldUntil > now) {
      now = lock.heldUntil;
      atomic(lock);
    }
  }

  /** Takes a lock if nobody has it. */
  final boolean tryLock(Line lock) {
    atomic(lock);
    return lock.heldUntil <= now;
  }

  final void unlock(Line lock) {
    store(lock);
    lock.heldUntil = now;
  }

  /** A monitor without contention: one compare-and-set in, one out. */
  final void exitMonitor(Line lock) {
    atomic(lock);
    lock.heldUntil = now;
  }
}
