package dev.weft.weaver.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.Engine;
import dev.weft.weaver.WeaverOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The stack traces of {@link FailedCalls}, whole: the same by each engine, in node mode, and where
 * an agent has woven.
 */
class FailedCallsTest {
  static final Path SOURCE =
      Path.of("src/test/java", FailedCalls.class.getName().replace('.', '/') + ".java");

  private static final Path EXPECTED = Path.of("src/test/resources/traces/failed-calls.txt");

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(
      value = Engine.class,
      names = {"EA", "DIRECT"})
  void areWhole(Engine engine) throws Exception {
    assertThat(run(engine, List.of(), "stealing")).isEqualTo(expected());
  }

  @ParameterizedTest
  @EnumSource(
      value = Engine.class,
      names = {"EA", "DIRECT"})
  void areWholeInNodeMode(Engine engine) throws Exception {
    assertThat(asInNodeMode(run(engine, List.of(), "node"))).isEqualTo(asInNodeMode(expected()));
  }

  private static String expected() throws IOException {
    return Files.readString(EXPECTED).strip();
  }

  /**
   * There each await suspends, so that more of the callers wait, and a lambda between them that is
   * no async method has returned; and a sleep has another name.
   */
  private static String asInNodeMode(String traces) {
    return traces
        .replaceAll("  at \\S+lambda\\$ways\\$n\\S+\n", "")
        .replace("await//", "")
        .replace("a sleep task", "a sleep");
  }

  @Test
  void areAsJavaHasThemIfTheyAreTurnedOff() throws Exception {
    assertThat(run(Engine.EA, List.of("-Ddev.weft.asyncTraces=false"), "stealing"))
        .doesNotContain("await//")
        .doesNotContain("task \"")
        .contains("  at dev.weft.frame.Polling.poll(Polling.java");
  }

  /** What the program prints. */
  String run(Engine engine, List<String> options, String executor)
      throws IOException, InterruptedException {
    WovenProgram.End end =
        new WovenProgram(FailedCalls.class, folder, WeaverOptions.DEFAULT.withEngine(engine))
            .run(options, executor);
    assertThat(end.status()).as(end.output()).isZero();
    return end.output();
  }
}
