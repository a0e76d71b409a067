package dev.weft.weaver.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.Engine;
import dev.weft.weaver.WeaverOptions;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A generator ends from the inside out, whoever ends it: its consumer, cancelled at any of its
 * awaits, somebody who closes it, or who cancels a {@code next}.
 */
class GeneratorLifeTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"EA, 1", "DIRECT, 1", "DIRECT, 2"})
  void endsFromTheInsideOut(Engine engine, String workers) throws Exception {
    WovenProgram.End end =
        new WovenProgram(GeneratorLife.class, folder, WeaverOptions.DEFAULT.withEngine(engine))
            .run(List.of(), workers);

    assertThat(end.output()).isEqualTo("as it should be");
    assertThat(end.status()).isZero();
  }
}
