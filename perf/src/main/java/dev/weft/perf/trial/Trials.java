package dev.weft.perf.trial;

import dev.weft.perf.trial.faults.Faults;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The command line of the trials. */
@Command(
    name = "perf/run trial",
    sortOptions = false,
    usageHelpAutoWidth = true,
    subcommands = {
      Overload.class,
      Descriptors.class,
      Pipe.class,
      Drain.class,
      Restart.class,
      Soak.class,
      Faults.class
    },
    description = {"", "Shows whether the echo server can be knocked over.", ""},
    footer = {
      "",
      "Options of a trial:  perf/run trial NAME --help",
      "Exit code: 0 if all that it looks at holds, 1 if something does not, 2 if it could not run."
    })
public final class Trials implements Runnable {
  static final int HOLDS = 0;
  static final int FAILS = 1;
  private static final int CANNOT_RUN = 2;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Prints this.")
  @SuppressWarnings("unused") // picocli acts on it
  private boolean help;

  /** Runs a trial. */
  public static void main(String[] args) {
    System.exit(execute(args));
  }

  /** Runs a trial and returns the exit code. */
  static int execute(String... args) {
    CommandLine command = new CommandLine(new Trials());
    command.setCaseInsensitiveEnumValuesAllowed(true);
    command.setParameterExceptionHandler((error, ignored) -> complain(error));
    command.setExecutionExceptionHandler((error, ignored, result) -> complain(error));
    return command.execute(args);
  }

  private static int complain(Exception error) {
    String hint = error instanceof ParameterException ? " (--help shows the options)" : "";
    String message = error.getMessage() == null ? error.toString() : error.getMessage();
    System.err.println("perf/run trial: " + message + hint);
    return CANNOT_RUN;
  }

  /** Called by picocli if no trial is named: prints which there are. */
  @Override
  public void run() {
    new CommandLine(new Trials()).usage(System.out);
  }
}
