package dev.weft.perf.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** No figure in the README was typed by hand. */
class ReadmeTableTest {
  @Test
  void theTableIsThatOfTheFilesThatItNames() throws Exception {
    Path readme = Path.of("../README.md");
    String text = Files.readString(readme);

    assertThat(text).as("run perf/run readme").isEqualTo(ReadmeTable.withTable(text, readme));
  }
}
