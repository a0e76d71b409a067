package dev.weft.weaver.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.weaver.ClassSource;
import dev.weft.weaver.FrameMode;
import dev.weft.weaver.WeaveResult;
import dev.weft.weaver.Weaver;
import dev.weft.weaver.WeaverOptions;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;

/** A main class, woven into a folder, to be run by the JVM that runs the tests. */
final class WovenProgram {
  private static final long DEADLINE_SECONDS =
      560; // before the limit of a test, to tell what it wrote

  private final Class<?> main;
  private final Path folder;

  /**
   * Weaves a program.
   *
   * @param main its class; the classes nested in it belong to the program too
   * @param folder an empty folder
   */
  WovenProgram(Class<?> main, Path folder) {
    this(main, folder, WeaverOptions.DEFAULT);
  }

  /** Weaves a program in a certain way. */
  WovenProgram(Class<?> main, Path folder, WeaverOptions options) {
    this.main = main;
    this.folder = folder;
    Weaver weaver =
        new Weaver(ClassSource.of(main.getClassLoader()), FrameMode.CLASS_FILES, options);
    boolean any = false;
    for (Path compiled : compiledClasses()) {
      WeaveResult result = weaver.weave(read(compiled));
      assertThat(result.diagnostics()).isEmpty();
      byte[] woven = result.bytes();
      write(compiled.getFileName().toString(), woven != null ? woven : read(compiled));
      result.frames().forEach((name, bytes) -> write(fileName(name), bytes));
      any |= woven != null;
    }
    assertThat(any).as("%s awaits", main).isTrue();
  }

  /** How a run ended. */
  record End(int status, String output) {}

  /**
   * Runs the program to its end.
   *
   * @param options of the JVM
   * @throws AssertionError if it does not end, with what it wrote
   */
  End run(List<String> options, String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.addAll(List.of("-Xverify:all", "-ea", "-cp", classPath(), main.getName()));
    command.addAll(List.of(arguments));
    Path output = folder.resolve("output.txt");
    ProcessBuilder builder =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().remove("JAVA_TOOL_OPTIONS"); // a JVM says that it has picked them up
    builder.environment().remove("JDK_JAVA_OPTIONS");
    Process process = builder.start();
    try {
      if (!process.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError(command + " does not end; so far it wrote: " + lines(output));
      }
    } finally {
      process.destroyForcibly();
    }
    return new End(process.exitValue(), lines(output));
  }

  /** The woven classes, and what every woven application needs: async-api and its logger. */
  String classPath() {
    return String.join(
        File.pathSeparator,
        folder.toString(),
        origin(Async.class).toString(),
        origin(Logger.class).toString());
  }

  /** The class file of the main class, woven. */
  byte[] wovenMain() {
    return read(packageFolder().resolve(main.getSimpleName() + ".class"));
  }

  private List<Path> compiledClasses() {
    Path compiled = origin(main).resolve(main.getPackageName().replace('.', '/'));
    String name = main.getSimpleName();
    try (Stream<Path> files = Files.list(compiled)) {
      return files
          .filter(file -> file.getFileName().toString().matches(name + "(\\$.*)?\\.class"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path packageFolder() {
    return folder.resolve(main.getPackageName().replace('.', '/'));
  }

  private static String fileName(String internalName) {
    return internalName.substring(internalName.lastIndexOf('/') + 1) + ".class";
  }

  private void write(String fileName, byte[] bytes) {
    try {
      Files.createDirectories(packageFolder());
      Files.write(packageFolder().resolve(fileName), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static byte[] read(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What the program wrote, without the logger's notice that it logs nowhere. */
  private static String lines(Path output) throws IOException {
    try (Stream<String> lines = Files.lines(output)) {
      return String.join("\n", lines.filter(line -> !line.startsWith("SLF4J")).toList());
    }
  }

  private static Path origin(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
