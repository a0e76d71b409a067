package dev.weft.jfr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code jfr print}, the JDK's tool, shows of a task. */
class PrintedRecordingTest {
  private static final Path JFR = Path.of(System.getProperty("java.home"), "bin", "jfr");

  @TempDir private Path folder;

  /** Without what is another one in each run. */
  private static String golden(String printed) {
    return printed
        .replaceAll("startTime = .*", "startTime = (time)")
        .replaceAll("duration = .*", "duration = (duration)")
        .replaceAll("call = \\d+", "call = (call)")
        .replaceAll("taskId = [1-9]\\d*", "taskId = (id)")
        .replaceAll(" \\(javaThreadId = \\d+\\)", "")
        .replaceAll(" \\(classLoader = \\w+\\)", "")
        .replace('"' + Thread.currentThread().getName() + '"', "(test)")
        .strip();
  }

  private static String print(Path recording, String... options) throws Exception {
    List<String> command = new ArrayList<>(List.of(JFR.toString(), "print"));
    command.addAll(List.of(options));
    command.add(recording.toString());
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().remove("JAVA_TOOL_OPTIONS"); // a JVM says that it has picked them up
    builder.environment().remove("JDK_JAVA_OPTIONS");
    Process process = builder.start();
    try {
      String output = new String(process.getInputStream().readAllBytes());
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(output).isTrue();
      assertThat(process.exitValue()).as(output).isZero();
      return output;
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void theLifeOfATaskIsPrintedInOrder() throws Exception {
    assumeTrue(Files.isExecutable(JFR), JFR + ": this JDK comes without the tool");
    Path file = folder.resolve("order.jfr");
    Map<String, String> settings = new TreeMap<>(Recorded.everything());
    settings.put("dev.weft.Park#enabled", "false"); // how often it sleeps is chance
    settings.put("dev.weft.TimerLag#enabled", "false");
    Recorded.into(file, settings, () -> Order.run("printed"));

    assertThat(golden(print(file, "--categories", "Weft"))).isEqualTo(GOLDEN.strip());
  }

  private static final String GOLDEN =
      """
      dev.weft.TaskSpawn {
        startTime = (time)
        taskId = (id)
        taskName = "order"
        description = "order (a lambda of dev.weft.jfr.Order)"
        spawnedBy = 0
        eventThread = (test)
      }

      dev.weft.Suspend {
        startTime = (time)
        taskId = (id)
        taskName = "order"
        call = (call)
        awaitSite = "shop.Shop.buy(Shop.java:10)"
        awaited = dev.weft.Task
        eventThread = "printed-worker-0"
      }

      dev.weft.Poll {
        startTime = (time)
        duration = (duration)
        taskId = (id)
        taskName = "order"
        awaitSite = N/A
        eventThread = "printed-worker-0"
      }

      dev.weft.Resume {
        startTime = (time)
        taskId = (id)
        taskName = "order"
        call = (call)
        awaitSite = "shop.Shop.buy(Shop.java:10)"
        eventThread = "printed-worker-0"
      }

      dev.weft.Suspend {
        startTime = (time)
        taskId = (id)
        taskName = "order"
        call = (call)
        awaitSite = "shop.Shop.buy(Shop.java:11)"
        awaited = dev.weft.Task
        eventThread = "printed-worker-0"
      }

      dev.weft.Poll {
        startTime = (time)
        duration = (duration)
        taskId = (id)
        taskName = "order"
        awaitSite = "shop.Shop.buy(Shop.java:10)"
        eventThread = "printed-worker-0"
      }

      dev.weft.Resume {
        startTime = (time)
        taskId = (id)
        taskName = "order"
        call = (call)
        awaitSite = "shop.Shop.buy(Shop.java:11)"
        eventThread = "printed-worker-0"
      }

      dev.weft.Poll {
        startTime = (time)
        duration = (duration)
        taskId = (id)
        taskName = "order"
        awaitSite = "shop.Shop.buy(Shop.java:11)"
        eventThread = "printed-worker-0"
      }

      dev.weft.TaskEnd {
        startTime = (time)
        taskId = (id)
        taskName = "order"
        outcome = "completed"
        eventThread = "printed-worker-0"
      }

      dev.weft.Poll {
        startTime = (time)
        duration = (duration)
        taskId = (id)
        taskName = "order"
        awaitSite = N/A
        eventThread = "printed-worker-0"
      }
      """;
}
