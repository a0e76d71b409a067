package dev.weft.perf.peer;

import dev.weft.net.Transport;
import java.io.IOException;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * Starts a peer. It prints {@code port N} once it serves, and ends when its standard input does: so
 * none outlives the run that has started it, however that ends.
 */
@Command(
    name = "peer",
    sortOptions = false,
    usageHelpAutoWidth = true,
    description = "An echo server to be measured. Ends with its standard input.")
public final class PeerMain implements Callable<Integer> {
  /** Bytes that a peer with a buffer of its own reads at a time, as all peers do. */
  static final int BUFFER = 16 * 1024;

  /** Connections that the kernel keeps until they are accepted. */
  static final int BACKLOG = 4096;

  private enum Protocol {
    PLAIN,
    FRAMED
  }

  private enum Kind {
    WEFT,
    WEFT_NODE,
    NETTY,
    NETTY_POOL,
    VIRTUAL_THREADS;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  @Parameters(paramLabel = "KIND", description = "${COMPLETION-CANDIDATES}")
  private Kind kind = Kind.WEFT;

  @Option(names = "--protocol", defaultValue = "plain", description = "plain or framed")
  private Protocol protocol = Protocol.PLAIN;

  @Option(names = "--size", defaultValue = "64", description = "Bytes of a frame.")
  private int size;

  @Option(
      names = "--threads",
      defaultValue = "2",
      description =
          "Workers, event loops, node mode's pool; not for virtual threads, which the JVM's options set.")
  private int threads;

  @Option(names = "--transport", defaultValue = "auto", description = "${COMPLETION-CANDIDATES}")
  private Transport transport = Transport.AUTO;

  @Option(
      names = "--trace",
      description = "Serve nobody; print the stack trace of a failure, three calls deep.")
  private boolean trace;

  /** Starts the peer. */
  public static void main(String[] args) {
    CommandLine command = new CommandLine(new PeerMain());
    command.setCaseInsensitiveEnumValuesAllowed(true);
    command.registerConverter(
        Kind.class, text -> Kind.valueOf(text.toUpperCase(Locale.ROOT).replace('-', '_')));
    int exitCode = command.execute(args);
    System.exit(exitCode);
  }

  /** Called by picocli once the options are parsed; returns at the end of the standard input. */
  @Override
  public Integer call() throws Exception {
    String reason = transport.unavailabilityReason();
    if (reason != null && kind != Kind.VIRTUAL_THREADS) {
      System.err.println("peer: no " + transport + ": " + reason);
      return 2;
    }
    if (trace) {
      Traced.print(kind == Kind.VIRTUAL_THREADS);
      return 0;
    }
    int frame = protocol == Protocol.FRAMED ? size : 0;
    int port =
        switch (kind) {
          case WEFT -> WeftPeer.start(threads, transport, frame);
          case WEFT_NODE -> WeftPeer.startNode(threads, transport, frame);
          case NETTY -> NettyPeer.start(threads, transport, 0, frame);
          case NETTY_POOL -> NettyPeer.start(threads, transport, threads, frame);
          case VIRTUAL_THREADS -> VirtualThreadPeer.start(frame);
        };
    System.out.println("port " + port);
    System.out.flush();
    waitForEndOfInput();
    return 0;
  }

  private static void waitForEndOfInput() throws IOException {
    while (System.in.read() >= 0) {
      // nothing is said to it
    }
    Runtime.getRuntime().halt(0); // connections and threads end with the process
  }
}
