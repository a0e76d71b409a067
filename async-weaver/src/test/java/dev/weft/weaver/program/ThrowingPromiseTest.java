package dev.weft.weaver.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A declared type whose constructor throws is a throwing await, not a body that runs twice. */
class ThrowingPromiseTest {
  @TempDir private Path folder;

  @Test
  void theBodyGoesOnOnceInItsHandler() throws Exception {
    WovenProgram.End end = new WovenProgram(ThrowingPromise.class, folder).run(List.of());

    assertThat(end.output()).isEqualTo("cannot be made; bodies: 1, handlers: 1");
  }
}
