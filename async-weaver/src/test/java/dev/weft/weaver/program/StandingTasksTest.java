package dev.weft.weaver.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.Engine;
import dev.weft.weaver.WeaverOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What {@code Task.asyncStackTrace} says of the tasks of {@link StandingTasks}, whole. */
class StandingTasksTest {
  private static final Path EXPECTED = Path.of("src/test/resources/traces/standing-tasks.txt");

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"EA, stealing", "DIRECT, stealing", "EA, node"})
  void areToldWithTheLinesOfTheirCalls(Engine engine, String executor) throws Exception {
    WovenProgram.End end =
        new WovenProgram(StandingTasks.class, folder, WeaverOptions.DEFAULT.withEngine(engine))
            .run(List.of(), executor);

    assertThat(end.status()).as(end.output()).isZero();
    String expected = Files.readString(EXPECTED).strip();
    assertThat(end.output())
        .isEqualTo(executor.equals("node") ? withoutRunning(expected) : expected);
  }

  /** The one thread of node mode would not come to what follows. */
  private static String withoutRunning(String expected) {
    return expected.replaceFirst("(?s)-- nothing\n.*?(?=-- )", "");
  }
}
