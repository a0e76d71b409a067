package dev.weft.weaver.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.Engine;
import dev.weft.weaver.WeaverOptions;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A task that hangs in a generator is told with the line of the generator, behind operators too.
 */
class GeneratorPlacesTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource(
      value = Engine.class,
      names = {"EA", "DIRECT"})
  void tellTheLineOfTheGenerator(Engine engine) throws Exception {
    WovenProgram.End end =
        new WovenProgram(GeneratorPlaces.class, folder, WeaverOptions.DEFAULT.withEngine(engine))
            .run(List.of());

    assertThat(end.output()).isEqualTo("as it should be");
    assertThat(end.status()).isZero();
  }
}
