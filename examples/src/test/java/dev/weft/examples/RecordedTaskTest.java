package dev.weft.examples;

import static dev.weft.Async.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Flight Recorder is told the lines at which woven methods wait. */
class RecordedTaskTest {
  @TempDir private Path folder;

  private static CompletableFuture<String> greet(Task<String> name, Task<String> title) {
    String greeting = "Hello, " + await(name);
    return Async.done(greeting + ", " + await(title(title)));
  }

  private static CompletableFuture<String> title(Task<String> title) {
    return Async.done("the " + await(title));
  }

  @Test
  void eachSuspensionHasItsLineAndItsResumption() throws Exception {
    Path file = folder.resolve("greeting.jfr");
    long id;
    try (Recording recording = new Recording()) {
      recording.enable("dev.weft.Suspend");
      recording.enable("dev.weft.Resume");
      recording.start();
      try (WorkStealingExecutor executor =
          WorkStealingExecutor.builder().workers(1).noDriver().build()) {
        Task<String> name = new Task<>();
        Task<String> title = new Task<>();
        Task<String> greeting = executor.spawn(() -> greet(name, title));
        id = greeting.id();
        name.complete("Ada");
        executor.submit(() -> title.complete("Countess")).get(60, TimeUnit.SECONDS);
        assertThat(greeting.get(60, TimeUnit.SECONDS)).isEqualTo("Hello, Ada, the Countess");
        executor.close(Duration.ofSeconds(60));
      }
      recording.stop();
      recording.dump(file);
    }
    List<RecordedEvent> events =
        RecordingFile.readAllEvents(file).stream()
            .filter(event -> event.hasField("call") && event.getLong("taskId") == id)
            .sorted(Comparator.comparing(RecordedEvent::getStartTime))
            .toList();
    String here = RecordedTaskTest.class.getName();
    assertThat(events)
        .isNotEmpty()
        .allSatisfy(
            event ->
                assertThat(event.getString("awaitSite"))
                    .matches(
                        "\\Q" + here + "\\E\\.(greet|title)\\(RecordedTaskTest\\.java:\\d+\\)"));
    assertThat(events)
        .filteredOn(event -> event.getEventType().getName().equals("dev.weft.Suspend"))
        .hasSize(events.size() / 2);
    for (RecordedEvent event : events) { // of each call every second one is a suspension
      List<RecordedEvent> ofCall =
          events.stream().filter(other -> other.getInt("call") == event.getInt("call")).toList();
      int at = ofCall.indexOf(event);
      boolean suspends = event.getEventType().getName().equals("dev.weft.Suspend");
      assertThat(suspends).isEqualTo(at % 2 == 0);
      assertThat(event.getString("awaitSite"))
          .isEqualTo(ofCall.get(at - at % 2).getString("awaitSite"));
    }
  }
}
