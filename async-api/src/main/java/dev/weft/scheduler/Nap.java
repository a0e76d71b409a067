package dev.weft.scheduler;

import dev.weft.scheduler.time.Timers;

/**
 * A worker's sleep as the others see it: from its announcement to when it is awake, which is when
 * it calls a handler for the I/O that it has slept for, or else when it has come back. In between
 * it is among the sleepers, to be woken for work, and may have set the timers' alarm. Confined to
 * the worker's thread.
 */
final class Nap {
  private final Crew crew;
  private final int index;
  private final SignsOfLife life;
  private boolean abed;
  private long alarm = Timers.NEVER;

  /** Not asleep. */
  Nap(Crew crew, int index, SignsOfLife life) {
    this.crew = crew;
    this.index = index;
    this.life = life;
  }

  /** Announces the sleep; the worker must then look at all queues, and set its alarm. */
  void announce(boolean searching) {
    abed = true;
    alarm = Timers.NEVER;
    life.countRound();
    life.setAsleep(true);
    crew.idle.sleep(index, searching);
  }

  /** After the announcement; see {@link Timers}. */
  void setAlarm() {
    alarm = crew.timers.arm();
  }

  /** How long it may sleep. */
  long nanos() {
    return crew.nanosToSleep(alarm);
  }

  /**
   * Ends it.
   *
   * @return true if the worker was woken to search, and counts as searching; false also if the
   *     sleep had ended before
   */
  boolean end() {
    if (!abed) {
      return false;
    }
    abed = false;
    crew.timers.disarm(alarm);
    boolean searching = crew.idle.rise(index);
    life.setAsleep(false);
    crew.monitor.wakeIfAsleep();
    return searching;
  }
}
