package dev.weft.weaver.gradle;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * What a program did that was run to its end.
 *
 * @param exitCode its exit code
 * @param output what it printed, its standard error included
 */
record Command(int exitCode, String output) {
  private static final int SECONDS = 400;

  /** The file of a program on the PATH. */
  static Optional<Path> onThePath(String program) {
    String path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Arrays.stream(path.split(File.pathSeparator))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, program))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /**
   * Runs a program.
   *
   * @param directory where it runs; its output is kept there meanwhile
   */
  static Command run(Path directory, List<String> command)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile(directory, "output", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true);
    // What is said to this JVM is not for those; and Gradle has the JDK that the machine has.
    Stream.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "GRADLE_OPTS", "JAVA_HOME")
        .forEach(builder.environment()::remove);
    // Gradle's start costs most of the time, and compiling it twice more than that gains.
    builder.environment().put("JAVA_OPTS", "-XX:TieredStopAtLevel=1");
    Process process = builder.redirectOutput(output.toFile()).start();
    try {
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError(command + " does not end; it said " + Files.readString(output));
      }
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    return new Command(process.exitValue(), Files.readString(output));
  }

  /** Runs a main class on the JDK of these tests. */
  static Command java(Path directory, String classPath, String mainClass)
      throws IOException, InterruptedException {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    return run(
        directory, List.of(java, "-Dslf4j.internal.verbosity=ERROR", "-cp", classPath, mainClass));
  }
}
