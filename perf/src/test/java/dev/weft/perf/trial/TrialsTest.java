package dev.weft.perf.trial;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The trials' command line: 2 for what is asked wrongly, 1 for a server that does not hold. */
class TrialsTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "overload --clients 0",
        "descriptors --limit 10",
        "drain --rounds -1",
        "drain --beside nobody",
        "restart --rate NaN",
        "soak --minutes 0",
        "pipe --on windows",
        "pipe --nonsense",
        "nonsense"
      })
  void whatIsAskedWronglyCannotRun(String arguments) {
    assertThat(Trials.execute((arguments + " --server /bin/false").split(" "))).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"overload", "descriptors", "pipe", "drain", "restart", "soak"})
  void aServerThatDoesNotStartDoesNotHold(String trial) {
    assertThat(Trials.execute(trial, "--on", "nio", "--server", "/bin/false"))
        .isEqualTo(Trials.FAILS);
  }

  @ParameterizedTest
  @ValueSource(strings = {"overload", "descriptors", "pipe", "drain", "restart", "soak"})
  void eachHasHelp(String trial) {
    assertThat(Trials.execute(trial, "--help")).isZero();
  }

  @Test
  void linesAreCountedAsTheyCome(@TempDir Path folder) throws IOException {
    try (OutputFile output = OutputFile.create(folder, "server")) {
      assertThat(output.lines()).isZero();
      Files.writeString(output.path(), "one\ntwo\nthr");
      assertThat(output.lines()).isEqualTo(2);
      Files.writeString(output.path(), "one\ntwo\nthree\n");
      assertThat(output.lines()).isEqualTo(3);
      assertThat(output.lines()).isEqualTo(3);
    }
    assertThat(folder).isNotEmptyDirectory();
  }

  @Test
  void eachKindSaysItsExecutorAndTransport() {
    assertThat(Kind.NODE.arguments())
        .isEqualTo(List.of("--executor", "node", "--transport", "epoll"));
    assertThat(Kind.IO_URING.arguments())
        .isEqualTo(List.of("--executor", "work-stealing", "--transport", "io_uring"));
  }
}
