package dev.weft.echo;

import dev.weft.AsyncExecutor;
import dev.weft.NodeExecutor;
import dev.weft.WorkStealingExecutor;
import dev.weft.log.LogQueue;
import dev.weft.net.ListenOptions;
import dev.weft.net.ListenOptions.WhenFull;
import dev.weft.net.TcpListener;
import dev.weft.net.TcpOptions;
import dev.weft.net.TcpServer;
import dev.weft.net.Transport;
import dev.weft.scheduler.Driver;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command line: options in, a running server out. */
@Command(
    name = "echo-server",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = {
      "",
      "A TCP server that sends back whatever it is sent. Its handler is plain sequential Java with"
          + " await; no thread waits for a client.",
      ""
    },
    footer = {
      "",
      "Try it:  echo-server --port 8080  and, in another terminal,  nc 127.0.0.1 8080",
      "Ctrl-C or SIGTERM: accepts no more, echoes what has arrived, and ends within 5 seconds.",
      "Exit code: 0 when it was told to end, 1 when it failed, 2 when it could not start."
    })
public final class Main implements Callable<Integer> {
  private static final int FAILED = 1;
  private static final int CANNOT_START = 2;

  /** Together below the 5 seconds that are promised. */
  static final Duration DRAIN_TIME = Duration.ofSeconds(3);

  static final Duration CANCEL_TIME = Duration.ofMillis(500);
  private static final Duration FLUSH_TIME = Duration.ofMillis(200);
  private static final Duration END_TIME = Duration.ofMillis(4700);
  private static final long MIB = 1024 * 1024;
  private static final int MOST_MEMORY = 1024 * 1024;

  private enum ExecutorKind {
    WORK_STEALING,
    NODE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** What the process ends with once it serves. */
  private volatile int exitCode;

  private volatile boolean ending;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      defaultValue = "127.0.0.1",
      description = "Address to listen on; 0.0.0.0 for all. Default: ${DEFAULT-VALUE}")
  private String host = "";

  @Option(
      names = "--port",
      paramLabel = "N",
      defaultValue = "8080",
      description = "Port to listen on; 0 for any free one. Default: ${DEFAULT-VALUE}")
  private int port;

  @Option(
      names = "--executor",
      paramLabel = "KIND",
      defaultValue = "work-stealing",
      description =
          "What runs the handlers: ${COMPLETION-CANDIDATES} (one thread, as in Node.js). Default:"
              + " ${DEFAULT-VALUE}")
  private ExecutorKind executorKind = ExecutorKind.WORK_STEALING;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description = "Worker threads. Default: one per processor")
  private @Nullable Integer workers;

  @Option(
      names = "--transport",
      paramLabel = "KIND",
      defaultValue = "auto",
      description =
          "What waits for I/O: ${COMPLETION-CANDIDATES}; auto is epoll where there is one, else nio."
              + " Default: ${DEFAULT-VALUE}")
  private Transport transport = Transport.AUTO;

  @Option(
      names = "--idle-timeout",
      paramLabel = "SECONDS",
      defaultValue = "0",
      description = "Ends connections on which nothing moves for so long; 0 for never. Default: 0")
  private double idleSeconds;

  @Option(
      names = "--max-connections",
      paramLabel = "N",
      description = "How many at a time. Default: as many as half of the heap has room for")
  private int maxConnections = ListenOptions.defaults().maxConnections();

  @Option(
      names = "--when-full",
      paramLabel = "WHAT",
      defaultValue = "wait",
      description =
          "What becomes of further ones: ${COMPLETION-CANDIDATES}; with wait they are in the"
              + " kernel's queue until there is a place. Default: ${DEFAULT-VALUE}")
  private WhenFull whenFull = WhenFull.WAIT;

  @Option(
      names = "--memory",
      paramLabel = "MIB",
      description =
          "What all connections may hold together; who holds most waits. Default: a quarter of the"
              + " direct memory that the JVM allows")
  private @Nullable Integer memory;

  @Option(
      names = "--reuse-port",
      description = "Lets another server have the same port, for a restart without a gap.")
  private boolean reusePort;

  @Option(names = "--quiet", description = "No line for each connection.")
  private boolean quiet;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Prints this.")
  @SuppressWarnings("unused") // picocli acts on it
  private boolean help;

  /** Runs the server until it is told to end. */
  public static void main(String[] args) {
    CommandLine command = new CommandLine(new Main());
    command.setCaseInsensitiveEnumValuesAllowed(true);
    command.setParameterExceptionHandler(Main::explain);
    System.exit(command.execute(args));
  }

  private static int explain(ParameterException error, String[] args) {
    complain(firstLine(error) + " (--help shows the options)");
    return CANNOT_START;
  }

  private static String firstLine(Exception error) {
    String message = error.getMessage();
    return message == null ? error.toString() : message.lines().findFirst().orElse("");
  }

  private static void complain(String line) {
    System.err.println("echo-server: " + line);
  }

  /** Called by picocli once the options are parsed. Returns the exit code. */
  @Override
  public Integer call() throws Exception {
    check();
    AsyncExecutor executor = newExecutor();
    TcpListener listener;
    try {
      ListenOptions options =
          ListenOptions.defaults()
              .connections(TcpOptions.defaults().idleTimeout(idleTimeout()))
              .maxConnections(maxConnections)
              .whenFull(whenFull)
              .reusePort(reusePort);
      listener = executor.blockOn(() -> TcpListener.bind(host, port, options));
    } catch (IOException e) {
      complain("Cannot listen on " + firstLine(e) + hint(firstLine(e)));
      executor.close();
      return CANNOT_START;
    }
    serve(executor, listener);
    return 0;
  }

  /** Rounded up, as 0 would be never; the conversion to a long ends at its greatest value. */
  private Duration idleTimeout() {
    return Duration.ofMillis((long) Math.ceil(idleSeconds * 1000));
  }

  private AsyncExecutor newExecutor() {
    if (executorKind == ExecutorKind.NODE) {
      return NodeExecutor.builder().name("echo").driver(driver()).build();
    }
    WorkStealingExecutor.Builder builder =
        WorkStealingExecutor.builder().name("echo").driver(driver());
    if (workers != null) {
      builder.workers(workers);
    }
    return builder.build();
  }

  private Driver.Provider driver() {
    return memory == null ? transport.driver() : transport.driver(memory * MIB);
  }

  private void serve(AsyncExecutor executor, TcpListener listener) throws Exception {
    ConnectionLog log = new ConnectionLog(System.out, quiet);
    TcpServer server = TcpServer.start(executor, listener, EchoHandler::echo, log);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> end(executor, server, log), "echo-end"));
    Runtime.getRuntime().addShutdownHook(new Thread(this::endAnyway, "echo-end-anyway"));
    log.say("Server listening on " + listener);
    try {
      executor.blockOn(server::accepting);
    } catch (Exception failure) {
      if (!ending) { // else it is what the end does to who waits
        exitCode = FAILED;
        throw failure;
      }
    }
    new CountDownLatch(1).await(); // the shutdown hook ends the process
  }

  /** On SIGTERM or Ctrl-C. */
  private void end(AsyncExecutor executor, TcpServer server, ConnectionLog log) {
    ending = true;
    try {
      server.drainNow(DRAIN_TIME);
      executor.close(CANCEL_TIME);
    } catch (TimeoutException late) {
      // the time is up: the connections end with the process
    } finally {
      log.flush(FLUSH_TIME);
      LogQueue.shared().flush(FLUSH_TIME);
      // The JVM would report 143 for SIGTERM; to have been told to end is no failure.
      Runtime.getRuntime().halt(exitCode);
    }
  }

  /** If that gets stuck, for want of memory, say. Both hooks are made while there is some. */
  private void endAnyway() {
    try {
      TimeUnit.MILLISECONDS.sleep(END_TIME.toMillis());
    } catch (InterruptedException nobodyDoes) {
      // then it ends now
    }
    Runtime.getRuntime().halt(exitCode);
  }

  private void check() {
    if (host.isBlank()) {
      throw bad("--host", "a name or an address, not nothing");
    }
    if (port < 0 || port > 65_535) {
      throw bad("--port", "a number from 0 to 65535, not " + port);
    }
    if (workers != null && (workers < 1 || workers > 1024)) {
      throw bad("--workers", "a number from 1 to 1024, not " + workers);
    }
    if (!(idleSeconds >= 0)) { // nor NaN
      throw bad("--idle-timeout", "a number of seconds, 0 or more, not " + idleSeconds);
    }
    if (maxConnections < 1) {
      throw bad("--max-connections", "a number from 1 up, not " + maxConnections);
    }
    if (memory != null && (memory < 1 || memory > MOST_MEMORY)) {
      throw bad("--memory", "a number of MiB from 1 to " + MOST_MEMORY + ", not " + memory);
    }
    if (executorKind == ExecutorKind.NODE && workers != null) {
      throw new ParameterException(
          spec.commandLine(), "--workers is for --executor work-stealing; node has one thread");
    }
    String reason = transport.unavailabilityReason();
    if (reason != null) {
      throw new ParameterException(
          spec.commandLine(),
          "--transport " + transport + " does not work here: " + reason + "; use --transport auto");
    }
  }

  private ParameterException bad(String option, String expected) {
    return new ParameterException(spec.commandLine(), option + " must be " + expected);
  }

  private static String hint(String message) {
    if (message.endsWith("Address already in use")) {
      return " (choose another --port, or 0 for a free one)";
    }
    if (message.endsWith("Permission denied")) {
      return " (ports below 1024 need privileges; choose a --port from 1024 up)";
    }
    return " (see --host)";
  }
}
