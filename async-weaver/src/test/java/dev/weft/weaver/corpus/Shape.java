package dev.weft.weaver.corpus;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One source file of the corpus: a class {@code shapes.NAME} with a method {@code static
 * CompletionStage<String> run(Source s)}. Its first line says in a comment what it is about.
 * Further comments, anywhere:
 *
 * <pre>
 * // release: 21          needs at least this release of the language
 * // expected: a b -> c   the trace and the result, where a blocking run behaves differently
 * // no faults            not to be run with each of its futures failing in turn
 * // racy                 which of its futures it suspends on depends on the threads
 * </pre>
 */
public record Shape(String name, String source) implements Comparable<Shape> {

  /** The shapes in a folder of the corpus, by name, without those that this JDK cannot compile. */
  static List<Shape> in(String folder) {
    int newest = Runtime.version().feature();
    return all(folder).stream().filter(shape -> shape.release() <= newest).toList();
  }

  /** The shapes in a folder of the corpus, by name. */
  public static List<Shape> all(String folder) {
    try (Stream<Path> files = Files.list(folder(folder))) {
      return files
          .filter(file -> file.toString().endsWith(".java"))
          .map(Shape::read)
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path folder(String folder) {
    URL url = Objects.requireNonNull(Shape.class.getResource("/corpus/" + folder), folder);
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Shape read(Path file) {
    try {
      String name = file.getFileName().toString();
      return new Shape(name.substring(0, name.length() - ".java".length()), Files.readString(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String className() {
    return "shapes." + name;
  }

  public String fileName() {
    return name + ".java";
  }

  /** The oldest release of the language that can compile it. */
  public int release() {
    String release = directive("release: ");
    return release == null ? 17 : Integer.parseInt(release);
  }

  /** The outcome that it is to have, or null if that is its blocking run's. */
  @Nullable String expected() {
    return directive("expected: ");
  }

  /**
   * The diagnostics that its lines end with, {@code // error: ...}, as the weaver is to give them.
   */
  public List<String> marked(String severity) {
    String mark = "// " + severity + ": ";
    List<String> expected = new ArrayList<>();
    List<String> lines = source.lines().toList();
    for (int i = 0; i < lines.size(); i++) {
      int at = lines.get(i).indexOf(mark);
      if (at >= 0) {
        expected.add(fileName() + ":" + (i + 1) + ": " + lines.get(i).substring(at + 3));
      }
    }
    return expected;
  }

  boolean takesFaults() {
    return directive("no faults") == null && expected() == null;
  }

  boolean isRacy() {
    return directive("racy") != null;
  }

  private @Nullable String directive(String start) {
    return source
        .lines()
        .filter(line -> line.startsWith("// " + start))
        .map(line -> line.substring("// ".length() + start.length()))
        .findFirst()
        .orElse(null);
  }

  @Override
  public int compareTo(Shape other) {
    return name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return name;
  }
}
