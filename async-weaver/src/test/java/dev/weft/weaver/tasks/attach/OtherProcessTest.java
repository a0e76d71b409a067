package dev.weft.weaver.tasks.attach;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Nobody is harmed by an attempt to attach to it. */
class OtherProcessTest {
  @Test
  @EnabledOnOs(OS.LINUX) // where it can be told
  void whatIsNoJvmIsLeftAlone() throws Exception {
    Process cat = new ProcessBuilder("cat").start();
    try {
      assertThatThrownBy(() -> RunningJvm.attach(cat.pid()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("process " + cat.pid() + " is no JVM");
      assertThat(cat.isAlive()).isTrue();
    } finally {
      cat.destroy();
    }
  }

  @Test
  void filesOfTheSameMachineAreWhereTheyAre() {
    Path file = Path.of("tasks.txt").toAbsolutePath();

    assertThat(new OtherProcess(ProcessHandle.current().pid()).here(file)).isEqualTo(file);
  }
}
