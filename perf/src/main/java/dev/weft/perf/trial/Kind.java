package dev.weft.perf.trial;

import dev.weft.net.Transport;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** The ways in which the echo server can run. */
enum Kind {
  EPOLL("work-stealing", Transport.EPOLL),
  IO_URING("work-stealing", Transport.IO_URING),
  NIO("work-stealing", Transport.NIO),
  /** Node mode: one thread, on epoll. */
  NODE("node", Transport.EPOLL);

  private final String executor;
  private final Transport transport;

  Kind(String executor, Transport transport) {
    this.executor = executor;
    this.transport = transport;
  }

  /** What the server is told on its command line. */
  List<String> arguments() {
    return List.of("--executor", executor, "--transport", transport.toString());
  }

  /** Why this machine cannot run it; null if it can. */
  @Nullable String missing() {
    return transport.unavailabilityReason();
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
