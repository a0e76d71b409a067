package dev.weft.echo;

import static dev.weft.Async.await;
import static dev.weft.Async.done;

import dev.weft.Async;
import dev.weft.net.TcpListener;
import dev.weft.net.TcpStream;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Accepts connections and spawns a task for each. */
final class EchoServer {
  private final TcpListener listener;
  private final ConnectionLimit limit;
  private final ConnectionLog log;
  private final Set<TcpStream> open = ConcurrentHashMap.newKeySet();
  private volatile boolean draining;

  EchoServer(TcpListener listener, ConnectionLimit limit, ConnectionLog log) {
    this.listener = listener;
    this.limit = limit;
    this.log = log;
  }

  /** Accepts until the listener is closed. While the limit is reached it does not accept. */
  CompletableFuture<@Nullable Void> serve() {
    await(limit.acquire());
    for (TcpStream socket; (socket = await(listener.accept())) != null; ) {
      start(socket);
      await(limit.acquire());
    }
    return done();
  }

  private void start(TcpStream socket) {
    log.accepted(socket);
    open.add(socket);
    if (draining) {
      socket.shutdownInput();
    }
    Async.spawn(() -> EchoHandler.echo(socket))
        .whenComplete((nothing, error) -> ended(socket, error));
  }

  private void ended(TcpStream socket, @Nullable Throwable error) {
    socket.close(); // if the executor has refused the handler, it has not done so
    open.remove(socket);
    try {
      if (error == null) {
        log.closed(socket);
      } else {
        log.failed(socket, error);
      }
    } finally {
      limit.release(); // last, so that the log tells of the next connection after this one's end
    }
  }

  /**
   * Stops accepting, and has the handlers come to their end: what they have received so far is
   * still echoed. Called from any thread; does not wait.
   */
  void drain() {
    listener.close();
    draining = true;
    open.forEach(TcpStream::shutdownInput);
  }
}
