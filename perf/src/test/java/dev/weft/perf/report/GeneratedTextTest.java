package dev.weft.perf.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No figure in these documents was typed by hand. */
class GeneratedTextTest {
  private static final Path PROJECT = Path.of("..");

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "docs/two-models.md"})
  void itIsMadeFromTheFilesThatItNames(String document) throws Exception {
    String text = Files.readString(PROJECT.resolve(document));

    assertThat(text).contains("<!-- end of ");
    assertThat(text).as("run perf/run readme").isEqualTo(GeneratedText.update(text, PROJECT));
  }

  @Test
  void aTextWithoutSuchPartsStaysAsItIs() throws Exception {
    assertThat(GeneratedText.update("# Title $1\n", PROJECT)).isEqualTo("# Title $1\n");
  }

  @Test
  void aFileThatIsNotThereIsNamed() {
    String text = "<!-- figures: perf/results/none.json -->\nold\n<!-- end of figures -->\n";

    assertThatThrownBy(() -> GeneratedText.update(text, PROJECT))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("none.json");
  }
}
