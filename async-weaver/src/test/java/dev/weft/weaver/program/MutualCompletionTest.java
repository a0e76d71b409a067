package dev.weft.weaver.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** However a completion races with the await of the same future, no wake-up is lost. */
class MutualCompletionTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"task", "plain"})
  void aMillionRoundsEnd(String futures) throws Exception {
    WovenProgram.End end =
        new WovenProgram(MutualCompletion.class, folder).run(List.of(), futures, "1000000");

    assertThat(end.output()).contains("played 2000000 rounds");
    assertThat(end.status()).isZero();
  }
}
