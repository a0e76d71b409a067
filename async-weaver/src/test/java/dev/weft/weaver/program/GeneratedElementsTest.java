package dev.weft.weaver.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * However many elements a generator makes, ready or not, none of them costs memory: 200,000 of
 * them, or as many as {@code -Dweft.elements=10000000} says.
 */
class GeneratedElementsTest {
  private static final String COUNT = System.getProperty("weft.elements", "200000");

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(strings = {"ready", "suspending"})
  void anElementCostsNoMemory(String kind) throws Exception {
    WovenProgram.End end =
        new WovenProgram(GeneratedElements.class, folder)
            .run(List.of("-Xmx32m", "-XX:+UseSerialGC"), kind, COUNT);

    assertThat(end.output()).contains("read " + COUNT + " elements, no bytes for each");
    assertThat(end.status()).isZero();
  }
}
