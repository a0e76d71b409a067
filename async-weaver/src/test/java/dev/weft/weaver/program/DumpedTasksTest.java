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
import org.junit.jupiter.params.provider.EnumSource;

/** What a {@code TaskDump} says of the tasks of {@link DumpedTasks}, whole. */
class DumpedTasksTest {
  private static final Path EXPECTED = Path.of("src/test/resources/traces/dumped-tasks.txt");

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"EA, stealing", "DIRECT, stealing", "EA, node"})
  void areDumpedWithWhatTheyWaitFor(Engine engine, String executor) throws Exception {
    WovenProgram.End end =
        new WovenProgram(DumpedTasks.class, folder, WeaverOptions.DEFAULT.withEngine(engine))
            .run(List.of(), executor);

    assertThat(end.status()).as(end.output()).isZero();
    String expected = Files.readString(EXPECTED).strip();
    assertThat(end.output().strip())
        .isEqualTo(
            executor.equals("node")
                ? expected.replace("(work-stealing, 2 workers)", "(node)")
                : expected);
  }

  @ParameterizedTest
  @EnumSource
  void noDeadlockIsSeenWhereThereIsNone(Engine engine) throws Exception {
    WovenProgram.End end =
        new WovenProgram(BusyLocks.class, folder, WeaverOptions.DEFAULT.withEngine(engine))
            .run(List.of());

    assertThat(end.status()).as(end.output()).isZero();
    assertThat(end.output().lines()).hasSize(32).containsOnly("over");
  }
}
