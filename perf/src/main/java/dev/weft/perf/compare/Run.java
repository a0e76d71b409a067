package dev.weft.perf.compare;

import dev.weft.perf.Json;
import dev.weft.perf.report.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The runner's command line. */
@Command(
    name = "perf/run",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "",
      "Compares servers under the same load, in turn. Quotes medians, and a ratio only where it is"
          + " beyond the noise of the rounds (95 %% confidence, and 2 %% at least).",
      ""
    })
public final class Run implements Callable<Integer> {
  /** Whose name is the baseline's with this at its end, is the baseline once more. */
  private static final String AGAIN = "-again";

  private enum What {
    QUICK,
    ECHO,
    MIXED,
    CONNECTIONS,
    CLAIMS,
    GATE,
    FULL
  }

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Parameters(
      paramLabel = "WHAT",
      description =
          "quick: small messages and the mixed load; echo: three loads; mixed: one connection burns"
              + " CPU; connections: 1 to 10,000 of them; claims: what articles say of the two models;"
              + " gate: this build against another one; full: all but the gate")
  private What what = What.QUICK;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Rounds. Default: 5, for quick 2, mixed, connections and claims 3, gate 7")
  private int rounds;

  @Option(
      names = "--most",
      paramLabel = "N",
      description =
          "Go on, for N rounds at most, as long as there is an interval of CPU time per message,"
              + " compared with the baseline, that is wider than 5 %% to either side: only a"
              + " narrower one can say that there is no difference. Default: 10 for echo without"
              + " --rounds, else no more than the rounds")
  private int most;

  @Option(
      names = "--warmup",
      paramLabel = "SECONDS",
      description = "Default: 2, for quick 1.5, for gate 5")
  private double warmup;

  @Option(names = "--duration", paramLabel = "SECONDS", description = "Default: 3, for quick 1.5")
  private double duration;

  @Option(
      names = "--peers",
      paramLabel = "NAMES",
      split = ",",
      description =
          "Only these, in this order; see --list. NAME-one-cpu is that server on one processor, by"
              + " taskset, and with one thread; NAME-again is it once more.")
  private List<String> chosen = new ArrayList<>();

  @Option(
      names = "--loads",
      paramLabel = "NAMES",
      split = ",",
      description = "Only these of WHAT's loads, by the names that it prints: echo-64x64, ...")
  private List<String> loads = new ArrayList<>();

  @Option(
      names = "--baseline",
      paramLabel = "NAME",
      defaultValue = "tokio",
      description = "Whom to divide by. Default: ${DEFAULT-VALUE}, or the first if it is not there")
  private String baseline = "";

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "2",
      description = "Workers, event loops and so on of each server. Default: ${DEFAULT-VALUE}")
  private int threads;

  @Option(
      names = "--syscalls",
      negatable = true,
      description =
          "Behind the rounds, count each server's system calls per message, by perf or else strace:"
              + " a pass as long as a round. Default: yes, but not for quick and gate")
  private @Nullable Boolean syscalls;

  @Option(
      names = "--against",
      hidden = true,
      paramLabel = "JAR",
      description = "For gate: the benchmarks.jar of the other build.")
  private @Nullable Path against;

  @Option(names = "--list", description = "Lists the servers, and what keeps some from running.")
  private boolean list;

  @Option(names = "--perf", hidden = true, required = true)
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path perf;

  @Option(names = "--jdk", paramLabel = "HOME", description = "JDK of the servers in Java.")
  private Path jdk = Path.of(System.getProperty("java.home"));

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description = "Where the figures go, as JSON. Default: perf/results/WHAT-DATE.json")
  private @Nullable Path out;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Prints this.")
  @SuppressWarnings("unused") // picocli acts on it
  private boolean help;

  /** Runs the comparison. */
  public static void main(String[] args) {
    CommandLine command = new CommandLine(new Run());
    command.setCaseInsensitiveEnumValuesAllowed(true);
    command.setParameterExceptionHandler((error, ignored) -> complain(error));
    command.setExecutionExceptionHandler((error, ignored, result) -> complain(error));
    System.exit(command.execute(args));
  }

  private static int complain(Exception error) {
    String hint = error instanceof ParameterException ? " (--help shows the options)" : "";
    System.err.println("perf/run: " + error.getMessage() + hint);
    return 2;
  }

  /** Called by picocli once the options are parsed. */
  @Override
  public Integer call() throws IOException, InterruptedException {
    List<Contender> all = Contenders.all(jdk, perf.resolve("peers"), threads);
    if (list) {
      all.forEach(c -> System.out.printf("%-24s %s%n", c.name(), status(c)));
      return 0;
    }
    List<Contender> wanted =
        what == What.GATE ? gate(all) : chosen.isEmpty() ? usual(all) : choose(all);
    Map<String, String> skipped = new LinkedHashMap<>();
    Map<String, String> titles = new LinkedHashMap<>();
    List<Contender> contenders = new ArrayList<>();
    for (Contender contender : wanted) {
      if (contender.missing() == null) {
        contenders.add(contender);
        titles.put(contender.name(), contender.title());
      } else {
        skipped.put(contender.name(), contender.missing());
        System.out.println("skipped: " + contender.name() + ": " + contender.missing());
      }
    }
    if (contenders.isEmpty()) {
      throw new ParameterException(spec.commandLine(), "none of these servers can run here");
    }
    if (!titles.containsKey(baseline)) {
      baseline = contenders.get(0).name();
    }
    Machine machine = Machine.look(perf, jdk);
    List<Results.Found> found = new ArrayList<>();
    long openFiles = OpenFiles.limit();
    SyscallPass pass = syscallPass(skipped);
    for (Scenario scenario : scenarios()) {
      if (scenario.plan().connections() + OpenFiles.RESERVE > openFiles) {
        String reason = "no more than " + openFiles + " open files (ulimit -n)";
        skipped.put(scenario.name(), reason);
        System.out.println("skipped: " + scenario.name() + ": " + reason);
        continue;
      }
      Results.Found seen =
          new Rounds(contenders, roundsOf(scenario), mostOf(scenario), baseline, System.out)
              .run(scenario, skipped);
      if (!seen.rounds().isEmpty()) {
        found.add(
            pass == null ? seen : seen.with(count(pass, scenario, seen, contenders, skipped)));
      }
    }
    List<StackTraces.Seen> traces =
        what == What.CLAIMS || what == What.FULL
            ? StackTraces.look(contenders, perf.resolve("peers"))
            : null;
    Results results = new Results(commandLine(), machine, baseline, titles, skipped, found, traces);
    System.out.print(Tables.of(results));
    if (what == What.GATE) {
      return Gate.judge(results, System.out) ? 0 : 1;
    }
    Path file = out != null ? out : resultFile(machine);
    Files.createDirectories(file.toAbsolutePath().getParent());
    Files.writeString(file, Json.compact(results) + "\n");
    System.out.println("\nperf/run: " + file);
    Report.write(results, newestOfJmh(), perf.resolve("target/report/index.html").normalize());
    return 0;
  }

  private @Nullable SyscallPass syscallPass(Map<String, String> skipped)
      throws InterruptedException {
    boolean usual = what != What.QUICK && what != What.GATE;
    if (!(syscalls == null ? usual : syscalls)) {
      return null;
    }
    SyscallPass pass = SyscallPass.find(skipped);
    if (pass == null) {
      System.out.println("skipped: system calls: " + skipped.get(SyscallPass.SKIPPED));
    }
    return pass;
  }

  /** Of those that have answered right in the rounds. */
  private static Syscalls count(
      SyscallPass pass,
      Scenario scenario,
      Results.Found seen,
      List<Contender> contenders,
      Map<String, String> skipped)
      throws InterruptedException {
    List<Contender> left =
        contenders.stream().filter(c -> seen.rounds().containsKey(c.name())).toList();
    return pass.run(scenario, left, System.out, skipped);
  }

  /** The newest files of JMH's results, one of each kind. */
  private List<Path> newestOfJmh() throws IOException {
    List<Path> newest = new ArrayList<>();
    if (!Files.isDirectory(perf.resolve("results"))) {
      return newest;
    }
    for (String kind : List.of("await", "scheduler", "memory")) {
      try (Stream<Path> files = Files.list(perf.resolve("results"))) {
        files
            .filter(file -> file.getFileName().toString().startsWith(kind + "-"))
            .max(Comparator.comparing(Run::date))
            .ifPresent(newest::add);
      }
    }
    return newest;
  }

  /** As it stands at the end of a file's name. */
  private static String date(Path file) {
    String name = file.getFileName().toString();
    return name.substring(name.lastIndexOf('-') + 1);
  }

  private static String status(Contender contender) {
    return contender.missing() == null ? contender.title() : "missing: " + contender.missing();
  }

  /** All but those that stand there for one comparison only; on one processor, for echo alone. */
  private List<Contender> usual(List<Contender> all) {
    return all.stream()
        .filter(contender -> !contender.name().endsWith("-fixed"))
        .filter(contender -> !contender.name().contains(Contenders.RECORDED))
        .filter(c -> what == What.ECHO || !c.name().endsWith(Contenders.ONE_CPU))
        .toList();
  }

  private List<Contender> gate(List<Contender> all) {
    if (against == null) {
      throw new ParameterException(
          spec.commandLine(), "gate needs the other build: perf/run gate COMMIT");
    }
    if (!chosen.isEmpty() || (rounds > 0 && rounds < Gate.LEAST_ROUNDS)) {
      throw new ParameterException(
          spec.commandLine(),
          "gate chooses the servers itself, and needs " + Gate.LEAST_ROUNDS + " rounds or more");
    }
    baseline = Gate.BEFORE;
    return Gate.contenders(all, against);
  }

  /** By name, in the order in which they are named. */
  private List<Contender> choose(List<Contender> all) {
    List<Contender> wanted = new ArrayList<>();
    for (String name : chosen) {
      Contender contender = named(name, all);
      if (contender == null) {
        throw new ParameterException(
            spec.commandLine(), "there is no server " + name + "; --list shows them");
      }
      wanted.add(contender);
    }
    return wanted;
  }

  /**
   * A name with "-again" is that server once more, for an A/A comparison; one with "-one-cpu" is
   * that server on one processor.
   */
  static @Nullable Contender named(String name, List<Contender> all) {
    for (Contender contender : all) {
      if (contender.name().equals(name)) {
        return contender;
      }
    }
    if (name.endsWith(AGAIN)) {
      Contender once = named(name.substring(0, name.length() - AGAIN.length()), all);
      return once == null
          ? null
          : new Contender(name, once.title() + ", again", once.command(), once.missing());
    }
    if (name.endsWith(Contenders.ONE_CPU)) {
      Contender free = named(name.substring(0, name.length() - Contenders.ONE_CPU.length()), all);
      return free == null ? null : Contenders.onOneCpu(free);
    }
    return null;
  }

  private List<Scenario> scenarios() {
    List<Scenario> scenarios = new ArrayList<>();
    switch (what) {
      case QUICK -> {
        scenarios.add(Scenario.echo().get(0));
        scenarios.add(Scenario.mixed().get(0));
      }
      case ECHO -> scenarios.addAll(Scenario.echo());
      case MIXED -> scenarios.addAll(Scenario.mixed());
      case CONNECTIONS -> scenarios.addAll(Scenario.connections());
      case CLAIMS -> scenarios.addAll(forClaims());
      case GATE -> scenarios.add(Scenario.echo().get(0));
      case FULL -> {
        scenarios.addAll(Scenario.connections());
        Scenario.echo().stream()
            .filter(echo -> scenarios.stream().noneMatch(s -> s.name().equals(echo.name())))
            .forEach(scenarios::add);
        scenarios.addAll(Scenario.mixed());
        scenarios.addAll(Scenario.forClaims());
      }
    }
    for (String load : loads) {
      if (scenarios.stream().noneMatch(scenario -> scenario.name().equals(load))) {
        throw new ParameterException(
            spec.commandLine(),
            "there is no load "
                + load
                + " in "
                + whatName()
                + ", but "
                + scenarios.stream().map(Scenario::name).collect(Collectors.joining(", ")));
      }
    }
    scenarios.removeIf(scenario -> !loads.isEmpty() && !loads.contains(scenario.name()));
    boolean quick = what == What.QUICK;
    double usualWarmup = quick ? 1.5 : what == What.GATE ? 5 : 2;
    scenarios.replaceAll(
        scenario ->
            scenario.withTimes(
                seconds(warmup > 0 ? warmup : usualWarmup),
                seconds(duration > 0 ? duration : quick ? 1.5 : 3)));
    return scenarios;
  }

  private static List<Scenario> forClaims() {
    List<Scenario> scenarios = new ArrayList<>(Scenario.connections());
    scenarios.removeIf(
        scenario -> !List.of("echo-64x64", "echo-10000x64").contains(scenario.name()));
    scenarios.addAll(Scenario.mixed());
    scenarios.addAll(Scenario.forClaims());
    return scenarios;
  }

  private int roundsOf(Scenario scenario) {
    if (rounds > 0) {
      return rounds;
    }
    return switch (what) {
      case QUICK -> 2;
      case GATE -> 7;
      case CLAIMS, CONNECTIONS -> 3;
      default -> scenario.plan().rate() > 0 ? 3 : 5;
    };
  }

  private int mostOf(Scenario scenario) {
    int least = roundsOf(scenario);
    return most > 0 ? Math.max(most, least) : what == What.ECHO && rounds == 0 ? 2 * least : least;
  }

  private static Duration seconds(double value) {
    return Duration.ofNanos(Math.round(value * 1e9));
  }

  private String commandLine() {
    List<String> arguments = new ArrayList<>(spec.commandLine().getParseResult().originalArgs());
    int perfOption = arguments.indexOf("--perf"); // and where the JDK is: nobody's business
    arguments.subList(perfOption, perfOption + 2).clear();
    for (String folder : List.of("--jdk", "--against", "--out")) {
      int option = arguments.indexOf(folder);
      if (option >= 0) {
        arguments.subList(option, option + 2).clear();
      }
    }
    return "perf/run " + String.join(" ", arguments);
  }

  private Path resultFile(Machine machine) {
    String date = machine.date().replaceAll("[-:]", "");
    return perf.resolve("results").resolve(whatName() + "-" + date + ".json");
  }

  private String whatName() {
    return what.name().toLowerCase(Locale.ROOT);
  }
}
