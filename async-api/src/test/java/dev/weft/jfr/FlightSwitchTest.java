package dev.weft.jfr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.WorkStealingExecutor;
import jdk.jfr.Recording;
import org.junit.jupiter.api.Test;

/** The switch is on while somebody records, and an executor is there to be recorded. */
class FlightSwitchTest {
  private static WorkStealingExecutor executor() {
    return WorkStealingExecutor.builder().workers(1).noDriver().build();
  }

  @Test
  void itIsOnFromTheFirstRecordingToTheLast() {
    try (WorkStealingExecutor executor = executor();
        Recording first = new Recording();
        Recording second = new Recording()) {
      assertThat(FlightSwitch.isOn()).isFalse();
      first.start();
      assertThat(FlightSwitch.isOn()).isTrue();
      second.start();
      first.stop();
      assertThat(FlightSwitch.isOn()).isTrue();
      second.stop();
      assertThat(FlightSwitch.isOn()).isFalse();
      assertThat(executor.isShutdown()).isFalse();
    }
  }

  @Test
  void aRecordingThatRunsAlreadyIsSeen() {
    try (Recording recording = new Recording()) {
      recording.start();
      try (WorkStealingExecutor executor = executor()) {
        assertThat(FlightSwitch.isOn()).isTrue();
        executor.shutdown();
      }
    }
  }

  @Test
  void withoutAnExecutorTheRecorderDoesNotKnowUs() {
    try (Recording recording = new Recording()) {
      executor().close();
      recording.start();
      assertThat(FlightSwitch.isOn()).isFalse();
    }
  }
}
