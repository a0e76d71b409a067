package dev.weft.scheduler.metrics;

/** Who polls a {@link LatencyProbe} and is told what it has measured. */
public interface LatencyRecorder {
  /** On the thread that polls the probe. */
  void recordLatency(long nanos);
}
