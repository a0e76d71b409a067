package dev.weft.net.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How much of what can wait is run at a time. */
class PatientTasksTest {
  private final PatientTasks patient = new PatientTasks(400_000);
  private final List<String> ran = new ArrayList<>();

  private void add(String name) {
    patient.add(() -> ran.add(name));
  }

  /** As long as a poll has for all of them, whatever the machine does meanwhile. */
  private void addSlow(String name) {
    patient.add(
        () -> {
          for (long start = System.nanoTime(); System.nanoTime() - start < 2_000_000; ) {
            Thread.onSpinWait();
          }
          ran.add(name);
        });
  }

  @Test
  void theRestWaitsForTheNextPoll() {
    addSlow("slow");
    add("next");
    assertThat(patient.run(Runnable::run)).isEqualTo(1);
    assertThat(ran).containsExactly("slow");
    assertThat(patient.isEmpty()).isFalse();
    assertThat(patient.run(Runnable::run)).isEqualTo(1);
    assertThat(ran).containsExactly("slow", "next");
    assertThat(patient.isEmpty()).isTrue();
    assertThat(patient.run(Runnable::run)).isZero();
  }

  @Test
  void whatATaskAddsComesAfterWhatWasThere() {
    patient.add(() -> add("added"));
    add("there");
    while (!patient.isEmpty()) {
      patient.run(Runnable::run);
    }
    assertThat(ran).containsExactly("there", "added");
  }
}
