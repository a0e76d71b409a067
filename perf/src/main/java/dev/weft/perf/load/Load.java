package dev.weft.perf.load;

import dev.weft.perf.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The load generator's command line. */
@Command(
    name = "perf/run load",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "",
      "Loads a TCP server that echoes, checks every byte that comes back, and tells throughput,"
          + " latencies and what the server used.",
      ""
    },
    footer = {
      "",
      "Closed loop: a connection sends its next message when a reply has come. Open loop (--rate):"
          + " messages are due at a constant rate whatever the server does, and a latency counts from"
          + " when its message was due, so a server that stalls shows it.",
      "",
      "With --protocol framed a message begins with a command (0 echo, 1 burn, 2 burn on another"
          + " thread) and the microseconds to burn, 4 bytes, big-endian; the servers in perf/peers"
          + " understand it.",
      "",
      "Exit code: 0 if every byte came back right, 1 if not, 2 if it could not run."
    })
public final class Load implements Callable<Integer> {
  private static final int WRONG = 1;
  private static final int CANNOT_RUN = 2;

  private enum Protocol {
    PLAIN,
    FRAMED
  }

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(names = "--host", defaultValue = "127.0.0.1", description = "Default: ${DEFAULT-VALUE}")
  private String host = "";

  @Option(names = "--port", required = true, description = "The server's port.")
  private int port;

  @Option(
      names = "--connections",
      paramLabel = "N",
      defaultValue = "64",
      description = "Default: ${DEFAULT-VALUE}")
  private int connections;

  @Option(
      names = "--size",
      paramLabel = "BYTES",
      defaultValue = "64",
      description = "Bytes of a message. Default: ${DEFAULT-VALUE}")
  private int size;

  @Option(
      names = "--depth",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Closed loop: how many replies a connection waits for at a time (pipelining)."
              + " Default: ${DEFAULT-VALUE}")
  private int depth;

  @Option(
      names = "--rate",
      paramLabel = "N",
      defaultValue = "0",
      description = "Open loop with so many messages per second over all connections.")
  private double rate;

  @Option(
      names = "--warmup",
      paramLabel = "SECONDS",
      defaultValue = "2",
      description = "Time before anything counts. Default: ${DEFAULT-VALUE}")
  private double warmup;

  @Option(
      names = "--duration",
      paramLabel = "SECONDS",
      defaultValue = "5",
      description = "Time in which it counts. Default: ${DEFAULT-VALUE}")
  private double duration;

  @Option(
      names = "--drain",
      paramLabel = "SECONDS",
      defaultValue = "5",
      description = "How long to wait for the last replies. Default: ${DEFAULT-VALUE}")
  private double drain;

  @Option(
      names = "--threads",
      paramLabel = "N",
      defaultValue = "1",
      description = "Threads that receive. Default: ${DEFAULT-VALUE}")
  private int threads;

  @Option(
      names = "--server-pid",
      paramLabel = "PID",
      defaultValue = "0",
      description = "Tell CPU time and memory of this process and its children.")
  private long serverPid;

  @Option(
      names = "--protocol",
      paramLabel = "KIND",
      defaultValue = "plain",
      description = "plain: any bytes, or framed: see below. Default: ${DEFAULT-VALUE}")
  private Protocol protocol = Protocol.PLAIN;

  @Option(
      names = "--burners",
      paramLabel = "N",
      defaultValue = "0",
      description = "So many of the connections burn CPU on the server (implies framed).")
  private int burners;

  @Option(
      names = "--burn-ms",
      paramLabel = "MS",
      defaultValue = "100",
      description = "For how long each time. Default: ${DEFAULT-VALUE}")
  private double burnMillis;

  @Option(
      names = "--burn-elsewhere",
      description = "The server is to burn on another thread, as its own idiom has it.")
  private boolean burnElsewhere;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "Write the result there too; - for the standard output, and then nothing else.")
  private @Nullable String json;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Prints this.")
  @SuppressWarnings("unused") // picocli acts on it
  private boolean help;

  /** Runs the load. */
  public static void main(String[] args) {
    System.exit(execute(args));
  }

  /** Runs the load and returns the exit code. */
  static int execute(String... args) {
    CommandLine command = new CommandLine(new Load());
    command.setCaseInsensitiveEnumValuesAllowed(true);
    command.setParameterExceptionHandler((error, ignored) -> complain(error));
    command.setExecutionExceptionHandler((error, ignored, result) -> complain(error));
    return command.execute(args);
  }

  private static int complain(Exception error) {
    String hint = error instanceof ParameterException ? " (--help shows the options)" : "";
    System.err.println("perf/run load: " + error.getMessage() + hint);
    return CANNOT_RUN;
  }

  /** Called by picocli once the options are parsed. */
  @Override
  public Integer call() throws IOException, InterruptedException {
    LoadResult result = LoadGenerator.run(plan(), serverPid);
    if ("-".equals(json)) {
      System.out.println(Json.compact(result));
    } else {
      System.out.print(result.text());
      if (json != null) {
        Files.writeString(Path.of(json), Json.compact(result) + "\n");
      }
    }
    return result.isRight() ? 0 : WRONG;
  }

  private LoadPlan plan() {
    if (serverPid != 0 && !ProcessUsage.isAvailable()) {
      throw new ParameterException(
          spec.commandLine(), "--server-pid needs Linux's /proc, and there is none");
    }
    boolean framed = protocol == Protocol.FRAMED || burners > 0;
    Duration burnTime = Duration.ofNanos(Math.round(burnMillis * 1e6));
    try {
      return new LoadPlan(
          host,
          port,
          connections,
          size,
          depth,
          rate,
          framed ? Request.framed() : Request.ECHO,
          burners,
          burnElsewhere ? Request.burnElsewhere(burnTime) : Request.burn(burnTime),
          seconds(warmup),
          seconds(duration),
          seconds(drain),
          threads);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private static Duration seconds(double value) {
    return Duration.ofNanos(Math.round(value * 1e9));
  }
}
