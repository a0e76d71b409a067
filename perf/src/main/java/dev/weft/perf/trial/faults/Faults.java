package dev.weft.perf.trial.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line of the trial. */
@Command(
    name = "faults",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "",
      "Makes the echo server's system calls fail at random, as the kernel may, and checks that"
          + " nobody notices who need not.",
      ""
    },
    footer = {"", "Exit code: 0 if all holds, 1 if not, 2 if it could not run."})
public final class Faults implements Callable<Integer> {
  private static final int DOES_NOT_HOLD = 1;
  private static final int CANNOT_RUN = 2;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(
      names = "--on",
      split = ",",
      paramLabel = "KIND",
      defaultValue = "epoll,io_uring,nio,node",
      description = "The servers to try. Default: ${DEFAULT-VALUE}")
  private List<ServerKind> kinds = List.of();

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "60",
      description = "With faults, for each server. Default: ${DEFAULT-VALUE}")
  private int seconds;

  @Option(
      names = "--clients",
      paramLabel = "N",
      defaultValue = "50",
      description = "Default: ${DEFAULT-VALUE}")
  private int clients;

  @Option(
      names = "--faults",
      paramLabel = "NAME=PROBABILITY,...",
      description = "Only these, as recv.EINTR=0.01. Default: all that a server can meet")
  private @Nullable String faults;

  @Option(names = "--seed", paramLabel = "N", description = "Default: another each time")
  private long seed = System.nanoTime() & 0xffff;

  @Option(names = "--server", required = true, hidden = true)
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path server;

  @Option(names = "--library", required = true, hidden = true)
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private Path library;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Prints this.")
  @SuppressWarnings("unused") // picocli acts on it
  private boolean help;

  /** Runs the trial. */
  public static void main(String[] args) {
    CommandLine command = new CommandLine(new Faults());
    command.setCaseInsensitiveEnumValuesAllowed(true);
    System.exit(command.execute(args));
  }

  @Override
  public Integer call() throws Exception {
    if (seconds < 2 || clients < 1) {
      throw new ParameterException(
          spec.commandLine(), "--seconds must be at least 2, --clients at least 1");
    }
    if (!Files.isReadable(library)) {
      System.err.println("trial faults: no " + library + "; perf/peers/build says why");
      return CANNOT_RUN;
    }
    boolean allHold = true;
    for (ServerKind kind : kinds) {
      System.out.println(kind + ": " + clients + " clients, " + seconds + " s, seed " + seed);
      boolean holds = tryOut(kind);
      System.out.println("  " + (holds ? "holds" : "does not hold"));
      allHold &= holds;
    }
    return allHold ? 0 : DOES_NOT_HOLD;
  }

  private boolean tryOut(ServerKind kind) throws IOException, InterruptedException {
    String settings = "seed=" + seed + "," + (faults != null ? faults : kind.faults());
    if (settings.endsWith(",")) {
      settings = settings.substring(0, settings.length() - 1);
    }
    try (FaultControl control = FaultControl.create();
        FaultedServer started = FaultedServer.start(server, kind, library, settings, control)) {
      return new FaultTrial(started, control, System.out).run(clients, seconds, seed);
    }
  }
}
