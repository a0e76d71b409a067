package dev.weft.dump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonParser;
import dev.weft.WorkStealingExecutor;
import java.lang.management.ManagementFactory;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import javax.management.JMX;
import javax.management.ObjectName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Dumps of tasks as JMX has them. */
class JmxTasksTest {
  @TempDir private Path folder;

  private static ObjectName name() throws Exception {
    return new ObjectName("dev.weft:type=Tasks");
  }

  private static TaskDumpMXBean bean() throws Exception {
    return JMX.newMXBeanProxy(
        ManagementFactory.getPlatformMBeanServer(), name(), TaskDumpMXBean.class);
  }

  private static boolean isThere() throws Exception {
    return ManagementFactory.getPlatformMBeanServer().isRegistered(name());
  }

  @Test
  void anExecutorThatIsInJmxBringsThem() throws Exception {
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder().name("in jmx").workers(1).jmx(true).build()) {
      executor.spawn("the task", () -> new CompletableFuture<String>());
      assertThat(bean().dumpText(false)).contains("executor in jmx").contains("\"the task\"");
      assertThat(bean().dumpText(true)).contains("\"the task\"");
      assertThat(JsonParser.parseString(bean().dumpJson()).getAsJsonObject().get("version"))
          .hasToString("1");
      assertThat(bean().getDeadlocks()).isEmpty();
      for (String format : new String[] {"text", "tree", "json"}) {
        Path file = folder.resolve(format);
        bean().dumpToFile(file.toString(), format);
        assertThat(file).content().contains("the task");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
            .isEqualTo("rw-------");
      }
    }
    assertThat(isThere()).isFalse();
  }

  @Test
  void aFileThatIsThereIsNotTouched() throws Exception {
    Path file = Files.writeString(folder.resolve("mine"), "mine");
    try (JmxTasks published = JmxTasks.register()) {
      assertThatThrownBy(() -> bean().dumpToFile(file.toString(), "text"))
          .isInstanceOf(FileAlreadyExistsException.class);
      assertThat(file).hasContent("mine");
      assertThatThrownBy(() -> bean().dumpToFile(folder.resolve("no/file").toString(), "text"))
          .isInstanceOf(NoSuchFileException.class);
      assertThatThrownBy(() -> bean().dumpToFile("relative", "text"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("absolute");
      assertThatThrownBy(() -> bean().dumpToFile(folder.resolve("x").toString(), "xml"))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("text, tree or json");
      assertThat(folder.resolve("x")).doesNotExist();
      published.close();
      assertThat(isThere()).as("closed, and then once more").isFalse();
    }
  }

  @Test
  void theLastOneWhoNeedsThemTakesThemOut() throws Exception {
    try (JmxTasks one = JmxTasks.register();
        JmxTasks other = JmxTasks.register()) {
      one.close();
      one.close();
      assertThat(isThere()).isTrue();
      other.close();
      assertThat(isThere()).isFalse();
    }
  }
}
