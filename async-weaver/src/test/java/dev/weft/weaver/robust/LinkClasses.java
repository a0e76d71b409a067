package dev.weft.weaver.robust;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Loads and verifies every class of a folder without initializing any. Exits with 1 if the JVM
 * refuses one. Used by {@code async-weaver/real-code}, as a source file of its own: {@code java
 * LinkClasses.java FOLDER [JAR...]}.
 */
final class LinkClasses {
  private LinkClasses() {}

  public static void main(String[] arguments) throws IOException {
    List<URL> path = new ArrayList<>();
    for (String argument : arguments) {
      path.add(Path.of(argument).toUri().toURL());
    }
    int linked = 0;
    int methods = 0;
    int refused = 0;
    ClassLoader loader =
        new URLClassLoader(path.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    for (String name : classesIn(Path.of(arguments[0]))) {
      try {
        // Asking for members links the class, and linking verifies it; forName alone does neither.
        methods += Class.forName(name, false, loader).getDeclaredMethods().length;
        linked++;
      } catch (ClassNotFoundException | LinkageError e) {
        refused++;
        System.out.println("  refused " + name + ": " + e);
      }
    }
    System.out.println(
        "  JDK "
            + Runtime.version().feature()
            + ": "
            + linked
            + " classes with "
            + methods
            + " methods verified, "
            + refused
            + " refused");
    System.exit(refused == 0 && linked > 0 ? 0 : 1);
  }

  private static List<String> classesIn(Path root) throws IOException {
    try (Stream<Path> files = Files.walk(root)) {
      return files
          .map(file -> root.relativize(file).toString())
          .filter(file -> file.endsWith(".class") && !file.endsWith("module-info.class"))
          .map(file -> file.substring(0, file.length() - 6).replace('/', '.'))
          .sorted()
          .toList();
    }
  }
}
