package dev.weft.weaver.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the command {@code tasks} says where it can show none. */
class TasksCommandTest {
  @TempDir Path root;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(String... arguments) {
    return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
  }

  @ParameterizedTest
  @CsvSource({
    "tasks 1 --heap x.hprof, not both",
    "tasks --heap x.hprof --json --tree, --tree is for text",
    "tasks --json, which JVM",
    "tasks nine, is not a long",
    "tasks --heap, --heap"
  })
  void aWrongCommandIsRefusedInOneLine(String command, String words) {
    assertThat(run(command.split(" "))).isEqualTo(2);

    assertThat(err.toString().lines()).singleElement().asString().contains(words, "--help");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void whatIsNoHeapDumpIsRefusedInOneLine() throws Exception {
    Path file = Files.writeString(root.resolve("notes.txt"), "to do");

    assertThat(run("tasks", "--heap", file.toString())).isEqualTo(1);
    assertThat(run("tasks", "--heap", root.resolve("none").toString())).isEqualTo(1);

    assertThat(err.toString().lines())
        .satisfiesExactly(
            line -> assertThat(line).contains("notes.txt: is no heap dump"),
            line -> assertThat(line).contains("there is no file"));
  }

  @Test
  void aProcessThatThereIsNotIsNamed() {
    assertThat(run("tasks", "0")).isEqualTo(1);

    assertThat(err.toString()).contains("there is no process 0;");
  }

  @Test
  void itDoesNotAttachToItself() {
    assertThat(run("tasks", Long.toString(ProcessHandle.current().pid()))).isEqualTo(1);

    assertThat(err.toString()).contains("is this command itself");
  }

  @Test
  void theHelpTeaches() {
    assertThat(run("tasks", "--help")).isZero();

    assertThat(out.toString()).contains("--tree", "GC.heap_dump", "t7 \"order\"", "Exit codes");
  }

  @Test
  void outputThatNobodyReadsIsNoFailure() throws Exception {
    Writer closed =
        new Writer() {
          @Override
          public void write(char[] text, int from, int length) throws IOException {
            throw new IOException("Broken pipe");
          }

          @Override
          public void flush() {}

          @Override
          public void close() {}
        };
    PrintWriter nobody = new PrintWriter(closed);

    assertThat(Main.run(nobody, new PrintWriter(err, true), "tasks")).isZero();
    assertThat(err.toString()).doesNotContain("Broken");
  }
}
