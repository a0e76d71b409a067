package dev.weft.perf.startup;

import dev.weft.perf.Spread;
import dev.weft.perf.load.LoadGenerator;
import dev.weft.perf.load.LoadPlan;
import dev.weft.perf.load.LoadResult;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * <b>Question:</b> how long does the echo server take until it is as fast as it gets, with the
 * archive of classes that its build makes and without; and how long do Tokio's and Node's?
 *
 * <p>A server is started, echoes one byte, and is then under full load from its first message on:
 * 64 connections of 64 bytes, in slices of a quarter of a second, each with connections of its own.
 * {@link Slices} says what is taken from them. One round starts each server once; the first round,
 * in which the generator itself gets warm, is not counted.
 *
 * <p><b>What would change the answer:</b> more processors, on which the compilers do not take
 * theirs from the workers; more connections, as what is slow is then the memory; other messages, as
 * each kind has code of its own.
 *
 * <p><b>What it does not show:</b> how a server gets warm that has little to do: it takes as many
 * messages, and therefore longer.
 *
 * <p>Run by {@code perf/run startup warmup [ROUNDS]}.
 */
public final class WarmUp {
  private static final Duration SLICE = Duration.ofMillis(250);
  private static final int SLICES = 40;

  private WarmUp() {}

  /** One start: what it took, and the slices after it. */
  private record Course(StartingServer.Start start, Slices slices) {}

  /**
   * Measures and prints.
   *
   * @param arguments {@code perf/}, the number of rounds, and the homes of the JDKs
   */
  public static void main(String... arguments) throws IOException, InterruptedException {
    Path perf = Path.of(arguments[0]).toAbsolutePath().normalize();
    int rounds = Integer.parseInt(arguments[1]);
    List<StartingServer> servers = new ArrayList<>();
    for (String jdk : List.of(arguments).subList(2, arguments.length)) {
      servers.addAll(StartingServers.ofWeft(perf, Path.of(jdk)));
    }
    servers.addAll(StartingServers.peers(perf, Path.of(arguments[2])));
    Map<StartingServer, List<Course>> courses = new LinkedHashMap<>();
    for (int round = 0; round <= rounds; round++) {
      for (StartingServer server : servers) {
        Course course = run(server);
        if (round > 0) {
          courses.computeIfAbsent(server, first -> new ArrayList<>()).add(course);
        }
        System.err.printf("round %d of %d: %s%n", round, rounds, server.title());
      }
    }
    print(rounds, courses);
  }

  private static Course run(StartingServer server) throws IOException, InterruptedException {
    List<Slices.Slice> slices = new ArrayList<>();
    StartingServer.Start start = server.start((port, pid) -> load(port, pid, slices));
    return new Course(start, new Slices(SLICE.toMillis(), slices));
  }

  private static void load(int port, long pid, List<Slices.Slice> slices)
      throws IOException, InterruptedException {
    LoadPlan plan = LoadPlan.defaults(port).withTimes(Duration.ZERO, SLICE);
    while (slices.size() < SLICES) {
      LoadResult result = LoadGenerator.run(plan, pid);
      LoadResult.ServerCost cost = result.server();
      if (!result.isRight() || cost == null || result.messages() == 0) {
        throw new IOException("the load failed: " + result.text());
      }
      if (result.isGeneratorSaturated()) {
        System.err.printf("slice %d: the generator had no time left%n", slices.size());
      }
      slices.add(new Slices.Slice(result.perSecond(), cost.cpuMicros()));
    }
  }

  private static void print(int rounds, Map<StartingServer, List<Course>> courses) {
    System.out.printf(
        "%d rounds: median (quartiles). 64 connections of 64 bytes from the first echo on, in"
            + " slices of %d ms. Warm: when a second of load has 90 %% of the last seconds'"
            + " throughput.%n%n",
        rounds, SLICE.toMillis());
    row(
        "",
        "first echo, ms",
        "warm after, ms",
        "CPU us/message: first",
        "2nd second",
        "at the end");
    System.out.println("|---|--:|--:|--:|--:|--:|");
    courses.forEach(
        (server, all) ->
            row(
                server.title(),
                spread(all, course -> course.start().echoed()).toString(),
                spread(all, course -> course.slices().warmAfterMillis()).toString(),
                tenths(spread(all, course -> course.slices().cpuMicros(0, 1))),
                tenths(spread(all, course -> course.slices().cpuMicros(4, 8))),
                tenths(spread(all, course -> course.slices().steadyCpuMicros()))));
  }

  private static void row(Object... cells) {
    System.out.printf("| %-24s | %-18s | %-18s | %-21s | %-16s | %-16s |%n", cells);
  }

  private static Spread spread(List<Course> courses, ToDoubleFunction<Course> figure) {
    return Spread.of(courses.stream().mapToDouble(figure));
  }

  private static String tenths(Spread spread) {
    return String.format(
        Locale.ROOT, "%.1f (%.1f..%.1f)", spread.median(), spread.lower(), spread.upper());
  }
}
