package dev.weft.http;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.AsyncExecutor;
import dev.weft.NodeExecutor;
import dev.weft.WorkStealingExecutor;
import dev.weft.net.Transport;

/** What a server may run on: workers over each transport, and the node mode. */
enum Ground {
  EPOLL(Transport.EPOLL, false),
  IO_URING(Transport.IO_URING, false),
  NIO(Transport.NIO, false),
  NODE(Transport.AUTO, true);

  private final Transport transport;
  private final boolean node;

  Ground(Transport transport, boolean node) {
    this.transport = transport;
    this.node = node;
  }

  /** Skips the test where there is no such thing. */
  AsyncExecutor executor() {
    assumeTrue(transport.isAvailable(), () -> transport + ": " + transport.unavailabilityReason());
    return node
        ? NodeExecutor.builder().name("http").driver(transport.driver()).build()
        : WorkStealingExecutor.builder().name("http").driver(transport.driver()).build();
  }
}
