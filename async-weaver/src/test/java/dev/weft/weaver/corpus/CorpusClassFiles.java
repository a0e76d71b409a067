package dev.weft.weaver.corpus;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The corpus as class files: for tests that take any class file. */
public final class CorpusClassFiles {
  private CorpusClassFiles() {}

  /** Compiles what is accepted and what is refused for Java 17, and writes it into a folder. */
  public static void write(Path folder) throws IOException {
    for (String part : List.of("accepted", "refused")) {
      List<Shape> shapes = Shape.in(part).stream().filter(shape -> shape.release() <= 17).toList();
      for (Map<String, byte[]> classes : new InMemoryCompiler(17, "-g").compile(shapes).values()) {
        for (Map.Entry<String, byte[]> entry : classes.entrySet()) {
          Files.write(folder.resolve(part + "-" + entry.getKey() + ".class"), entry.getValue());
        }
      }
    }
  }
}
