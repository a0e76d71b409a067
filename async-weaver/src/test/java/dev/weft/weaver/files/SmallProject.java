package dev.weft.weaver.files;

import dev.weft.Async;
import dev.weft.weaver.agent.WeaverAgent;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.slf4j.LoggerFactory;

/** Sources and class files in a directory of their own, as a user's build has them. */
public final class SmallProject {
  /** A class with one async method: two awaits, the second of which needs what the first gave. */
  public static final String SHOP =
      """
      package shop;

      import static dev.weft.Async.await;

      import dev.weft.Async;
      import java.util.concurrent.CompletableFuture;

      public class Shop {
        public static CompletableFuture<String> buy(
            CompletableFuture<String> item, CompletableFuture<Long> price) {
          String name = await(item);
          long cents = await(price);
          return Async.done(name + " for " + cents);
        }
      }
      """;

  /** A class that the weaver refuses, for line 6. */
  public static final String LOCKED =
      """
      package shop;
      import java.util.concurrent.CompletableFuture;
      public class Locked {
        public static CompletableFuture<String> peek(CompletableFuture<String> item) {
          synchronized (Locked.class) {
            return CompletableFuture.completedFuture(dev.weft.Async.await(item));
          }
        }
      }
      """;

  /** A class that is woven with a warning, WEFT041 for line 6. */
  public static final String BLOCKING =
      """
      package shop;
      import java.util.concurrent.CompletableFuture;
      public class Blocking {
        public static CompletableFuture<String> both(CompletableFuture<String> item) {
          dev.weft.Async.await(item);
          return CompletableFuture.completedFuture(item.join());
        }
      }
      """;

  /** A class without an await. */
  public static final String PLAIN =
      """
      package shop;
      public class Plain {}
      """;

  private final Path sources;
  private final Path classes;

  public SmallProject(Path root) {
    sources = root.resolve("src");
    classes = root.resolve("classes");
    try {
      Files.createDirectories(sources);
      Files.createDirectories(classes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The directory of the class files. */
  public Path classes() {
    return classes;
  }

  /** The class file of an internal name. */
  public Path classFile(String internalName) {
    return classes.resolve(internalName + ".class");
  }

  /** Writes a source and compiles it. */
  public SmallProject compile(String internalName, String source) {
    Path file = sources.resolve(internalName + ".java");
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, source);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files = javac.getStandardFileManager(null, null, null)) {
      List<String> options = List.of("-g", "-d", classes.toString(), "-cp", compilePath());
      if (!javac
          .getTask(messages, files, null, options, null, files.getJavaFileObjects(file))
          .call()) {
        throw new AssertionError(messages);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return this;
  }

  private String compilePath() {
    return String.join(
        File.pathSeparator,
        classes.toString(),
        asyncApi(),
        eaAsync(),
        locationOf(WeaverAgent.class));
  }

  /** A class loader over the class files, and over async-api. */
  public URLClassLoader load() throws IOException {
    return new URLClassLoader(new URL[] {classes.toUri().toURL()}, getClass().getClassLoader());
  }

  /** Gives every class file an old time, so that whatever is written shows. */
  public void age() throws IOException {
    for (Path file : classFiles()) {
      Files.setLastModifiedTime(file, FileTime.fromMillis(0));
    }
  }

  /** The class files that were written since {@link #age}. */
  public List<String> written() throws IOException {
    List<String> written = new ArrayList<>();
    for (Path file : classFiles()) {
      if (Files.getLastModifiedTime(file).toMillis() != 0) {
        written.add(nameOf(file));
      }
    }
    return written;
  }

  /** Every file below the class directory by its path, with its content. */
  public Map<String, byte[]> content() throws IOException {
    Map<String, byte[]> content = new TreeMap<>();
    for (Path file : classFiles()) {
      content.put(nameOf(file), Files.readAllBytes(file));
    }
    return content;
  }

  private String nameOf(Path file) {
    return classes.relativize(file).toString().replace(File.separatorChar, '/');
  }

  private List<Path> classFiles() throws IOException {
    try (Stream<Path> files = Files.walk(classes)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  /** Where this test run has async-api: a directory or a jar. */
  public static String asyncApi() {
    return locationOf(Async.class);
  }

  /** EA's jar. */
  public static String eaAsync() {
    return locationOf(com.ea.async.Async.class);
  }

  /** What a JVM needs besides the project's own classes: async-api and what that needs. */
  public static String runtimePath() {
    return asyncApi() + File.pathSeparator + locationOf(LoggerFactory.class);
  }

  private static String locationOf(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI()).toString();
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }
}
