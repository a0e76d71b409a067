package dev.weft.perf.weaving;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * <b>Question:</b> what does the agent add to the start of a server, from starting its JVM to its
 * first response?
 *
 * <p>The server is {@link HttpServerStart}: Netty's HTTP codec on NIO, nothing in it to weave, so
 * that the whole difference is the agent's: its jar, its classes, and its look at every class. Runs
 * with the agent and without it take turns, A B B A, after two that are not counted; the medians
 * are compared. The time is the parent's, from before the process is started to the line that says
 * the response is there.
 *
 * <p><b>What would change the answer:</b> a class data archive of the application (AppCDS), which
 * an agent makes less effective; more classes, which pay the same each; classes to weave, the first
 * of which brings in ASM ({@link AsyncMethods#first}).
 *
 * <p><b>What it does not show:</b> the memory of the agent's classes.
 *
 * <p>Run by {@code perf/run startup [PAIRS]}.
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
    List<Double> without = new ArrayList<>();
    List<Double> with = new ArrayList<>();
    String classes = run();
    run(agent);
    for (int pair = 0; pair < pairs; pair++) {
      if (pair % 2 == 0) {
        without.add(time());
        with.add(time(agent));
      } else {
        with.add(time(agent));
        without.add(time());
      }
    }
    System.out.printf(
        "JDK %s, %d pairs of runs; the server loads %s%n",
        Runtime.version().feature(), pairs, classes);
    System.out.printf("without the agent  %s%n", spread(without));
    System.out.printf("with the agent     %s%n", spread(with));
    System.out.printf(
        "the agent adds     %.1f ms, %.1f %% (medians)%n",
        median(with) - median(without), 100 * (median(with) / median(without) - 1));
  }

  private static double time(String... options) throws IOException, InterruptedException {
    long start = System.nanoTime();
    long[] ready = new long[1];
    run(ready, options);
    return (ready[0] - start) / 1e6;
  }

  private static String run(String... options) throws IOException, InterruptedException {
    return run(new long[1], options);
  }

  /** Runs the server once; how many classes it says it took. */
  private static String run(long[] ready, String... options)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(Arrays.asList(options));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add(HttpServerStart.class.getName());
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader out = process.inputReader()) {
      String line = out.readLine();
      ready[0] = System.nanoTime();
      String classes = out.readLine();
      if (line == null || classes == null || process.waitFor() != 0) {
        throw new IllegalStateException("the server did not answer: " + command);
      }
      return classes;
    } finally {
      process.destroyForcibly();
    }
  }

  private static double median(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private static String spread(List<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    return String.format(
        "median %.1f ms, quartiles %.1f and %.1f",
        median(values), sorted[sorted.length / 4], sorted[sorted.length * 3 / 4]);
  }
}
