package dev.weft.http;

import static dev.weft.Async.await;
import static dev.weft.Async.done;

import dev.weft.Async;
import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.net.ByteStream;
import dev.weft.net.TcpListener;
import dev.weft.net.TcpServer;
import dev.weft.net.TcpStream;
import dev.weft.net.TlsAcceptor;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Serves HTTP/1.1 and HTTP/2 with an async method. An adapter over Netty's codecs and Weft's
 * sockets, and no framework: what a path means is the {@linkplain HttpHandler handler's} business.
 *
 * <pre>{@code
 * try (WorkStealingExecutor executor = WorkStealingExecutor.builder().build()) {
 *   TcpListener listener = executor.blockOn(() -> TcpListener.bind("127.0.0.1", 8080));
 *   HttpServer server =
 *       HttpServer.start(executor, listener, request -> done(HttpResponse.text("hello\n")));
 *   server.drainAtExit(Duration.ofSeconds(10)); // on SIGTERM or Ctrl-C
 *   server.ended().join();
 * }
 * }</pre>
 *
 * <ul>
 *   <li>Connections are kept, and requests may be sent ahead; those of one HTTP/1.1 connection are
 *       handled one after the other, the streams of HTTP/2 at once.
 *   <li>HTTP/2 is spoken with a client that asks for it in TLS (ALPN), or begins with it (prior
 *       knowledge).
 *   <li>Bodies stream both ways, and wait for the slower side.
 *   <li>A client that goes away cancels its handler. A client that ends its output and waits for
 *       the answer is taken for one that has gone, as by Go and nginx.
 *   <li>What a client may send, and how long it may take: {@link HttpOptions}. How many clients,
 *       and how much memory they get: {@link dev.weft.net.ListenOptions}.
 *   <li>Not here: upgrades (WebSocket), {@code CONNECT}, compression, range requests.
 * </ul>
 *
 * <p><b>Threads:</b> every method may be called from any.
 */
public final class HttpServer {
  /** For handlers to see that their connection was reset. Guessed. */
  private static final long REST_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  private final AsyncExecutor executor;
  private final HttpHandler handler;
  private final HttpOptions options;
  private final TimeLimits limits;
  private final @Nullable AccessLog accessLog;
  private final List<Accepting> accepting = new CopyOnWriteArrayList<>();
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final Task<TcpServer.DrainReport> drained = new Task<>();
  private final Task<@Nullable Void> allEnded = new Task<>();
  private final AtomicInteger endedInDrain = new AtomicInteger();
  private final TcpServer.Observer closing =
      new TcpServer.Observer() {
        @Override
        public void onEnded(TcpStream socket, @Nullable Throwable error) {
          checkEnded();
        }
      };
  private volatile boolean draining;

  private record Accepting(TcpListener listener, TcpServer server) {}

  private HttpServer(AsyncExecutor executor, HttpHandler handler, HttpOptions options) {
    this.executor = Objects.requireNonNull(executor, "executor");
    this.handler = Objects.requireNonNull(handler, "handler");
    this.options = Objects.requireNonNull(options, "options");
    this.limits = new TimeLimits(executor, options);
    Consumer<? super AccessLogEntry> log = options.accessLog();
    this.accessLog = log == null ? null : new AccessLog(log);
  }

  /**
   * Begins to serve.
   *
   * @param executor runs the handler
   * @param listener is the server's from here on
   */
  public static HttpServer start(
      AsyncExecutor executor, TcpListener listener, HttpHandler handler) {
    return start(executor, listener, handler, HttpOptions.defaults());
  }

  /** As {@link #start(AsyncExecutor, TcpListener, HttpHandler)}, with limits of your own. */
  public static HttpServer start(
      AsyncExecutor executor, TcpListener listener, HttpHandler handler, HttpOptions options) {
    return of(executor, handler, options).listen(listener);
  }

  /** A server that listens nowhere yet: see {@link #listen} and {@link #serve}. */
  public static HttpServer of(AsyncExecutor executor, HttpHandler handler, HttpOptions options) {
    return new HttpServer(executor, handler, options);
  }

  /**
   * Serves what this listener accepts, too.
   *
   * @param listener is the server's from here on
   * @return this
   * @throws IllegalStateException if the server is ending
   */
  public HttpServer listen(TcpListener listener) {
    return listen(listener, this::serve);
  }

  /**
   * The same, over TLS. HTTP/2 is spoken if the acceptor's {@link TlsAcceptor.Builder#alpn} offers
   * {@code h2} and the client takes it.
   */
  public HttpServer listen(TcpListener listener, TlsAcceptor tls) {
    return listen(listener, tls.serving(this::serve));
  }

  private HttpServer listen(TcpListener listener, TcpServer.Handler handler) {
    synchronized (this) {
      if (draining) {
        throw new IllegalStateException("The server is ending");
      }
      TcpServer server = TcpServer.start(executor, listener, handler, closing);
      accepting.add(new Accepting(listener, server));
      server.accepting().whenComplete((nothing, error) -> checkEnded());
    }
    return this;
  }

  /**
   * Serves one connection, which was accepted elsewhere: on a Unix domain socket, say. In the task
   * of the caller.
   *
   * @return the end of the connection; it is the caller's to close. Fails with {@link
   *     java.io.IOException} if it breaks
   */
  public CompletableFuture<@Nullable Void> serve(ByteStream stream) {
    Connection connection = new Connection(this, stream);
    connections.add(connection);
    try {
      if (draining) { // or drain() sees it among the connections
        connection.end();
      }
      await(connection.run());
      return done();
    } finally {
      connection.limit().close();
      boolean inDrain = draining;
      if (inDrain) {
        endedInDrain.incrementAndGet(); // first: whoever finds none reports the number
      }
      connections.remove(connection);
      if (draining) {
        checkEnded();
      }
    }
  }

  /** How many connections are being served. */
  public int open() {
    return connections.size();
  }

  // ---- the end

  /**
   * Ends the server: stops accepting, closes what is idle, and lets the requests that are under way
   * be answered, with {@code Connection: close} or after a GOAWAY; what is not through after a time
   * is reset. Does not wait.
   *
   * @param bound zero or less resets them at once
   * @return ends when no connection is left, but for those that were given to {@link #serve} and
   *     take longer: they are their owner's. The same task every time, and only the first bound
   *     counts. Cancelling it does nothing to the server
   */
  public Task<TcpServer.DrainReport> drain(Duration bound) {
    synchronized (this) {
      if (draining) {
        return drained;
      }
      draining = true; // before the look at the connections: see serve
    }
    accepting.forEach(each -> each.listener().drain());
    connections.forEach(Connection::end);
    checkEnded();
    executor
        .spawn("http-drain", () -> drained(bound))
        .handle(
            (report, error) ->
                error == null ? drained.complete(report) : drained.completeExceptionally(error));
    return drained;
  }

  private CompletableFuture<TcpServer.DrainReport> drained(Duration bound) {
    try {
      await(Async.timeout(bound, allEnded), TimeoutException.class);
    } catch (TimeoutException late) {
      // and they are reset
    }
    int ended = endedInDrain.get();
    int reset = 0;
    for (Accepting each : accepting) {
      reset += await(each.server().drain(Duration.ZERO)).reset();
    }
    return done(new TcpServer.DrainReport(ended, reset));
  }

  private void checkEnded() {
    if (draining
        && connections.isEmpty()
        && accepting.stream().allMatch(each -> isThrough(each.server()))) {
      allEnded.complete(null);
    }
  }

  /** Whether it accepts no more, and has closed all; what it has not is reset when it drains. */
  private static boolean isThrough(TcpServer server) {
    return server.accepting().isDone() && server.open() == 0;
  }

  /**
   * Has the server drain when the JVM is told to end, by SIGTERM, Ctrl-C or {@link System#exit},
   * and the JVM wait for it.
   *
   * @throws IllegalStateException if the JVM is ending already
   */
  public void drainAtExit(Duration bound) {
    Runtime.getRuntime().addShutdownHook(new Thread(() -> drainNow(bound), "weft-http-drain"));
  }

  /**
   * Drains, and waits for it: for the bound and a little more, in which the handlers of what was
   * reset end. Blocks, so it is nothing for a worker.
   *
   * @return null if some have not, or if the calling thread was interrupted, which it still is then
   */
  public TcpServer.@Nullable DrainReport drainNow(Duration bound) {
    Task<TcpServer.DrainReport> draining = drain(bound);
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

  /** Ends when the server has: after {@link #drain}. The same task as that gives. */
  public Task<TcpServer.DrainReport> ended() {
    return drained;
  }

  // ---- for the connections

  AsyncExecutor executor() {
    return executor;
  }

  HttpHandler handler() {
    return handler;
  }

  HttpOptions options() {
    return options;
  }

  TimeLimits limits() {
    return limits;
  }

  @Nullable AccessLog accessLog() {
    return accessLog;
  }

  boolean isDraining() {
    return draining;
  }
}
