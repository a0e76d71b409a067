package dev.weft.metrics;

/**
 * What one worker has counted since the executor began. Written by the worker alone and read while
 * it goes on, so two of the figures may be a moment apart. The names are those of Tokio's {@code
 * RuntimeMetrics}.
 *
 * <pre>{@code
 * for (WorkerMetrics worker : executor.metrics().workers()) {
 *   System.out.println("worker " + worker.worker() + ": " + worker.pollCount() + " polls, "
 *       + worker.meanPollNanos() / 1000 + " us each");
 * }
 * }</pre>
 *
 * @param worker its index
 * @param parkCount how often it went to sleep
 * @param busyNanos the time in nanoseconds that it was awake, up to its last look at timers and
 *     I/O, at most 61 polls ago
 * @param pollCount frames polled
 * @param lifoPollCount of these, frames that it took out of its LIFO slot
 * @param stealCount frames that it has stolen from others
 * @param stealOperations how often it has stolen something
 * @param injectedCount frames that it took from the injection queue
 * @param localQueueDepth frames that wait for it now, with the LIFO slot and the overflow
 * @param overflowCount frames that found its ring full
 * @param meanPollNanos the average time of a poll in nanoseconds, weighted to the newest ones
 * @param forcedYieldCount awaits of complete futures that had to suspend because the coop budget
 *     was spent
 * @param loopTakeovers how often it took over an I/O loop whose holder was late
 * @param parked whether it sleeps now. One that does not, and whose other figures stay as they are,
 *     is kept by one poll
 */
public record WorkerMetrics(
    int worker,
    long parkCount,
    long busyNanos,
    long pollCount,
    long lifoPollCount,
    long stealCount,
    long stealOperations,
    long injectedCount,
    int localQueueDepth,
    long overflowCount,
    long meanPollNanos,
    long forcedYieldCount,
    long loopTakeovers,
    boolean parked) {}
