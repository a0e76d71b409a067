package dev.weft.perf.contention;

import org.jspecify.annotations.Nullable;

/** The lists of live tasks: OwnedTasks. */
final class LiveTasks {
  /** One list; its lock, its head and its counts are on one line. */
  static final class Shard {
    private final Line line = new Line();
    private @Nullable SimTask first;
  }

  private final Shard[][] groups;
  private final int[] turns;

  /** A group for each worker, and one for the threads outside, the last. */
  LiveTasks(int workers, int shards) {
    groups = new Shard[workers + 1][Math.max(1, shards)];
    turns = new int[workers + 1];
    Shard forAll = new Shard();
    for (Shard[] group : groups) {
      for (int i = 0; i < group.length; i++) {
        group[i] = shards == 0 ? forAll : new Shard();
      }
    }
  }

  void add(Agent agent, SimTask task) {
    Shard[] group = groups[agent.id];
    Shard shard = group[turns[agent.id]++ % group.length];
    agent.lock(shard.line);
    SimTask following = shard.first;
    task.shard = shard;
    task.following = following;
    agent.store(task.line);
    if (following != null) {
      following.previous = task;
      agent.store(following.line);
    }
    shard.first = task;
    agent.store(shard.line);
    agent.unlock(shard.line);
  }

  void remove(Agent agent, SimTask task) {
    Shard shard = task.shard;
    if (shard == null) {
      throw new IllegalStateException("ended twice");
    }
    task.shard = null;
    agent.lock(shard.line);
    SimTask previous = task.previous;
    SimTask following = task.following;
    if (following != null) {
      following.previous = previous;
      agent.store(following.line);
    }
    if (previous != null) {
      previous.following = following;
      agent.store(previous.line);
    } else {
      shard.first = following;
    }
    task.previous = null;
    task.following = null;
    agent.store(task.line);
    agent.store(shard.line);
    agent.unlock(shard.line);
  }
}
