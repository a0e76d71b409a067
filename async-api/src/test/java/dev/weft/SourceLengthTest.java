package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** No source file of any module is longer than a reader can keep in mind. */
class SourceLengthTest {
  private static final int MAX_LINES = 450;

  @Test
  void noSourceFileIsLong() throws IOException {
    Map<String, Integer> lengths = new TreeMap<>();
    try (Stream<Path> modules = Files.list(Path.of("..").toRealPath())) {
      for (Path module : modules.toList()) {
        Path sources = module.resolve("src/main/java");
        if (Files.isDirectory(sources)) {
          count(sources, lengths);
        }
      }
    }
    assertThat(lengths).as("of all modules").hasSizeGreaterThan(300);
    lengths.values().removeIf(lines -> lines <= MAX_LINES);
    assertThat(lengths).as("files of more than %s lines", MAX_LINES).isEmpty();
  }

  private static void count(Path sources, Map<String, Integer> lengths) throws IOException {
    try (Stream<Path> found = Files.walk(sources)) {
      for (Path file : found.filter(path -> path.toString().endsWith(".java")).toList()) {
        lengths.put(file.toString(), Files.readAllLines(file).size());
      }
    }
  }
}
