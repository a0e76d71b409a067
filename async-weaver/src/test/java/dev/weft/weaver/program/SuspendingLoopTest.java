package dev.weft.weaver.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A loop may suspend for ever: its memory does not grow. A chain of futures that kept 16 bytes per
 * suspension would already not fit here.
 */
class SuspendingLoopTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"task", "plain"})
  void twoMillionSuspensionsFitInTwentyMegabytes(String source) throws Exception {
    WovenProgram.End end =
        new WovenProgram(SuspendingLoop.class, folder)
            .run(List.of("-Xmx20m", "-XX:+UseSerialGC"), source, "2000000");

    assertThat(end.output()).contains("suspended 2000000 times");
    assertThat(end.status()).isZero();
  }
}
