package dev.weft.net;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A server: accepts connections, has each served by a task of its own, and ends in order.
 *
 * <pre>{@code
 * TcpListener listener = executor.blockOn(() -> TcpListener.bind("127.0.0.1", 8080));
 * TcpServer server = TcpServer.start(executor, listener, socket -> echo(socket));
 * server.drainAtExit(Duration.ofSeconds(3)); // on SIGTERM or Ctrl-C
 * }</pre>
 *
 * <h2>The end</h2>
 *
 * {@link #drain} takes in what the kernel has accepted, connections and bytes, has the handlers
 * come to their end by ending their input, and resets what is not through when the time is up. So a
 * client has got the answer to all that it had sent before, or it sees a reset; it never sees an
 * orderly end that is short. Go's {@code http.Server.Shutdown} and Tokio's graceful shutdown leave
 * what a handler has not read yet to the application; here that is the handler's ordinary end of
 * stream, so it needs no code for it.
 *
 * <p>Limits and what happens beyond them are the listener's: {@link ListenOptions}. Every method
 * may be called from any thread.
 */
public final class TcpServer {
  /**
   * Serves one connection.
   *
   * <pre>{@code
   * TcpServer.Handler greeter =
   *     socket -> {
   *       await(socket.write(Unpooled.copiedBuffer("hello\n", StandardCharsets.US_ASCII)));
   *       return done(); // then the server closes the connection
   *     };
   * }</pre>
   */
  @FunctionalInterface
  public interface Handler {
    /**
     * Called on a thread of the executor, as the body of a task of its own.
     *
     * @param socket the connection. If the handler has not closed it when it has ended, it is
     *     closed, or, if the handler has failed, reset
     */
    CompletionStage<@Nullable Void> serve(TcpStream socket) throws Exception;
  }

  /**
   * Is told what happens to the connections. What it throws is not looked at.
   *
   * <pre>{@code
   * TcpServer.Observer counting =
   *     new TcpServer.Observer() {
   *       @Override
   *       public void onEnded(TcpStream socket, Throwable error) {
   *         (error == null ? served : failed).increment();
   *       }
   *     };
   * TcpServer server = TcpServer.start(executor, listener, socket -> echo(socket), counting);
   * }</pre>
   */
  public interface Observer {
    /** A connection was accepted, and its handler is about to start. On any thread. */
    default void onAccepted(TcpStream socket) {}

    /**
     * A connection's handler has ended, and the connection is closed.
     *
     * @param error what it failed with, or null
     */
    default void onEnded(TcpStream socket, @Nullable Throwable error) {}
  }

  /**
   * How a drain went.
   *
   * <pre>{@code
   * TcpServer.DrainReport report = server.drain(Duration.ofSeconds(3)).join();
   * System.out.println(report.ended() + " connections ended, " + report.reset() + " were reset");
   * }</pre>
   *
   * @param ended how many connections came to their end by themselves
   * @param reset how many were reset, as the time was up
   */
  public record DrainReport(int ended, int reset) {}

  /** For handlers to see that their connection was reset. Guessed. */
  private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private static final Observer NOBODY = new Observer() {};

  private final AsyncExecutor executor;
  private final TcpListener listener;
  private final Handler handler;
  private final Observer observer;
  private final Set<TcpStream> open = ConcurrentHashMap.newKeySet();
  private final Task<@Nullable Void> accepting = new Task<>();
  private final Task<DrainReport> drained = new Task<>();
  private final AtomicInteger endedInDrain = new AtomicInteger();
  private final AtomicInteger resetInDrain = new AtomicInteger();
  private volatile boolean draining;

  /** The time for draining is up. */
  private volatile boolean late;

  private volatile @Nullable Task<?> drainTimer;

  private TcpServer(
      AsyncExecutor executor, TcpListener listener, Handler handler, Observer observer) {
    this.executor = executor;
    this.listener = listener;
    this.handler = handler;
    this.observer = observer;
  }

  /**
   * Begins to accept.
   *
   * @param executor runs the handlers
   * @param listener is the server's from here on
   */
  public static TcpServer start(AsyncExecutor executor, TcpListener listener, Handler handler) {
    return start(executor, listener, handler, NOBODY);
  }

  /** As {@link #start(AsyncExecutor, TcpListener, Handler)}, with somebody who is told. */
  public static TcpServer start(
      AsyncExecutor executor, TcpListener listener, Handler handler, Observer observer) {
    TcpServer server =
        new TcpServer(
            Objects.requireNonNull(executor, "executor"),
            Objects.requireNonNull(listener, "listener"),
            Objects.requireNonNull(handler, "handler"),
            Objects.requireNonNull(observer, "observer"));
    server.acceptAll();
    return server;
  }

  /** How many connections are being served. */
  public int open() {
    return open.size();
  }

  /**
   * Ends when the server has stopped accepting: after {@link #drain}, or since the listener or the
   * executor was closed. Fails with what accepting has failed with, if it has. The same task every
   * time; cancelling it does nothing to the server.
   */
  public Task<@Nullable Void> accepting() {
    return accepting;
  }

  /**
   * Ends the server: stops accepting, has the handlers see the end of their input after what has
   * arrived, and resets the connections that are not through after a time. Does not wait.
   *
   * @param bound zero or less resets them at once
   * @return ends when no connection is left; the same task every time, and only the first bound
   *     counts. Cancelling it does nothing to the server
   */
  public Task<DrainReport> drain(Duration bound) {
    boolean first;
    synchronized (this) {
      first = !draining;
      draining = true; // before the look at those that are open: see serve
    }
    if (first) {
      listener.drain();
      if (bound.isZero() || bound.isNegative()) {
        resetTheRest(); // without a word that some might end at before
      } else {
        open.forEach(TcpStream::shutdownInput);
        Task<@Nullable Void> timer = executor.sleep(bound);
        timer.whenComplete((nothing, error) -> resetTheRest());
        drainTimer = timer;
      }
      accepting.whenComplete((nothing, error) -> reportIfDone());
      reportIfDone();
    }
    return drained;
  }

  /**
   * Has the server drain when the JVM is told to end, by SIGTERM, Ctrl-C or {@link System#exit},
   * and the JVM wait for it. It ends with the exit code that it would have had: 143 after SIGTERM.
   *
   * @throws IllegalStateException if the JVM is ending already
   */
  public void drainAtExit(Duration bound) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> drainNow(bound), "weft-drain"));
  }

  /**
   * Drains, and waits for it: for the bound and a little more, in which the handlers of what was
   * reset end. Blocks, so it is nothing for a worker.
   *
   * @return null if some have not, or if the calling thread was interrupted, which it still is then
   */
  public @Nullable DrainReport drainNow(Duration bound) {
    Task<DrainReport> draining = drain(bound);
    try {
      long nanos = TimeUnit.NANOSECONDS.convert(bound);
      long withRest = nanos > Long.MAX_VALUE - REST_NANOS ? nanos : nanos + REST_NANOS;
      return draining.get(withRest, TimeUnit.NANOSECONDS);
    } catch (TimeoutException | ExecutionException late) {
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    }
  }

  // ---- accepting

  /** A loop for those that are there already, so that thousands at once are no deep recursion. */
  private void acceptAll() {
    while (true) {
      Task<@Nullable TcpStream> next = listener.accept();
      if (!next.isDone()) {
        next.whenComplete(
            (socket, error) -> {
              if (serve(socket, error)) {
                acceptAll();
              }
            });
        return;
      }
      TcpStream socket = null;
      Throwable error = null;
      try {
        socket = next.join();
      } catch (Throwable failed) {
        error = failed;
      }
      if (!serve(socket, error)) {
        return;
      }
    }
  }

  /** False if there will be no more. */
  private boolean serve(@Nullable TcpStream socket, @Nullable Throwable error) {
    if (error != null) {
      accepting.completeExceptionally(error);
      return false;
    }
    if (socket == null) {
      accepting.complete(null);
      return false;
    }
    try {
      serve(socket);
    } catch (Throwable noTask) { // no memory for it, say; the next one may be luckier
      socket.reset();
      onEnded(socket, noTask);
    }
    return true;
  }

  private void serve(TcpStream socket) {
    open.add(socket);
    if (late) {
      resetInDrain.incrementAndGet();
      socket.reset();
    } else if (draining) { // or drain() sees it among those that are open
      socket.shutdownInput();
    }
    try {
      observer.onAccepted(socket);
    } catch (Throwable notOurs) {
      // the connection is served all the same
    }
    // handle() and not whenComplete(), which wraps each failure in one with a stack trace.
    executor
        .spawn(() -> handler.serve(socket))
        .handle(
            (nothing, error) -> {
              onEnded(socket, error);
              return null;
            });
  }

  private void onEnded(TcpStream socket, @Nullable Throwable error) {
    if (error == null) {
      socket.close();
    } else {
      socket
          .resetUnlessClosed(); // what it has sent was not the whole, as far as it has not said so
    }
    boolean inDrain = draining && !drained.isDone();
    if (inDrain) {
      endedInDrain.incrementAndGet(); // first: whoever finds none open reports the number
    }
    if (!open.remove(socket)) {
      if (inDrain) {
        endedInDrain.decrementAndGet();
      }
      return;
    }
    try {
      observer.onEnded(socket, error);
    } catch (Throwable notOurs) {
      // the connection has ended all the same
    }
    reportIfDone();
  }

  // ---- ending

  private void resetTheRest() {
    late = true; // before the look at those that are open: see serve
    for (TcpStream socket : open) {
      resetInDrain.incrementAndGet();
      socket.reset();
    }
  }

  private void reportIfDone() {
    if (draining && accepting.isDone() && open.isEmpty()) {
      int reset = resetInDrain.get();
      Task<?> timer = drainTimer;
      if (timer != null) {
        timer.cancel(false); // a node program would live as long
      }
      drained.complete(new DrainReport(Math.max(0, endedInDrain.get() - reset), reset));
    }
  }
}
