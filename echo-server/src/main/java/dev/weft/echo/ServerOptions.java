package dev.weft.echo;

import dev.weft.AsyncExecutor;
import dev.weft.IoDriver;
import dev.weft.NodeExecutor;
import dev.weft.WorkStealingExecutor;
import dev.weft.WorkStealingExecutorBuilder;
import dev.weft.net.ListenOptions;
import dev.weft.net.ListenOptions.WhenFull;
import dev.weft.net.TcpOptions;
import dev.weft.net.Transport;
import java.time.Duration;
import java.util.Locale;
import org.apache.commons.cli.ParseException;
import org.jspecify.annotations.Nullable;

/**
 * What the server is told, checked: see {@link Arguments} for what each means.
 *
 * @param workers null for one per processor
 * @param memoryBytes null for what the library takes
 * @param inspect the port of the page about tasks; null for none
 */
record ServerOptions(
    String host,
    int port,
    ExecutorKind executor,
    @Nullable Integer workers,
    Transport transport,
    @Nullable Long memoryBytes,
    ListenOptions listen,
    boolean quiet,
    @Nullable Integer inspect) {
  private static final long MIB = 1024 * 1024;

  /** 1 TiB. */
  private static final int MOST_MIB = 1024 * 1024;

  /** What runs the handlers. */
  enum ExecutorKind {
    WORK_STEALING,
    NODE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * Takes the values from the command line.
   *
   * @throws ParseException if there is one with which the server cannot run
   */
  static ServerOptions of(Arguments given) throws ParseException {
    if (given.text("host").isBlank()) {
      throw given.wrong("host", "a name or an address");
    }
    ServerOptions options =
        new ServerOptions(
            given.text("host"),
            given.number("port", 0, 65_535),
            given.oneOf("executor", ExecutorKind.values()),
            given.has("workers") ? given.number("workers", 1, 1024) : null,
            given.oneOf("transport", Transport.values()),
            given.has("memory") ? given.number("memory", 1, MOST_MIB) * MIB : null,
            listenOptions(given),
            given.has("quiet"),
            given.has("inspect") ? given.number("inspect", 0, 65_535) : null);
    options.check();
    return options;
  }

  private static ListenOptions listenOptions(Arguments given) throws ParseException {
    // Rounded up, as 0 would be never; the conversion to a long ends at its greatest value.
    Duration idle = Duration.ofMillis((long) Math.ceil(given.seconds("idle-timeout") * 1000));
    ListenOptions options =
        ListenOptions.defaults()
            .connections(TcpOptions.defaults().idleTimeout(idle))
            .whenFull(given.oneOf("when-full", WhenFull.values()))
            .reusePort(given.has("reuse-port"));
    return given.has("max-connections")
        ? options.maxConnections(given.number("max-connections", 1, Integer.MAX_VALUE))
        : options;
  }

  private void check() throws ParseException {
    if (executor == ExecutorKind.NODE && workers != null) {
      throw new ParseException("--workers is for --executor work-stealing; node has one thread");
    }
    String reason = transport.unavailabilityReason();
    if (reason != null) {
      throw new ParseException(
          "--transport " + transport + " does not work here: " + reason + "; use --transport auto");
    }
  }

  /** Builds what runs the handlers. */
  AsyncExecutor newExecutor() {
    IoDriver driver = memoryBytes == null ? transport.driver() : transport.driver(memoryBytes);
    if (executor == ExecutorKind.NODE) {
      return NodeExecutor.builder().name("echo").driver(driver).build();
    }
    WorkStealingExecutorBuilder builder =
        WorkStealingExecutor.builder().name("echo").driver(driver);
    if (workers != null) {
      builder.workers(workers);
    }
    return builder.build();
  }
}
