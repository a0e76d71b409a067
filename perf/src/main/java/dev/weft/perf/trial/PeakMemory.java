package dev.weft.perf.trial;

import java.io.IOException;

/** Watches what a server holds, and the kernel for all sockets, until it is closed. */
final class PeakMemory implements AutoCloseable {
  private static final int PAUSE_MILLIS = 100;

  private final EchoServerProcess server;
  private final Thread watcher = new Thread(this::watch, "peak-memory");
  private volatile long residentBytes;
  private volatile long socketBytes;

  /** Begins to watch. */
  PeakMemory(EchoServerProcess server) {
    this.server = server;
    watcher.setDaemon(true);
    watcher.start();
  }

  private void watch() {
    try {
      while (!watcher.isInterrupted()) {
        residentBytes = Math.max(residentBytes, server.sample().residentBytes());
        socketBytes = Math.max(socketBytes, TcpCounters.socketBytes());
        Thread.sleep(PAUSE_MILLIS);
      }
    } catch (IOException ended) {
      // the server; what was seen until then counts
    } catch (InterruptedException closed) {
      // by close()
    }
  }

  /** The most that the server has occupied. */
  long residentBytes() {
    return residentBytes;
  }

  /** The most that all TCP sockets of the machine have held, on both sides. */
  long socketBytes() {
    return socketBytes;
  }

  @Override
  public void close() {
    watcher.interrupt();
  }
}
