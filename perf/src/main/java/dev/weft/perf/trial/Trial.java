package dev.weft.perf.trial;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What every trial has in common: it is run on each kind of server, and makes a row of each. */
abstract class Trial implements Callable<Integer> {
  /** Within so long the server has promised to end. */
  static final Duration END = Duration.ofSeconds(5);

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(
      names = "--on",
      paramLabel = "KINDS",
      split = ",",
      defaultValue = "epoll,io_uring,nio,node",
      description = "Kinds of server, in this order. Default: ${DEFAULT-VALUE}")
  private List<Kind> kinds = new ArrayList<>();

  @Option(
      names = "--logs",
      paramLabel = "FOLDER",
      description = "Keep there what the servers print. Default: it is deleted")
  private @Nullable Path logs;

  @Option(names = "--server", hidden = true, required = true)
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path server;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Prints this.")
  @SuppressWarnings("unused") // picocli acts on it
  private boolean help;

  /** The table's columns between kind and verdict. */
  abstract List<String> columns();

  /**
   * Does it to servers of one kind, and reports a row or more.
   *
   * @throws IOException if that could not be done, which is a failure too
   */
  abstract void run(Kind kind, Report report) throws IOException, InterruptedException;

  /** Looks at the options. */
  void check() {}

  /** Called by picocli once the options are parsed. */
  @Override
  public Integer call() throws IOException, InterruptedException {
    check();
    if (!Files.isReadable(Path.of("/proc/self/fd"))) {
      throw bad("needs Linux's /proc, and there is none");
    }
    if (logs != null) {
      Files.createDirectories(logs);
    }
    Report report = new Report(System.out, System.err, columns());
    for (Kind kind : kinds) {
      String missing = kind.missing();
      if (missing != null) {
        report.note("skipped: " + kind + ": " + missing);
        continue;
      }
      try {
        run(kind, report);
      } catch (IOException e) {
        report.couldNot(kind, e);
      }
    }
    return report.failed() ? Trials.FAILS : Trials.HOLDS;
  }

  /** A server to be started. */
  EchoServerProcess.Builder server(Kind kind) {
    return EchoServerProcess.builder(server, kind).logs(logs);
  }

  final ParameterException bad(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** Complains about an option that is less than it can be. */
  final void atLeast(String option, double least, double value) {
    if (!(value >= least)) { // nor NaN
      throw bad(option + " must be " + number(least) + " or more, not " + number(value));
    }
  }

  private static String number(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  static Duration seconds(double value) {
    return Duration.ofNanos(Math.round(value * 1e9));
  }

  /** Ends the server as a user does, with what that has to look like. */
  static String end(EchoServerProcess server, Verdict verdict) throws InterruptedException {
    EchoServerProcess.Ending ending = server.terminate(END.multipliedBy(2));
    verdict.that(ending.inTime(END), "SIGTERM: %s", ending);
    return ending.toString();
  }

  static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%.0f", bytes / (double) (1 << 20));
  }

  static String format(String format, Object... figures) {
    return String.format(Locale.ROOT, format, figures);
  }
}
