package dev.weft.jfr;

import org.jspecify.annotations.Nullable;

/**
 * Whether the Flight Recorder records, so that there is somebody to tell. To be asked before a
 * class of an event is touched.
 *
 * <p>A field of our own, kept by a listener, because what the JDK has for this costs too much in a
 * program that is never recorded: an event's {@code isEnabled()} is next to nothing once the JIT
 * has it, but the first touch of a class of an event sets the recorder up, which takes 150 ms (JDK
 * 17 and 25, 2 cores); the listener takes 12 ms on JDK 17 and 3 on JDK 25, once, and an executor
 * that has threads registers it while those start. It only says that some recording runs. Whether
 * that one wants an event, and from which duration on, is asked of the event itself then, as this
 * may change while the recording runs, and no listener hears of it.
 *
 * <p>The recorder is the JVM's and would keep the listener, and with it all our classes, for ever.
 * So the listener is there only while an executor is, of those that have threads.
 */
public final class FlightSwitch {
  /**
   * Plain: a thread that looks meanwhile sees it a moment later, and loses an event or asks for one
   * in vain. Written by {@link RunningRecordings}, under its lock.
   */
  private static boolean on;

  /** Guarded by the class. */
  private static int executors;

  /** That of the executors that are there; null without one, and without the module. */
  private static @Nullable RunningRecordings recordings;

  private FlightSwitch() {}

  /** True while there is a recording, whatever it wants. */
  public static boolean isOn() {
    return on;
  }

  static void turn(boolean recording) {
    on = recording;
  }

  /** To be called once by an executor that is about to run, or to let others in. */
  public static synchronized void executorStarts() {
    if (executors++ == 0) {
      recordings = watch();
    }
  }

  /** To be called once by an executor that has ended. */
  public static synchronized void executorEnds() {
    RunningRecordings seen = recordings;
    if (--executors == 0 && seen != null) {
      recordings = null;
      seen.end();
    }
  }

  /** Null on a JVM without the recorder, or where this module does not read it. */
  private static @Nullable RunningRecordings watch() {
    try {
      Class<?> recorder =
          Class.forName("jdk.jfr.FlightRecorder", false, FlightSwitch.class.getClassLoader());
      return FlightSwitch.class.getModule().canRead(recorder.getModule())
          ? RunningRecordings.begin()
          : null;
    } catch (ClassNotFoundException | LinkageError | SecurityException absent) {
      return null;
    }
  }
}
