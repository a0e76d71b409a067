package dev.weft.perf.weaving;

import dev.weft.perf.Spread;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * <b>Question:</b> what does the agent add to the start of a server, from starting its JVM to its
 * first response?
 *
 * <p>The server is {@link HttpServerStart}: Netty's HTTP codec on NIO, nothing in it to weave, so
 * that the whole difference is the agent's: its jar, its classes, and its look at every class. Runs
 * with the agent and without it take turns, A B B A, after two that are not counted; the medians
 * are compared. The time is the parent's, from before the process is started to the line that says
 * the response is there; the CPU time is the process's own up to that line, all its threads
 * together, the compiler's included. On a busy machine trust the latter.
 *
 * <p><b>What would change the answer:</b> a class data archive of the application (AppCDS), which
 * an agent makes less effective; more classes, which pay the same each; classes to weave, the first
 * of which brings in ASM ({@link AsyncMethods#first}).
 *
 * <p><b>What it does not show:</b> the memory of the agent's classes.
 *
 * <p>Run by {@code perf/run startup agent [PAIRS]}.
 */
public final class AgentStartUp {
  private AgentStartUp() {}

  /**
   * Measures and prints.
   *
   * @param arguments the agent's jar, and the number of pairs of runs
   */
  public static void main(String... arguments) throws IOException, InterruptedException {
    String agent = "-javaagent:" + Path.of(arguments[0]).toAbsolutePath();
    int pairs = Integer.parseInt(arguments[1]);
    List<Run> without = new ArrayList<>();
    List<Run> with = new ArrayList<>();
    String classes = run().classes();
    run(agent);
    for (int pair = 0; pair < pairs; pair++) {
      if (pair % 2 == 0) {
        without.add(run());
        with.add(run(agent));
      } else {
        with.add(run(agent));
        without.add(run());
      }
    }
    System.out.printf(
        "JDK %s, %d pairs of runs; the server loads %s%n",
        Runtime.version().feature(), pairs, classes);
    compare("time", without, with, Run::millis);
    compare("CPU time", without, with, Run::cpuMillis);
  }

  /** What one start took. */
  private record Run(double millis, double cpuMillis, String classes) {}

  private static void compare(
      String what, List<Run> without, List<Run> with, ToDoubleFunction<Run> figure) {
    Spread a = Spread.of(without.stream().mapToDouble(figure));
    Spread b = Spread.of(with.stream().mapToDouble(figure));
    System.out.printf("%s%n  without the agent  %s%n", what, text(a));
    System.out.printf("  with the agent     %s%n", text(b));
    System.out.printf(
        "  the agent adds     %.1f ms, %.1f %% (medians)%n",
        b.median() - a.median(), 100 * (b.median() / a.median() - 1));
  }

  /** Runs the server once. */
  private static Run run(String... options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Arrays.asList(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(HttpServerStart.class.getName());
    long start = System.nanoTime();
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader out = process.inputReader()) {
      String line = out.readLine();
      long ready = System.nanoTime();
      String cpu = out.readLine();
      String classes = out.readLine();
      if (line == null || cpu == null || classes == null || process.waitFor() != 0) {
        throw new IllegalStateException("the server did not answer: " + command);
      }
      return new Run((ready - start) / 1e6, Double.parseDouble(cpu), classes);
    } finally {
      process.destroyForcibly();
    }
  }

  private static String text(Spread spread) {
    return String.format(
        "median %.1f ms, quartiles %.1f and %.1f", spread.median(), spread.lower(), spread.upper());
  }
}
