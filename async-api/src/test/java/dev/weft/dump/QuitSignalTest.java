package dev.weft.dump;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.WorkStealingExecutor;
import dev.weft.jfr.FlightSwitch;
import dev.weft.net.OtherJvm;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A dump of tasks behind the JVM's own. */
@DisabledOnOs(OS.WINDOWS)
class QuitSignalTest {
  private static final long SECONDS = 240;

  /** Sends itself the signal until the dump has come. */
  public static final class Program {
    public static void main(String[] args) throws Exception {
      PrintStream own = System.out;
      ByteArrayOutputStream seen = new ByteArrayOutputStream();
      System.setOut(new PrintStream(seen, true, StandardCharsets.UTF_8));
      try (WorkStealingExecutor executor =
          WorkStealingExecutor.builder().name("shop").workers(1).noDriver().build()) {
        executor.spawn("hangs", () -> new CompletableFuture<String>());
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (!seen.toString(StandardCharsets.UTF_8).contains("deadlock")
            && System.nanoTime() < end) {
          // Again and again: the recorder may be yet to begin.
          String pid = Long.toString(ProcessHandle.current().pid());
          new ProcessBuilder("kill", "-QUIT", pid).start().waitFor();
          Thread.sleep(100);
        }
        own.println(seen.toString(StandardCharsets.UTF_8));
        own.println("somebody records: " + FlightSwitch.isOn());
        executor.shutdownNow();
      }
    }
  }

  @Test
  void aDumpOfTasksFollowsTheThreadDump() throws Exception {
    assertThat(OtherJvm.run(Program.class, "-Ddev.weft.dumpOnQuit=true"))
        .contains("Full thread dump")
        .contains("executor shop")
        .contains("\"hangs\" suspended")
        .contains("1 task and 0 calls outside of tasks")
        .contains("somebody records: false");
  }
}
