package dev.weft.jfr;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordedThread;
import jdk.jfr.consumer.RecordingStream;

/**
 * Tells when the JVM has printed a thread dump because it was sent SIGQUIT. It keeps that signal to
 * itself: no handler can be set for it, and nothing of Java is called when it comes. But it records
 * each of its operations for who wants to know, and that is done here.
 *
 * <p>Such a stream is a recording that runs, of a few events a second. It is marked, so that the
 * program does not take it for one that wants events of tasks.
 */
public final class QuitSignals {
  /** The event, the operation, and who has asked for it, by HotSpot's names. */
  private static final String OPERATION = "jdk.ExecuteVMOperation";

  private static final String PRINT_THREADS = "PrintThreads";
  private static final String SIGNAL_THREAD = "Signal Dispatcher";

  /** What marks our stream among a recording's settings: of an event that there is not. */
  private static final String MARK = "dev.weft.QuitSignal#enabled";

  /** Whatever has been written to disk and is older is deleted. */
  private static final Duration KEPT = Duration.ofSeconds(10);

  private QuitSignals() {}

  /**
   * Begins to look.
   *
   * @param printed called on a thread of its own, up to two seconds after each such dump
   * @return ends it
   * @throws IllegalStateException if the recorder cannot run
   */
  public static AutoCloseable watch(Runnable printed) {
    RecordingStream stream = new RecordingStream();
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put(MARK, "false");
    leaveOut(FlightRecorder.getFlightRecorder().getEventTypes(), settings);
    settings.put(OPERATION + "#enabled", "true");
    settings.put(OPERATION + "#threshold", "0 ns");
    settings.put(OPERATION + "#stackTrace", "false");
    stream.setSettings(settings);
    stream.setMaxAge(KEPT);
    stream.setReuse(true);
    stream.onMetadata(
        metadata -> { // of classes that were loaded meanwhile
          if (leaveOut(metadata.getAddedEventTypes(), settings)) {
            stream.setSettings(settings);
          }
        });
    stream.onEvent(
        OPERATION,
        event -> {
          if (isDump(event)) {
            printed.run();
          }
        });
    // Not startAsync(): its thread is no daemon, and keeps the JVM alive.
    Thread reader = new Thread(() -> read(stream), "weft-quit-signals");
    reader.setDaemon(true);
    reader.start();
    return stream;
  }

  /** Events of programs are on in any recording that does not say otherwise. */
  private static boolean leaveOut(List<EventType> types, Map<String, String> settings) {
    boolean isNew = false;
    for (EventType type : types) {
      isNew |=
          !type.getName().startsWith("jdk.")
              && settings.put(type.getName() + "#enabled", "false") == null;
    }
    return isNew;
  }

  private static void read(RecordingStream stream) {
    try {
      stream.start();
    } catch (IllegalStateException closed) { // before it began
      stream.close();
    }
  }

  private static boolean isDump(RecordedEvent event) {
    RecordedThread caller = event.getThread("caller");
    return PRINT_THREADS.equals(event.getString("operation"))
        && caller != null
        && SIGNAL_THREAD.equals(caller.getJavaName());
  }

  /** True for such a stream. */
  static boolean isMarked(Map<String, String> settings) {
    return settings.containsKey(MARK);
  }
}
