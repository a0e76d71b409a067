package dev.weft.perf.contention;

import org.jspecify.annotations.Nullable;

/** A task: its frame, in one line, and its place in the list of live ones. */
final class SimTask {
  /** What a task does, bit by bit. */
  interface Body {
    /** Does a bit on that worker. */
    Progress go(Worker worker, SimTask self);
  }

  /** How a bit has ended. */
  enum Progress {
    GOES_ON,
    PARKED,
    ENDED
  }

  final Body body;
  final Line line;
  @Nullable SimTask previous;
  @Nullable SimTask following;
  LiveTasks.@Nullable Shard shard;

  SimTask(Agent maker, Body body) {
    this.line = Line.of(maker);
    this.body = body;
  }
}
