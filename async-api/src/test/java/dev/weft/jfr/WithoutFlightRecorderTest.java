package dev.weft.jfr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.net.OtherJvm;
import org.junit.jupiter.api.Test;

/** On a run-time image without the module {@code jdk.jfr} everything runs, and nothing is told. */
class WithoutFlightRecorderTest {
  /** As it says what it has found. */
  public static final class Program {
    public static void main(String[] args) throws Exception {
      System.out.println(
          ModuleLayer.boot().findModule("jdk.jfr").isPresent()
              ? "with jdk.jfr"
              : "without jdk.jfr");
      System.out.println("task " + Order.run("alone") + " has ended, " + FlightSwitch.isOn());
    }
  }

  @Test
  void aProgramRunsWithoutTheModule() throws Exception {
    // What the libraries on the class path of the tests ask for.
    String others = "java.management,java.naming,java.xml,jdk.unsupported";
    assertThat(OtherJvm.run(Program.class, "--limit-modules", others))
        .contains("without jdk.jfr", "task 1 has ended, false");
  }

  @Test
  void withTheModuleAndNoRecordingNoClassOfAnEventIsLoaded() throws Exception {
    assertThat(OtherJvm.run(Program.class, "-Xlog:class+load"))
        .contains("with jdk.jfr", "task 1 has ended, false", RunningRecordings.class.getName())
        .doesNotContain(Poll.class.getName(), TaskSpawn.class.getName());
  }
}
