package dev.weft.scheduler;

import dev.weft.Task;
import dev.weft.frame.Frame;
import dev.weft.frame.Whereabouts;
import dev.weft.jfr.FlightSwitch;
import dev.weft.jfr.Steal;
import dev.weft.scheduler.metrics.WorkerCounters;
import dev.weft.scheduler.queue.LocalQueue;
import org.jspecify.annotations.Nullable;

/**
 * A worker that has nothing to do and looks what the others have: half of the first queue in which
 * there is something that is offered, or else one frame that has waited for too long in a LIFO
 * slot. Whom it asks first is chance, or they would all come to the same one.
 *
 * <p>One for each worker, confined to its thread.
 */
final class Thief {
  private final Crew crew;
  private final Worker self;
  private final LocalQueue queue;
  private final WorkerCounters counters;
  private final LifoGate lifoGate;

  /** An xorshift state, never 0. */
  private int random;

  Thief(Crew crew, Worker self, int workers) {
    this.crew = crew;
    this.self = self;
    this.queue = self.queue;
    this.counters = self.counters;
    this.lifoGate = new LifoGate(workers);
    this.random = 0x9E3779B9 * (self.index + 1);
  }

  /** Takes frames from another worker: the first to be polled, the others into the own queue. */
  @Nullable Frame<?> steal() {
    Worker[] workers = crew.workers();
    int start = nextRandom() % workers.length;
    long now = System.nanoTime();
    for (int i = 0; i < workers.length; i++) {
      Worker victim = workers[(start + i) % workers.length];
      if (victim != self && victim.backlog.isOffered(now)) {
        Frame<?> frame = victim.queue.stealInto(queue);
        if (frame != null) {
          countSteal(frame, victim.index, queue.size() + 1);
          self.backlog.offer(); // what is with it is still for all
          return frame;
        }
      }
    }
    Frame<?> frame = lifoGate.steal(workers, self);
    if (frame != null) {
      countSteal(frame, lifoGate.victim(), 1);
    }
    return frame;
  }

  private void countSteal(Frame<?> first, int victim, int frames) {
    counters.increment(WorkerCounters.STEAL_OPERATIONS);
    counters.add(WorkerCounters.STEALS, frames);
    if (FlightSwitch.isOn() && Steal.isWanted()) {
      Task<?> task = Whereabouts.taskOf(first);
      Steal.emit(task.id(), task.name(), victim, frames);
    }
  }

  private int nextRandom() {
    random ^= random << 13;
    random ^= random >>> 17;
    random ^= random << 5;
    return random >>> 1;
  }

  /** For how long the worker may sleep that was about to for so long: less, if it is to return. */
  long nanosToSleep(long nanos) {
    if (lifoGate.wantsNap()) {
      return Math.min(nanos, LifoGate.AGE_NANOS);
    }
    lifoGate.forget();
    return nanos;
  }
}
