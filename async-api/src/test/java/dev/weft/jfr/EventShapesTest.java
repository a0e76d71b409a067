package dev.weft.jfr;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Collectors;
import jdk.jfr.EventType;
import jdk.jfr.Timespan;
import jdk.jfr.ValueDescriptor;
import org.junit.jupiter.api.Test;

/** The names, labels, fields and units of all events: who reads recordings relies on them. */
class EventShapesTest {
  /** What the recorder adds to each. */
  private static final List<String> OF_THE_RECORDER =
      List.of("startTime", "duration", "eventThread", "stackTrace");

  @Test
  void theShapesAreThese() {
    assertThat(Recorded.types().stream().map(EventShapesTest::shape).collect(Collectors.joining()))
        .isEqualTo(
            """
            dev.weft.BlockingPoolGrowth "Blocking Pool Growth"
              String pool "Pool"
              int threads "Threads"
              int most "Most"
            dev.weft.Park "Worker Park"
              boolean inLoop "In I/O Loop"
            dev.weft.Poll "Task Poll"
              long taskId "Task Id"
              String taskName "Task Name"
              String awaitSite "Await Site"
            dev.weft.Resume "Task Resumed"
              long taskId "Task Id"
              String taskName "Task Name"
              int call "Call"
              String awaitSite "Await Site"
            dev.weft.SlowPoll "Slow Poll"
              long taskId "Task Id"
              String taskName "Task Name"
              String description "Description"
              String awaitSite "Await Site"
              String spawnSite "Spawn Site"
              long pollTime "Poll Time" in NANOSECONDS
              Thread worker "Worker"
              String blockingCall "Blocking Call"
            dev.weft.Steal "Steal"
              long taskId "Task Id"
              String taskName "Task Name"
              int from "From Worker"
              int taken "Taken"
            dev.weft.Suspend "Task Suspended"
              long taskId "Task Id"
              String taskName "Task Name"
              int call "Call"
              String awaitSite "Await Site"
              Class awaited "Awaited"
            dev.weft.Takeover "I/O Loop Takeover"
              int from "From Worker"
              boolean borrowed "Borrowed"
            dev.weft.TaskEnd "Task Ended"
              long taskId "Task Id"
              String taskName "Task Name"
              String outcome "Outcome"
            dev.weft.TaskSpawn "Task Spawned"
              long taskId "Task Id"
              String taskName "Task Name"
              String description "Description"
              long spawnedBy "Spawned By"
            dev.weft.TimerLag "Timer Lag"
              long lag "Lag" in NANOSECONDS
              int timers "Timers"
            """);
  }

  private static String shape(EventType type) {
    StringBuilder text = new StringBuilder(type.getName() + " \"" + type.getLabel() + "\"\n");
    for (ValueDescriptor field : ownFields(type)) {
      String simple = field.getTypeName().substring(field.getTypeName().lastIndexOf('.') + 1);
      Timespan unit = field.getAnnotation(Timespan.class);
      text.append("  ").append(simple).append(' ').append(field.getName());
      text.append(" \"").append(field.getLabel()).append('"');
      text.append(unit == null ? "" : " in " + unit.value()).append('\n');
    }
    return text.toString();
  }

  private static List<ValueDescriptor> ownFields(EventType type) {
    return type.getFields().stream()
        .filter(field -> !OF_THE_RECORDER.contains(field.getName()))
        .toList();
  }

  @Test
  void allAreInOneCategoryAndSayWhatTheyAre() {
    assertThat(Recorded.types())
        .allSatisfy(
            type -> {
              assertThat(type.getCategoryNames()).containsExactly("Weft");
              assertThat(type.getDescription()).as(type.getName()).isNotBlank();
              assertThat(ownFields(type))
                  .isNotEmpty()
                  .allSatisfy(
                      field ->
                          assertThat(field.getDescription())
                              .as(type.getName() + "." + field.getName())
                              .isNotBlank());
            });
  }

  @Test
  void aDurationHasItsUnit() {
    assertThat(Recorded.types())
        .flatExtracting(EventShapesTest::ownFields)
        .filteredOn(field -> field.getName().matches(".*(?i:time|lag)$"))
        .isNotEmpty()
        .allSatisfy(field -> assertThat(field.getContentType()).isEqualTo("jdk.jfr.Timespan"));
  }
}
