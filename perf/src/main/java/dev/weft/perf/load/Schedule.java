package dev.weft.perf.load;

/**
 * When the messages of the open loop are due: one every {@code 1/rate} seconds, the connections
 * that do not burn taking turns. Connections are numbered from 0; the burners have the last
 * numbers.
 */
record Schedule(long start, double nanosBetween, int connections) {
  static Schedule of(LoadPlan plan, Clock clock) {
    double between = plan.rate() == 0 ? Double.POSITIVE_INFINITY : 1e9 / plan.rate();
    return new Schedule(clock.start(), between, plan.workers());
  }

  /** When the connection's message with that index, from 0 on, is due. */
  long due(int connection, long index) {
    return due(index * connections + connection);
  }

  /** When the message is due that is the {@code turn}th of all. */
  long due(long turn) {
    return start + (long) (turn * nanosBetween);
  }

  /** How many of the connection's messages are due before {@code end}. */
  long dueBefore(int connection, long end) {
    long messages = 0;
    long guess = (long) ((end - start) / nanosBetween / connections);
    for (long index = Math.max(0, guess - 2); due(connection, index) - end < 0; index++) {
      messages = index + 1;
    }
    return messages;
  }
}
