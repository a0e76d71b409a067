package dev.weft.perf.weaving;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/** What is woven: class files from the class path, and the weaver's corpus, compiled here. */
public final class ClassFiles {
  /** Where the build puts the sources of the weaver's corpus. */
  private static final String CORPUS = "dev/weft/perf/weaving/corpus/";

  private ClassFiles() {}

  /** All class files of the class path whose names begin so. */
  public static List<byte[]> named(String prefix) throws IOException {
    List<byte[]> found = List.copyOf(entries(prefix, ".class").values());
    if (found.isEmpty()) {
      throw new IllegalStateException("no class of " + prefix + " in the class path");
    }
    return found;
  }

  private static Map<String, byte[]> entries(String prefix, String suffix) throws IOException {
    Map<String, byte[]> found = new TreeMap<>();
    for (String element : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (element.endsWith(".jar")) {
        inJar(new JarFile(element), prefix, suffix, found);
      } else if (Files.isDirectory(Path.of(element))) {
        inFolder(Path.of(element), prefix, suffix, found);
      }
    }
    return found;
  }

  private static void inJar(JarFile opened, String prefix, String suffix, Map<String, byte[]> found)
      throws IOException {
    try (JarFile jar = opened) {
      for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
        if (entry.getName().startsWith(prefix) && entry.getName().endsWith(suffix)) {
          try (InputStream in = jar.getInputStream(entry)) {
            found.putIfAbsent(entry.getName(), in.readAllBytes());
          }
        }
      }
    }
  }

  private static void inFolder(Path folder, String prefix, String suffix, Map<String, byte[]> found)
      throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = folder.relativize(file).toString().replace(File.separatorChar, '/');
        if (name.startsWith(prefix) && name.endsWith(suffix)) {
          found.putIfAbsent(name, Files.readAllBytes(file));
        }
      }
    }
  }

  /** Compiles the weaver's corpus for Java 17 by the running JDK's compiler. */
  public static List<byte[]> corpus() throws IOException {
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    if (javac == null) {
      throw new IllegalStateException("this Java has no compiler: run it on a JDK");
    }
    Path folder = Files.createTempDirectory("weft-corpus");
    try {
      Path classes = Files.createDirectory(folder.resolve("classes"));
      List<String> arguments = new ArrayList<>();
      arguments.addAll(List.of("--release", "17", "-g", "-proc:none", "-nowarn"));
      arguments.addAll(List.of("-cp", System.getProperty("java.class.path")));
      arguments.addAll(List.of("-d", classes.toString()));
      arguments.addAll(unpackSources(folder));
      ByteArrayOutputStream messages = new ByteArrayOutputStream();
      if (javac.run(null, messages, messages, arguments.toArray(String[]::new)) != 0) {
        throw new IllegalStateException(
            "the corpus does not compile\n" + messages.toString(StandardCharsets.UTF_8));
      }
      List<byte[]> compiled = new ArrayList<>();
      for (Path file : inside(classes.resolve("shapes"))) {
        compiled.add(Files.readAllBytes(file));
      }
      return compiled;
    } finally {
      deleteAll(folder);
    }
  }

  /** The sources that Java 17 can compile, and those that they need. */
  private static List<String> unpackSources(Path folder) throws IOException {
    List<String> paths = new ArrayList<>();
    for (Map.Entry<String, byte[]> entry : entries(CORPUS, ".java").entrySet()) {
      String source = new String(entry.getValue(), StandardCharsets.UTF_8);
      if (!source.contains("\n// release: ")) { // the corpus's mark of a newer language
        Path file = folder.resolve(entry.getKey().substring(CORPUS.length()));
        paths.add(Files.writeString(file, source).toString());
      }
    }
    return paths;
  }

  private static List<Path> inside(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private static void deleteAll(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      for (Path file : inside(path)) {
        deleteAll(file);
      }
    }
    Files.delete(path);
  }
}
