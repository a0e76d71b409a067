package dev.weft.scheduler;

import dev.weft.Clock;
import dev.weft.scheduler.blocking.BlockingThreads;
import dev.weft.scheduler.io.Driver;
import dev.weft.scheduler.queue.LocalQueue;
import dev.weft.scheduler.thread.Hooks;
import dev.weft.scheduler.watch.SlowPolls;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What an executor is made from. Only the scheduler itself reads it; each room is given the part
 * that concerns it.
 *
 * @param name prefix of its threads' names
 * @param workers how many workers
 * @param driver what opens the driver; null for none
 * @param maxBlockingThreads limit of the blocking pool
 * @param blockingKeepAlive how long an idle thread of it stays
 * @param virtualBlockingThreads whether its threads are virtual, and as many as there are calls
 * @param localQueueCapacity slots of each worker's ring; a power of two
 * @param ioLoops how many I/O loops; 0 for one, and further ones as the load needs them
 * @param takeover whether workers take I/O loops over from each other, where the driver lets them
 * @param clock the time by which timers run
 * @param hooks whom to tell what
 * @param measuring which histograms to keep
 * @param slowPolls is told of polls that last for long
 * @param seed for the order of a deterministic executor; null for one that is fast instead
 */
public record SchedulerConfig(
    String name,
    int workers,
    Driver.@Nullable Provider driver,
    int maxBlockingThreads,
    Duration blockingKeepAlive,
    boolean virtualBlockingThreads,
    int localQueueCapacity,
    int ioLoops,
    boolean takeover,
    Clock clock,
    Hooks hooks,
    Measuring measuring,
    SlowPolls slowPolls,
    @Nullable Long seed) {
  /** As Tokio has it. */
  public static final int LOCAL_QUEUE_CAPACITY = LocalQueue.CAPACITY;

  /**
   * Which histograms to keep.
   *
   * @param pollTimes how long polls take: two looks at the clock per poll
   * @param latencies how long frames wait for their poll: by samples
   */
  public record Measuring(boolean pollTimes, boolean latencies) {
    /** None. */
    public static final Measuring NOTHING = new Measuring(false, false);
  }

  /**
   * The threads for calls that block.
   *
   * @throws UnsupportedOperationException if they are to be virtual on a JVM that has no such ones
   */
  BlockingThreads blockingThreads() {
    return virtualBlockingThreads
        ? BlockingThreads.virtual(name)
        : BlockingThreads.platform(name, maxBlockingThreads, blockingKeepAlive);
  }
}
