package dev.weft.weaver;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What docs/builds.md shows of a build's file is what builds/run builds with. */
class BuildsPageTest {
  private static final Pattern FILE =
      Pattern.compile("<!-- (builds/\\S+) -->\n```\\w+\n(.*?)```\n", Pattern.DOTALL);

  @Test
  void itsFilesAreThoseThatWereTried() throws IOException {
    Matcher shown = FILE.matcher(Files.readString(Path.of("docs", "builds.md")));
    int files = 0;
    while (shown.find()) {
      files++;
      assertThat(shown.group(2))
          .as(shown.group(1))
          .isEqualTo(Files.readString(Path.of(shown.group(1))));
    }
    assertThat(files).isEqualTo(9);
  }
}
