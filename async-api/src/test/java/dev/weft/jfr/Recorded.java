package dev.weft.jfr;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import jdk.jfr.Configuration;
import jdk.jfr.EventType;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/** Runs a program while the Flight Recorder records. */
final class Recorded {
  /** All events, in the order of their names. */
  static final List<Class<? extends jdk.jfr.Event>> CLASSES =
      List.of(
          BlockingPoolGrowth.class,
          Park.class,
          Poll.class,
          Resume.class,
          SlowPoll.class,
          Steal.class,
          Suspend.class,
          Takeover.class,
          TaskEnd.class,
          TaskSpawn.class,
          TimerLag.class);

  interface Program {
    void run() throws Exception;
  }

  private Recorded() {}

  static List<EventType> types() {
    return CLASSES.stream().map(EventType::getEventType).toList();
  }

  /** The settings that ship with the library. */
  static Configuration settings(String name) throws Exception {
    try (Reader reader =
        new InputStreamReader(
            Poll.class.getResourceAsStream("/META-INF/weft/weft-" + name + ".jfc"),
            StandardCharsets.UTF_8)) {
      return Configuration.create(reader);
    }
  }

  /** Those that have all, each event from no duration on, and without stacks. */
  static Map<String, String> everything() throws Exception {
    Map<String, String> settings = new TreeMap<>(settings("trace").getSettings());
    settings.put("dev.weft.Poll#threshold", "0 ns");
    settings.put("dev.weft.Park#threshold", "0 ns");
    settings.put("dev.weft.TimerLag#lagThreshold", "0 ns");
    settings.put("dev.weft.TaskSpawn#stackTrace", "false");
    settings.put("dev.weft.BlockingPoolGrowth#stackTrace", "false");
    return settings;
  }

  /**
   * Runs a program that ends what it starts, so that all is told when it returns.
   *
   * @param file to be written
   */
  static void into(Path file, Map<String, String> settings, Program program) throws Exception {
    try (Recording recording = new Recording()) {
      recording.setSettings(settings);
      recording.start();
      program.run();
      recording.stop();
      recording.dump(file);
    }
  }

  /** What is told meanwhile, in the order in which it ended, as {@code jfr print} has it. */
  static List<RecordedEvent> of(Map<String, String> settings, Program program) throws Exception {
    Path file = Files.createTempFile("recorded", ".jfr");
    try {
      into(file, settings, program);
      return RecordingFile.readAllEvents(file).stream()
          .filter(event -> event.getEventType().getName().startsWith("dev.weft."))
          .sorted(Comparator.comparing(RecordedEvent::getEndTime))
          .toList();
    } finally {
      Files.delete(file);
    }
  }

  /** Of one kind, on threads whose names begin so. */
  static List<RecordedEvent> named(List<RecordedEvent> events, String name, String thread) {
    return events.stream()
        .filter(event -> event.getEventType().getName().equals("dev.weft." + name))
        .filter(event -> event.getThread().getJavaName().startsWith(thread))
        .toList();
  }

  /** The only one. */
  static RecordedEvent one(List<RecordedEvent> events) {
    assertThat(events).hasSize(1);
    return events.get(0);
  }
}
