package dev.weft;

import java.io.IOException;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the public methods and constructors of this module that are given a time. */
final class TimeParameters {
  private TimeParameters() {}

  /** As {@code Interval.tick(int,Duration)}. What the JDK's own classes implement is left out. */
  static Set<String> names() throws IOException, URISyntaxException {
    Path root = Path.of(Async.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Set<String> names = new TreeSet<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file :
          files
              .filter(
                  path -> path.toString().endsWith(".class") && !path.endsWith("module-info.class"))
              .toList()) {
        String path = root.relativize(file).toString();
        addOf(type(path.substring(0, path.length() - ".class".length()).replace('/', '.')), names);
      }
    }
    return names;
  }

  private static Class<?> type(String name) {
    try {
      return Class.forName(name, false, Async.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new AssertionError(e);
    }
  }

  private static void addOf(Class<?> type, Set<String> names) {
    if (!isPublic(type)) {
      return;
    }
    for (Method method : type.getMethods()) {
      if (method.getDeclaringClass().getName().startsWith("dev.weft")) {
        add(method, method.getName(), names);
      }
    }
    for (Executable constructor : type.getConstructors()) {
      add(constructor, "new", names);
    }
  }

  private static boolean isPublic(Class<?> type) {
    Class<?> outer = type.getEnclosingClass();
    return Modifier.isPublic(type.getModifiers()) && (outer == null || isPublic(outer));
  }

  private static void add(Executable executable, String name, Set<String> names) {
    List<Class<?>> types = Arrays.asList(executable.getParameterTypes());
    int unit = types.indexOf(TimeUnit.class);
    if (types.contains(Duration.class) || (unit > 0 && types.get(unit - 1) == long.class)) {
      names.add(
          simpleName(executable.getDeclaringClass())
              + "."
              + name
              + types.stream()
                  .map(Class::getSimpleName)
                  .collect(Collectors.joining(",", "(", ")")));
    }
  }

  private static String simpleName(Class<?> type) {
    Class<?> outer = type.getEnclosingClass();
    return outer == null ? type.getSimpleName() : simpleName(outer) + "." + type.getSimpleName();
  }
}
