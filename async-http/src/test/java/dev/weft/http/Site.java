package dev.weft.http;

import static dev.weft.Async.await;
import static dev.weft.Async.done;
import static dev.weft.Async.sleep;

import dev.weft.Async;
import dev.weft.AsyncExecutor;
import dev.weft.NodeExecutor;
import dev.weft.net.ListenOptions;
import dev.weft.net.TcpListener;
import dev.weft.net.TcpOptions;
import dev.weft.net.TlsAcceptor;
import dev.weft.net.TlsSession;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A server with a page for each thing that an answer can be. */
final class Site implements AutoCloseable {
  final AsyncExecutor executor;
  final HttpServer server;
  final InetSocketAddress address;

  /** Permits for {@code /slow} that has begun, and for one that was cancelled. */
  final Semaphore slowBegun = new Semaphore(0);

  final Semaphore slowCancelled = new Semaphore(0);

  /** Lets {@code /gate} answer. */
  final CompletableFuture<@Nullable Void> gate = new CompletableFuture<>();

  final AtomicInteger handled = new AtomicInteger();

  /** Who has asked for {@code /hub}, which nobody ends. */
  final List<HttpBodyWriter> hub = new CopyOnWriteArrayList<>();

  /** What {@code /stray} has left behind. */
  volatile @Nullable CompletableFuture<?> strayRead;

  Site(AsyncExecutor executor, HttpOptions options) throws Exception {
    this(executor, options, TcpOptions.defaults());
  }

  Site(AsyncExecutor executor, HttpOptions options, TcpOptions connections) throws Exception {
    this(executor, options, connections, null);
  }

  Site(
      AsyncExecutor executor,
      HttpOptions options,
      TcpOptions connections,
      @Nullable TlsAcceptor tls)
      throws Exception {
    this.executor = executor;
    TcpListener listener =
        executor
            .spawn(
                () ->
                    TcpListener.bind(
                        "127.0.0.1", 0, ListenOptions.defaults().connections(connections)))
            .get(Wait.LONG.toSeconds(), TimeUnit.SECONDS);
    address = listener.localAddress();
    server = HttpServer.of(executor, this::handle, options);
    if (tls == null) {
      server.listen(listener);
    } else {
      server.listen(listener, tls);
    }
  }

  Site(Ground ground, HttpOptions options, TlsAcceptor tls) throws Exception {
    this(ground.executor(), options, TcpOptions.defaults(), tls);
  }

  Site(Ground ground, HttpOptions options) throws Exception {
    this(ground.executor(), options);
  }

  Site(Ground ground) throws Exception {
    this(ground, HttpOptions.defaults());
  }

  Client client() throws IOException {
    return new Client(address);
  }

  private CompletableFuture<HttpResponse> handle(HttpRequest request) throws Exception {
    handled.incrementAndGet();
    switch (request.method() + " " + request.path()) {
      case "GET /", "HEAD /":
        return done(HttpResponse.text("hello"));
      case "POST /echo", "PUT /echo":
        return done(HttpResponse.bytes(await(request.body().readAll())));
      case "POST /count":
        return done(HttpResponse.text(await(count(request.body())).toString()));
      case "POST /text":
        return done(HttpResponse.text(await(request.body().readText())));
      case "POST /trailers":
        await(request.body().readAll()).release();
        return done(HttpResponse.text("" + request.body().trailers().get("x-sum")));
      case "GET /stream", "HEAD /stream":
        return done(HttpResponse.stream("text/plain", Site::lines));
      case "GET /endless":
        return done(HttpResponse.stream("text/plain", this::endless));
      case "GET /broken":
        return done(HttpResponse.stream("text/plain", Site::broken));
      case "GET /short":
        return done(HttpResponse.stream("text/plain", Site::lines).header("content-length", "99"));
      case "GET /sized":
        return done(HttpResponse.stream("text/plain", Site::lines).header("content-length", "12"));
      case "GET /slow", "POST /slow":
        await(slow());
        return done(HttpResponse.of(200));
      case "GET /gate":
        await(gate);
        return done(HttpResponse.text("open"));
      case "GET /not-modified":
        return done(HttpResponse.of(304).header("etag", "\"1\""));
      case "DELETE /":
        return done(HttpResponse.of(204));
      case "GET /emptied":
        return done(HttpResponse.text("x").status(204));
      case "GET /reset":
        return done(HttpResponse.text("x").status(205));
      case "GET /stubborn":
        return done(await(stubborn()));
      case "GET /below":
        return done(HttpResponse.stream("text/plain", Site::lines).header("content-length", "-5"));
      case "POST /stray":
        strayRead = request.body().read();
        return done(HttpResponse.text("early"));
      case "GET /unsized":
        return done(HttpResponse.stream("text/plain", Site::lines).header("content-length", "?"));
      case "POST /early":
        return done(HttpResponse.text("early"));
      case "GET /tls":
        return done(HttpResponse.text(request.protocol() + " " + protocolOf(request.tls())));
      case "GET /refused":
        throw new HttpException(403, "Not you");
      case "GET /error":
        throw new IllegalStateException("of the test");
      case "GET /blocking": // so the rest of the task runs outside of the loop
        return done(
            HttpResponse.text(
                executor instanceof NodeExecutor // where nothing may block
                    ? "blocked"
                    : Async.blockInPlace(() -> "blocked")));
      case "POST /first":
        return done(HttpResponse.stream("text/plain", out -> first(out, request)));
      case "GET /torn":
        return done(HttpResponse.stream("text/plain", this::torn));
      case "GET /hub":
        return done(HttpResponse.stream("text/plain", this::join));
      case "GET /none":
        return done(null);
      case "GET /target":
        return done(
            HttpResponse.text(
                request.path() + " " + request.parameter("a") + " " + request.parameters("b")));
      default:
        return done(HttpResponse.text(request.path()).status(404));
    }
  }

  private CompletableFuture<@Nullable Void> join(HttpBodyWriter out) {
    hub.add(out);
    return new CompletableFuture<>();
  }

  private static String protocolOf(@Nullable TlsSession tls) {
    return tls == null ? "plain" : tls.protocol();
  }

  private CompletableFuture<@Nullable Void> slow() {
    slowBegun.release();
    try {
      await(sleep(Duration.ofDays(1)));
    } finally {
      slowCancelled.release();
    }
    return done();
  }

  /** An answer that is made although nobody wants it. */
  private CompletableFuture<HttpResponse> stubborn() {
    ByteBuf made = PooledByteBufAllocator.DEFAULT.buffer().writeByte('x');
    slowBegun.release();
    try {
      await(sleep(Duration.ofDays(1)));
    } catch (CancellationException cancelled) {
      slowCancelled.release();
    }
    return done(HttpResponse.bytes(made));
  }

  private CompletableFuture<@Nullable Void> endless(HttpBodyWriter out) {
    slowBegun.release();
    byte[] some = new byte[64 * 1024];
    try {
      while (true) {
        await(out.write(some));
      }
    } finally {
      slowCancelled.release();
    }
  }

  private static CompletableFuture<@Nullable Void> first(HttpBodyWriter out, HttpRequest request) {
    await(out.write("first "));
    await(out.write(await(request.body().readText())));
    return done();
  }

  /** Gives a write up, and goes on. */
  private CompletableFuture<@Nullable Void> torn(HttpBodyWriter out) {
    try {
      await(
          Async.timeout(Duration.ofMillis(50), out.write(new byte[16 << 20])),
          TimeoutException.class);
    } catch (TimeoutException late) {
      slowCancelled.release();
    }
    await(out.write("the end"));
    return done();
  }

  private static CompletableFuture<Long> count(HttpBody body) {
    long bytes = 0;
    for (ByteBuf part; (part = await(body.read())) != null; part.release()) {
      bytes += part.readableBytes();
    }
    return done(bytes);
  }

  private static CompletableFuture<@Nullable Void> lines(HttpBodyWriter out) {
    await(out.write("one "));
    await(sleep(Duration.ofMillis(1)));
    await(out.write("two "));
    await(out.write("")); // which is no end
    await(out.write("tri "));
    out.trailers().set("x-lines", "3");
    return done();
  }

  private static CompletableFuture<@Nullable Void> broken(HttpBodyWriter out) {
    await(out.write("some"));
    throw new IllegalStateException("of the test");
  }

  void awaitSlowBegun() throws InterruptedException {
    acquire(slowBegun);
  }

  void awaitSlowCancelled() throws InterruptedException {
    acquire(slowCancelled);
  }

  private static void acquire(Semaphore semaphore) throws InterruptedException {
    if (!semaphore.tryAcquire(Wait.LONG.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("did not happen within " + Wait.LONG);
    }
  }

  @Override
  public void close() {
    executor.close();
  }
}
