package dev.weft.weaver.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A task whose data is always ready does not keep the others from running. */
class CoopBudgetTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"task", "plain"})
  void aTaskThatIsAlwaysReadyLetsOthersRun(String futures) throws Exception {
    WovenProgram.End end = new WovenProgram(ReadyForever.class, folder).run(List.of(), futures);

    assertThat(end.output()).isEqualTo("had its turn\nstopped");
    assertThat(end.status()).isZero();
  }
}
