package dev.weft.weaver.agent;

import dev.weft.weaver.files.SmallProject;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a JVM of the same version did, given these arguments.
 *
 * @param exitCode its exit code
 * @param out what it printed
 * @param err what it printed to its standard error
 */
public record ForkedJvm(int exitCode, List<String> out, List<String> err) {
  private static final int SECONDS = 240;

  /** Runs a JVM to its end. */
  public static ForkedJvm run(Path directory, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Dslf4j.internal.verbosity=ERROR"); // it has no provider here, and need not say so
    command.addAll(Arrays.asList(arguments));
    Path out = directory.resolve("out.txt");
    Path err = directory.resolve("err.txt");
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().remove("JAVA_TOOL_OPTIONS");
    builder.environment().remove("JDK_JAVA_OPTIONS");
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    try {
      if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
        throw new AssertionError(
            command
                + " does not end; it said "
                + Files.readAllLines(out)
                + Files.readAllLines(err));
      }
    } finally {
      process.destroyForcibly();
    }
    return new ForkedJvm(process.exitValue(), Files.readAllLines(out), Files.readAllLines(err));
  }

  /** Runs the project's class {@code app.Main} with these options of the JVM. */
  public static ForkedJvm runMain(Path directory, SmallProject project, String... options)
      throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(Arrays.asList(options));
    arguments.add("-cp");
    arguments.add(project.classes() + File.pathSeparator + SmallProject.runtimePath());
    arguments.add("app.Main");
    return run(directory, arguments.toArray(String[]::new));
  }

  /** The option that starts a JVM with the agent. */
  public static String agent(String agentOptions) {
    return "-javaagent:" + agentJar() + agentOptions;
  }

  /** The self-contained jar, which is there once the module is packaged. */
  public static String agentJar() {
    String jar = System.getProperty("weft.agent.jar");
    if (jar == null || !new File(jar).isFile()) {
      throw new AssertionError("run by `mvn verify`, which packages the agent first: " + jar);
    }
    return jar;
  }

  /**
   * The standard error without what the JVM itself has to say of an agent that is attached to it.
   */
  public List<String> errWithoutJvmWarnings() {
    return err.stream()
        .filter(line -> !line.startsWith("WARNING: ") && !line.contains("VM warning: "))
        .toList();
  }
}
