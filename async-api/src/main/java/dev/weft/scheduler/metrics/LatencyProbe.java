package dev.weft.scheduler.metrics;

import dev.weft.Async;
import dev.weft.frame.Carrier;
import dev.weft.frame.Frame;
import org.jspecify.annotations.Nullable;

/**
 * Measures how long a frame waits from being scheduled to being polled: it is queued behind one
 * that is, goes the way of all frames, also to a thief, and says how long that took to the worker
 * that polls it. A time stamp in every frame would cost 8 bytes in each, whether anybody measures
 * or not. So it is by samples, one probe at a time for each worker and for the threads outside;
 * frames that go through the LIFO slot, which are faster, are not sampled.
 */
public final class LatencyProbe extends Frame<@Nullable Void> {
  private final long queuedAt = System.nanoTime();

  @Override
  protected @Nullable Object resume() {
    if (Carrier.current() instanceof LatencyRecorder recorder) {
      recorder.recordLatency(System.nanoTime() - queuedAt);
    }
    return Async.done();
  }
}
