package dev.weft.weaver.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Async tail recursion without end takes constant memory: a chain of frames that kept 20 bytes per
 * call would not fit here. For more calls: {@code -Dtail.calls=}.
 */
class TailRecursionTest {
  private static final String CALLS = System.getProperty("tail.calls", "1000000");

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "task         | counted to CALLS",
        "future       | counted to CALLS",
        "deferred     | counted to CALLS",
        "mutual       | counted to CALLS",
        "virtual      | counted to CALLS",
        "awaited      | counted to CALLS",
        "plain-thread | counted to CALLS",
        "observed     | counted to CALLS",
        "fail         | failed with java.lang.NumberFormatException",
        "cancel       | failed with a cancellation, the last await with a cancellation",
      })
  void aMillionCallsFitInTwentyMegabytes(String way, String end) throws Exception {
    WovenProgram.End run =
        new WovenProgram(TailRecursion.class, folder)
            .run(List.of("-Xmx20m", "-XX:+UseSerialGC"), way, CALLS);

    assertThat(run.output()).contains(end.replace("CALLS", CALLS));
    assertThat(run.status()).isZero();
  }

  /**
   * With two workers, a call may end before its caller has come to park on it, and is linked from
   * the other side then. How often, and so what is left where that is not done, is up to the
   * machine.
   */
  @ParameterizedTest
  @ValueSource(strings = {"aside-task", "aside-future"})
  void aMillionCallsWhoseFuturesAnotherThreadCompletesFitInTenMegabytes(String way)
      throws Exception {
    WovenProgram.End run =
        new WovenProgram(TailRecursion.class, folder)
            .run(List.of("-Xmx10m", "-XX:+UseSerialGC"), way, CALLS);

    assertThat(run.output()).contains("counted to " + CALLS);
    assertThat(run.status()).isZero();
  }

  @Test
  void tenMillionCallsFitInSixtyFourMegabytes() throws Exception {
    WovenProgram.End run =
        new WovenProgram(TailRecursion.class, folder).run(List.of("-Xmx64m"), "task", "10000000");

    assertThat(run.output()).contains("counted to 10000000");
    assertThat(run.status()).isZero();
  }
}
