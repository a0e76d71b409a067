package dev.weft.scheduler;

import dev.weft.scheduler.metrics.WorkerCounters;

/**
 * How fast a worker gets along: what its polls cost, by the time between two looks at the clock,
 * and for how long it has been awake. Confined to its thread.
 */
final class Pace {
  private final WorkerCounters counters;
  private final PollAverage average = new PollAverage();

  /** Since when, and how many polls ago, the average was updated. */
  private long batchStart;

  private int batchPolls;

  /** What a poll cost in the last batch, without sending, and in the one before. */
  private double last = average.nanos();

  private double before = last;

  /** Of the batch, the time that was spent sending. */
  private long sending;

  /** Up to when the time awake was counted. */
  private long awakeSince;

  Pace(WorkerCounters counters) {
    this.counters = counters;
  }

  /** The worker begins to run on a thread. */
  void begin(long now) {
    batchStart = now;
    awakeSince = now;
  }

  void countPoll() {
    batchPolls++;
    counters.increment(WorkerCounters.POLLS);
  }

  /** Takes time that the current frame has spent for others out of the average cost of a poll. */
  void discount(long nanos) {
    batchStart += nanos;
  }

  /** The current frame has sent something, which took so long. */
  void countSending(long nanos) {
    sending += nanos;
  }

  /** Ends a batch of polls, at a look at the clock. */
  void update(long now) {
    long elapsed = now - batchStart;
    counters.add(WorkerCounters.BUSY_NANOS, now - awakeSince);
    awakeSince = now;
    if (batchPolls > 0) {
      average.add(elapsed, batchPolls);
      before = last;
      last = (double) Math.max(0, elapsed - sending) / batchPolls; // which is an estimate
      counters.set(WorkerCounters.MEAN_POLL_NANOS, (long) average.nanos());
      batchPolls = 0;
      sending = 0;
    }
  }

  /** The next batch begins: what lies between was no poll. */
  void beginBatch(long now) {
    batchStart = now;
  }

  /** The worker has slept up to now. */
  void wakes(long now) {
    awakeSince = now;
  }

  /**
   * What a poll costs another worker as well, for some time now: without sending, which is done by
   * who has the loop; and not what one batch costs that takes long for once, as its thread has to
   * wait for a processor.
   */
  double lastingNanos() {
    return Math.min(last, before);
  }

  /** After how many polls to look at the injection queue. */
  int injectionInterval() {
    return average.injectionInterval();
  }
}
