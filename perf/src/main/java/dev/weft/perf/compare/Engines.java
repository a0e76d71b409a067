package dev.weft.perf.compare;

import dev.weft.perf.Json;
import dev.weft.perf.report.Jmh;
import dev.weft.perf.startup.StartingServer;
import dev.weft.weaver.Engine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * <b>Question:</b> what does it cost to have methods woven by EA Async rather than by {@code
 * direct}, or the other way round: code, class files, frames; awaits that need not wait, awaits
 * that do, calls in calls; the start of a server; its CPU time per message?
 *
 * <p>Two builds of the same sources, one woven by each engine, are measured in turn, round by
 * round, each time in a process of its own. The ratio is EA Async by {@code direct}: below 1 EA
 * Async needs less, or, of what is counted per second, gets less done. A difference within the
 * noise of the rounds is none.
 *
 * <p><b>What would change the answer:</b> methods that are much larger, as EA Async's hold their
 * code twice: HotSpot inlines less of them, and compiles none of more than 8,000 bytes.
 *
 * <p><b>What it does not show:</b> how long weaving takes ({@code perf/run weaving}).
 *
 * <p>Run by {@code perf/run engines [ROUNDS]}.
 */
public final class Engines {
  private static final String EA = "ea";
  private static final String DIRECT = "direct";

  private static final String AWAITS =
      "awaitcost\\.(AwaitReady\\.weft|AwaitLoop\\.weft|SuspendResume\\.weft|CallChain\\.weft"
          + "|Exceptions\\.weft|TaskSwitch\\.weft)";

  private static final List<String> JMH_OPTIONS =
      List.of("-f", "1", "-wi", "3", "-i", "3", "-w", "500ms", "-r", "500ms", "-prof", "gc");

  /** Starts take a few hundred milliseconds, so there can be more of them. */
  private static final int STARTS_PER_ROUND = 3;

  private final Path perf;
  private final Path jdk;
  private final int rounds;

  /** The folders of the two builds, by engine. */
  private final Map<String, Path> trees = new LinkedHashMap<>();

  /** By row of the table and engine, a figure per round. */
  private final Map<String, Map<String, List<Double>>> figures = new LinkedHashMap<>();

  private Engines(Path perf, Path jdk, Path ea, Path direct, int rounds) {
    this.perf = perf;
    this.jdk = jdk;
    this.rounds = rounds;
    trees.put(EA, ea);
    trees.put(DIRECT, direct);
  }

  /**
   * Measures, and prints the table.
   *
   * @param arguments {@code perf/}, the home of the JDK to measure on, the folders of the builds
   *     woven by EA Async and by direct, and the number of rounds
   */
  public static void main(String... arguments) throws IOException, InterruptedException {
    Engines engines =
        new Engines(
            Path.of(arguments[0]).toAbsolutePath().normalize(),
            Path.of(arguments[1]),
            Path.of(arguments[2]),
            Path.of(arguments[3]),
            Integer.parseInt(arguments[4]));
    Machine machine = Machine.look(engines.perf, engines.jdk);
    engines.measureAwaits();
    engines.measureStarts();
    engines.measureServer();
    engines.print(machine);
    engines.keep(machine);
  }

  // ---- measuring

  private void measureAwaits() throws IOException, InterruptedException {
    for (int round = 1; round <= rounds; round++) {
      for (String engine : inTurn(round)) {
        System.out.printf("awaits   %d/%d  %s%n", round, rounds, engine);
        for (Jmh.Score score : runJmh(engine)) {
          note(score.benchmark() + ", " + score.unit(), engine, score.score());
          if (!Double.isNaN(score.bytes())) {
            note(score.benchmark() + ", B/op", engine, score.bytes());
          }
        }
      }
    }
  }

  private List<Jmh.Score> runJmh(String engine) throws IOException, InterruptedException {
    Path file = Files.createTempFile("engines-", ".json");
    Path log = Files.createTempFile("engines-", ".log");
    try {
      List<String> command = new ArrayList<>();
      command.add(jdk.resolve("bin/java").toString());
      command.addAll(List.of("-jar", jar(engine).toString(), AWAITS));
      command.addAll(JMH_OPTIONS);
      command.addAll(List.of("-rf", "json", "-rff", file.toString()));
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      if (process.waitFor() != 0) {
        throw new IOException("JMH has failed:\n" + Files.readString(log));
      }
      return Jmh.read(List.of(file));
    } finally {
      Files.delete(file);
      Files.delete(log);
    }
  }

  /** The first round is not counted: what the page cache lacks, the first start reads. */
  private void measureStarts() throws IOException, InterruptedException {
    for (int round = 0; round <= rounds * STARTS_PER_ROUND; round++) {
      for (String engine : inTurn(round)) {
        StartingServer server =
            new StartingServer(
                engine,
                List.of(tree(engine).resolve("echo-server/start").toString(), "--port", "0"),
                Map.of("JAVA_HOME", jdk.toString()));
        StartingServer.Start start = server.start();
        if (round > 0) {
          note("echo server's start until it listens, ms", engine, start.listening());
          note("echo server's start until its first echo, ms", engine, start.echoed());
        }
      }
    }
    System.out.printf("starts   %d of each%n", rounds * STARTS_PER_ROUND);
  }

  private void measureServer() throws IOException, InterruptedException {
    List<Contender> all = Contenders.all(jdk, perf.resolve("peers"), 2);
    List<Contender> contenders = new ArrayList<>();
    trees.keySet().forEach(engine -> contenders.add(Gate.servedBy(all, jar(engine), engine)));
    Scenario scenario = Scenario.echo().get(0);
    Map<String, String> skipped = new TreeMap<>();
    Results.Found found = new Rounds(contenders, rounds, System.out).run(scenario, skipped);
    if (!skipped.isEmpty()) {
      throw new IOException("a server has failed: " + skipped);
    }
    for (String engine : trees.keySet()) {
      for (Results.Figure figure : List.of(Results.Figure.CPU, Results.Figure.THROUGHPUT)) {
        found
            .figures(engine, figure)
            .forEach(value -> note(scenario.name() + ", " + figure.title, engine, value));
      }
    }
  }

  /** Now one first, now the other: what the machine does by turns meets both. */
  private List<String> inTurn(int round) {
    return round % 2 == 0 ? List.of(DIRECT, EA) : List.of(EA, DIRECT);
  }

  private Path tree(String engine) {
    return Objects.requireNonNull(trees.get(engine));
  }

  private Path jar(String engine) {
    return tree(engine).resolve("perf/target/benchmarks.jar");
  }

  private void note(String row, String engine, double figure) {
    figures
        .computeIfAbsent(row, first -> new LinkedHashMap<>())
        .computeIfAbsent(engine, first -> new ArrayList<>())
        .add(figure);
  }

  // ---- the table

  private void print(Machine machine) throws IOException {
    System.out.printf(
        "%n%s, %d processors, %s, JDK %s, commit %s, %d rounds, load before %.1f%n%n",
        machine.cpu(),
        machine.processors(),
        machine.date(),
        machine.versions().get("jdk"),
        machine.commit(),
        rounds,
        machine.loadBefore());
    System.out.println("| | EA Async | `direct` | EA Async / `direct` |\n|---|---|---|---|");
    printSizes();
    figures.forEach(
        (row, byEngine) -> {
          List<Double> ea = byEngine.getOrDefault(EA, List.of());
          List<Double> direct = byEngine.getOrDefault(DIRECT, List.of());
          row(row, figure(median(ea)), figure(median(direct)), ratio(ea, direct));
        });
  }

  private static void printSizes() throws IOException {
    EngineSizes ea = EngineSizes.of(Engine.EA);
    EngineSizes direct = EngineSizes.of(Engine.DIRECT);
    row(
        "code of "
            + ea.methods()
            + " methods of the corpus that both take, bytes (compiled "
            + ea.compiledCode()
            + ")",
        ea.code() + String.format(Locale.ROOT, " (%.1f times)", ea.codeGrowth()),
        direct.code() + String.format(Locale.ROOT, " (%.1f times)", direct.codeGrowth()),
        quotient(ea.code(), direct.code()));
    row(
        "their class files with frames, bytes (compiled " + ea.compiledClasses() + ")",
        ea.classes() + String.format(Locale.ROOT, " (%.1f times)", ea.classGrowth()),
        direct.classes() + String.format(Locale.ROOT, " (%.1f times)", direct.classGrowth()),
        quotient(ea.classes(), direct.classes()));
    row(
        "fields of a frame, bytes on average",
        String.format(Locale.ROOT, "%.1f", ea.frameFields()),
        String.format(Locale.ROOT, "%.1f", direct.frameFields()),
        quotient(ea.frameFields(), direct.frameFields()));
  }

  private static void row(String title, String ea, String direct, String ratio) {
    System.out.printf("| %s | %s | %s | %s |%n", title, ea, direct, ratio);
  }

  private static String quotient(double ea, double direct) {
    return String.format(Locale.ROOT, "%.2f", ea / direct);
  }

  /** Nothing allocated by either is no ratio. */
  private static String ratio(List<Double> ea, List<Double> direct) {
    return ea.size() != direct.size() || median(ea) < 0.01 && median(direct) < 0.01
        ? ""
        : Ratio.of(ea, direct).toString();
  }

  private static double median(List<Double> values) {
    return Ratio.median(values.stream().mapToDouble(Double::doubleValue).toArray());
  }

  private static String figure(double value) {
    if (value < 0.01) {
      return "0";
    }
    return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%.0f", value);
  }

  private void keep(Machine machine) throws IOException {
    Path file =
        perf.resolve("results")
            .resolve("engines-" + machine.date().replaceAll("[-:]", "") + ".json");
    Files.createDirectories(perf.resolve("results"));
    Files.writeString(
        file,
        Json.compact(Map.of("machine", machine, "rounds", rounds, "figures", figures)) + "\n");
    System.out.println("\nperf/run: " + file);
  }
}
