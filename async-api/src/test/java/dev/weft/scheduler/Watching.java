package dev.weft.scheduler;

import dev.weft.scheduler.watch.WatchedCrew;

/** What the monitor of a scheduler sees, for tests of such looks. */
public final class Watching {
  private Watching() {}

  public static WatchedCrew crewOf(Scheduler scheduler) {
    return scheduler.crew;
  }
}
