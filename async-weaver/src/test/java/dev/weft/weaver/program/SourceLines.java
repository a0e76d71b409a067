package dev.weft.weaver.program;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The source of a class of this module, to find lines by what they say. */
record SourceLines(List<String> lines) {

  /** The source of a test class. Maven runs tests in the module's folder. */
  static SourceLines of(Class<?> type) {
    Path file = Path.of("src", "test", "java", type.getName().replace('.', '/') + ".java");
    try {
      return new SourceLines(Files.readAllLines(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The number, from 1, of the one line that ends with the text. */
  int lineOf(String text) {
    List<String> found = lines.stream().filter(line -> line.endsWith(text)).toList();
    if (found.size() != 1) {
      throw new IllegalStateException(found.size() + " lines end with " + text);
    }
    return lines.indexOf(found.get(0)) + 1;
  }
}
