package dev.weft.jfr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.WorkStealingExecutor;
import dev.weft.net.OtherJvm;
import jdk.jfr.Recording;
import org.junit.jupiter.api.Test;

/**
 * The switch is on while somebody records, and an executor is there to be recorded. In a JVM of its
 * own: executors of other tests count too.
 */
class FlightSwitchTest {
  /** Says when it is on. */
  public static final class Program {
    public static void main(String[] args) {
      try (Recording recording = new Recording()) {
        executor().close();
        recording.start();
        say("without an executor");
      }
      try (WorkStealingExecutor executor = executor();
          Recording first = new Recording();
          Recording second = new Recording()) {
        say("before");
        first.start();
        say("first");
        second.start();
        first.stop();
        say("second");
        second.stop();
        say("after");
        executor.shutdown();
      }
      try (Recording recording = new Recording()) {
        recording.start();
        try (WorkStealingExecutor executor = executor()) {
          say("running already");
          executor.shutdown();
        }
        say("executor closed");
      }
    }

    private static WorkStealingExecutor executor() {
      return WorkStealingExecutor.builder().workers(1).noDriver().build();
    }

    private static void say(String when) {
      System.out.println(when + ": " + FlightSwitch.isOn());
    }
  }

  @Test
  void itIsOnFromTheFirstRecordingToTheLast() throws Exception {
    assertThat(OtherJvm.run(Program.class).lines().filter(line -> line.contains(": ")))
        .containsSubsequence(
            "without an executor: false",
            "before: false",
            "first: true",
            "second: true",
            "after: false",
            "running already: true",
            "executor closed: false");
  }
}
