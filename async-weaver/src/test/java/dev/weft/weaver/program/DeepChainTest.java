package dev.weft.weaver.program;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * However deep async calls are nested, ending them takes no stack: not up the chain, nor down it.
 */
class DeepChainTest {
  private static final int DEPTH = 200_000;

  @TempDir private Path folder;
  private WovenProgram program;

  @BeforeEach
  void weave() {
    program = new WovenProgram(DeepChain.class, folder);
  }

  @Test
  void aResultTravelsUp() throws Exception {
    assertThat(outputOf("complete")).isEqualTo("completed with 200000\nfinally ran 200000 times");
  }

  @Test
  void aFailureTravelsUp() throws Exception {
    assertThat(outputOf("fail"))
        .isEqualTo(
            "failed with java.lang.IllegalStateException: at the bottom\n"
                + "finally ran 200000 times");
  }

  @Test
  void aCancellationTravelsDown() throws Exception {
    assertThat(outputOf("cancel"))
        .isEqualTo(
            "failed with java.util.concurrent.CancellationException: cancelled, the bottom with"
                + " java.util.concurrent.CancellationException: cancelled\n"
                + "finally ran 200000 times");
  }

  @Test
  void recursionThatSuspendsFirstHasNoDepthEither() throws Exception {
    assertThat(outputOf("recurse")).isEqualTo("recursed to 200000\nfinally ran 200001 times");
  }

  private String outputOf(String end) throws Exception {
    return program.run(List.of("-Xss512k"), end, Integer.toString(DEPTH)).output();
  }
}
