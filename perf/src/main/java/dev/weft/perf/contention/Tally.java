package dev.weft.perf.contention;

/** What is counted in one run; all agents together. */
final class Tally {
  /** Atomic read-modify-writes, also those that fail. */
  long atomics;

  /** Full fences that are none of those: volatile stores. */
  long fences;

  /** Lines written that others held, or read that another had written. */
  long transfers;

  /** Of these, by workers that looked at what others have. */
  long searchTransfers;

  long steals;
  long stolenFrames;

  /** Threads unparked. */
  long wakes;

  /** Searches that found nothing. */
  long failedSearches;

  /** Compare-and-sets of a thief that failed. */
  long lostRaces;

  /** Tasks ended, or messages received: what the workload counts by. */
  long units;

  /** When the last task ended, in nanoseconds. */
  long nanos;

  /** For how long workers were blocked, all together. */
  long asleep;

  /** For how long they were not: what they cost. */
  long awake;

  double perUnit(long count) {
    return (double) count / units;
  }
}
