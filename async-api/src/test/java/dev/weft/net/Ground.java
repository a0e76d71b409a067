package dev.weft.net;

import dev.weft.AsyncExecutor;
import dev.weft.NodeExecutor;

/** What a test of streams runs on: each transport, and node mode. */
enum Ground {
  NIO(Transport.NIO),
  EPOLL(Transport.EPOLL),
  IO_URING(Transport.IO_URING),
  NODE(Transport.AUTO) {
    @Override
    AsyncExecutor open() {
      return NodeExecutor.builder().build();
    }
  };

  private final Transport transport;

  Ground(Transport transport) {
    this.transport = transport;
  }

  /** Skips the test if the transport is not available. */
  AsyncExecutor open() {
    return Net.executor(transport);
  }
}
