package dev.weft.weaver.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.Engine;
import dev.weft.weaver.WeaverOptions;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A declared type whose constructor throws is a throwing await, not a body that runs twice. */
class ThrowingPromiseTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @EnumSource
  void theBodyGoesOnOnceInItsHandler(Engine engine) throws Exception {
    WovenProgram.End end =
        new WovenProgram(ThrowingPromise.class, folder, WeaverOptions.DEFAULT.withEngine(engine))
            .run(List.of());

    assertThat(end.output()).isEqualTo("cannot be made; bodies: 1, handlers: 1");
  }
}
