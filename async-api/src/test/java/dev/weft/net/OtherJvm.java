package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.internal.PlatformDependent;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs a program of the tests in a JVM of its own, with other options. */
public final class OtherJvm {
  private OtherJvm() {}

  /** What it writes; fails unless it ends well. */
  public static String run(Class<?> program, String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.addAll(
        List.of(
            "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path"), program.getName()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().remove("JAVA_TOOL_OPTIONS"); // a JVM says that it has picked them up
    builder.environment().remove("JDK_JAVA_OPTIONS");
    Process process = builder.start();
    try {
      // it ends by itself: all that it waits for has a deadline
      String output = new String(process.getInputStream().readAllBytes());
      assertThat(process.waitFor(Net.SECONDS, TimeUnit.SECONDS)).as(output).isTrue();
      assertThat(process.exitValue()).as(output).isZero();
      return output;
    } finally {
      process.destroyForcibly();
    }
  }

  /** The option by which Netty has {@code Unsafe} there if it has none in this JVM, or has not. */
  public static String withOrWithoutUnsafe() {
    boolean here = PlatformDependent.hasUnsafe();
    return here || Runtime.version().feature() < 23 // since then it has to be allowed
        ? "-Dio.netty.noUnsafe=" + here
        : "--sun-misc-unsafe-memory-access=allow";
  }
}
