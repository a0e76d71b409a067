package dev.weft.perf;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.openjdk.jmh.Main;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.util.Utils;

/**
 * The main class of {@code benchmarks.jar}: JMH's own, with JMH's options, after it has left out
 * what the JVM to be measured cannot run.
 */
public final class Benchmarks {
  private static final int FIRST_WITH_VIRTUAL_THREADS = 21;

  /** By this class JMH itself asks a JVM who it is. Not public, so by its name. */
  private static final String PRINT_PROPERTIES = "org.openjdk.jmh.runner.PrintPropertiesMain";

  private Benchmarks() {}

  /** Runs JMH. */
  public static void main(String... args) throws IOException {
    List<String> options = new ArrayList<>(List.of(args));
    int version = measuredVersion(args);
    if (version < FIRST_WITH_VIRTUAL_THREADS) {
      System.out.println(
          "# Skipped: the benchmarks named virtualThread*. They need JDK "
              + FIRST_WITH_VIRTUAL_THREADS
              + " or later, and this is JDK "
              + version
              + ".");
      options.addAll(List.of("-e", "\\.virtualThread"));
    }
    Main.main(options.toArray(String[]::new));
  }

  /**
   * The feature version of the JVM that JMH will fork: this one, unless {@code -jvm} names another.
   */
  private static int measuredVersion(String... args) {
    try {
      CommandLineOptions options = new CommandLineOptions(args);
      if (options.getJvm().hasValue()) {
        Properties properties =
            Utils.readPropertiesFromCommand(
                List.of(
                    options.getJvm().get(),
                    "-cp",
                    System.getProperty("java.class.path"),
                    PRINT_PROPERTIES));
        String version = properties.getProperty("java.version");
        if (version != null) {
          return Runtime.Version.parse(version).feature();
        }
      }
    } catch (CommandLineOptionException | IllegalArgumentException e) {
      // A mistake in the options, which JMH explains when it meets it.
    }
    return Runtime.version().feature();
  }
}
