package dev.weft.jfr;

import java.util.HashSet;
import java.util.Set;
import jdk.jfr.FlightRecorder;
import jdk.jfr.FlightRecorderListener;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;

/**
 * Turns {@link FlightSwitch} on while a recording runs, however it was started: by an option of the
 * JVM, by {@code jcmd}, by JDK Mission Control, by the program.
 *
 * <p>Two threads may bring news of one recording in the wrong order. So each looks at the recording
 * again when it has noted a state, until that is the one it has noted. The state is asked for
 * outside our lock, as the recorder takes its own for it, and may hold that when it calls us.
 */
final class RunningRecordings implements FlightRecorderListener {
  private final Set<Long> running = new HashSet<>();
  private boolean ended;

  private RunningRecordings() {}

  /** From now on, and for recordings that run already. */
  static RunningRecordings begin() {
    RunningRecordings recordings = new RunningRecordings();
    FlightRecorder.addListener(recordings);
    return recordings;
  }

  @Override
  public void recorderInitialized(FlightRecorder recorder) {
    recorder.getRecordings().forEach(this::recordingStateChanged);
  }

  @Override
  public void recordingStateChanged(Recording recording) {
    if (QuitSignals.isMarked(recording.getSettings())) {
      return; // it wants nothing of ours
    }
    RecordingState noted;
    do {
      noted = recording.getState();
      note(recording.getId(), noted == RecordingState.RUNNING);
    } while (recording.getState() != noted);
  }

  private synchronized void note(long recording, boolean runs) {
    if (!ended) {
      if (runs) {
        running.add(recording);
      } else {
        running.remove(recording);
      }
      FlightSwitch.turn(!running.isEmpty());
    }
  }

  /** Hears of no more. */
  void end() {
    FlightRecorder.removeListener(this);
    synchronized (this) {
      ended = true;
      FlightSwitch.turn(false);
    }
  }
}
