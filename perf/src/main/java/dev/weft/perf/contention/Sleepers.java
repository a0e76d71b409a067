package dev.weft.perf.contention;

/** Who sleeps and how many search: IdleSet. The monitor and the state are on one line. */
final class Sleepers {
  static final int NOBODY = -1;

  private final Line line = new Line();
  private final int workers;
  private final Design design;
  private final int[] sleepers;
  private int count;
  private int searching;

  Sleepers(int workers, Design design) {
    this.workers = workers;
    this.design = design;
    this.sleepers = new int[workers];
  }

  /** The newest sleeper, to be unparked, if one sleeps and nobody searches. */
  int takeSleeper(Agent agent) {
    agent.load(line);
    if (count == 0 || searching > 0) {
      return NOBODY;
    }
    agent.lock(line);
    agent.atomic(line);
    agent.exitMonitor(line);
    searching++;
    return sleepers[--count];
  }

  boolean startSearching(Agent agent) {
    agent.load(line);
    if (!design.maySearch(searching, workers)) {
      return false;
    }
    agent.atomic(line);
    searching++;
    return true;
  }

  /** True if this was the last searcher. */
  boolean stopSearching(Agent agent) {
    agent.atomic(line);
    return --searching == 0;
  }

  void sleep(Agent agent, boolean searches) {
    agent.lock(line);
    agent.atomic(line);
    agent.exitMonitor(line);
    sleepers[count++] = agent.id;
    searching -= searches ? 1 : 0;
  }

  /** True if it was woken to search. */
  boolean rise(Agent agent) {
    agent.lock(line);
    for (int i = count - 1; i >= 0; i--) {
      if (sleepers[i] == agent.id) {
        System.arraycopy(sleepers, i + 1, sleepers, i, --count - i);
        agent.atomic(line);
        agent.exitMonitor(line);
        return false;
      }
    }
    agent.exitMonitor(line);
    return true;
  }
}
