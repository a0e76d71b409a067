package dev.weft.weaver.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** See {@link Cancelled}. */
class CancelledTest {
  static final Path SOURCE =
      Path.of("src/test/java", Cancelled.class.getName().replace('.', '/') + ".java");

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "kept-limited    | late; after the limit: another's, cancelled false",
        "kept-cancelled  | after it was passed on: another's, cancelled false",
        "own-and-foreign | before: false; in the task: its own, cancelled true;"
            + " in another task: another's, cancelled false",
        "or-timeout      | callee; caller",
        "views           | signalled",
        "loader          | before: true; after: true; blocking: true; left behind: false",
        "swallowed       | out of the loop; ended: true",
      })
  void seesWhatIsMeantForIt(String what, String expected) throws Exception {
    for (String executor : List.of("stealing", "node")) {
      assertThat(said(what, executor))
          .as("%s on %s", what, executor)
          .containsExactly(expected.split("; *"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"stealing", "node"})
  void whatDoesNotEndIsNamedWithTheLineOfItsAwait(String executor) throws Exception {
    assertThat(said("named", executor))
        .singleElement(STRING)
        .contains("neverEnds(Cancelled.java:" + lineOf("await(sleep(LONG)); // HERE") + ")");
  }

  @ParameterizedTest
  @ValueSource(strings = {"stealing", "node"})
  void aTimeLimitSaysWhichAwaitWasLate(String executor) throws Exception {
    assertThat(said("late-await", executor))
        .element(1, STRING)
        .contains("waitLong(Cancelled.java:" + lineOf("await(sleep(LONG)); // THE LATE ONE") + ")");
  }

  private static int lineOf(String code) throws Exception {
    List<String> lines = Files.readAllLines(SOURCE);
    for (int i = 0; i < lines.size(); i++) {
      if (lines.get(i).contains(code)) {
        return i + 1;
      }
    }
    throw new AssertionError("no line has " + code);
  }

  /** What a run has written, without what the logger says of itself. */
  private List<String> said(String what, String executor) throws Exception {
    WovenProgram.End run = run(what, executor);
    assertThat(run.status()).as(run.output()).isZero();
    return run.output().lines().filter(line -> !line.startsWith("SLF4J")).toList();
  }

  WovenProgram.End run(String what, String executor) throws Exception {
    return new WovenProgram(Cancelled.class, folder)
        .run(List.of("-Xmx24m", "-XX:+UseSerialGC"), what, executor);
  }
}
