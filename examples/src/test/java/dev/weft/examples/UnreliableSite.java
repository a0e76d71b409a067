package dev.weft.examples;

import static dev.weft.Async.await;
import static dev.weft.Async.done;

import dev.weft.Async;
import dev.weft.WorkStealingExecutor;
import dev.weft.net.TcpListener;
import dev.weft.net.TcpServer;
import dev.weft.net.TcpStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A web server that, instead of an answer, resets the connection at times, or breaks off amid one,
 * or says nothing until the client goes.
 */
final class UnreliableSite implements AutoCloseable {
  private final WorkStealingExecutor executor = WorkStealingExecutor.builder().build();
  private final Function<String, String> pages;
  private final TcpServer server;
  private final int port;
  private final AtomicInteger silent = new AtomicInteger();
  private final LongAdder answered = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder brokenOff = new LongAdder();
  private final LongAdder unanswered = new LongAdder();

  /** A server of pages: a body for each path. */
  UnreliableSite(Function<String, String> pages) throws Exception {
    this.pages = pages;
    TcpListener listener = executor.blockOn(() -> TcpListener.bind("127.0.0.1", 0));
    port = listener.localAddress().getPort();
    server = TcpServer.start(executor, listener, this::serve);
  }

  URI at(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  /** Requests that get no answer, and whose clients have not gone yet. */
  int silent() {
    return silent.get();
  }

  private CompletableFuture<@Nullable Void> serve(TcpStream socket) {
    StringBuilder asked = new StringBuilder();
    for (ByteBuf bytes; (bytes = await(socket.read())) != null; ) {
      asked.append(bytes.toString(StandardCharsets.US_ASCII));
      bytes.release();
      if (asked.indexOf("\r\n\r\n") >= 0) { // a request has no body
        String path = asked.substring(asked.indexOf(" ") + 1, asked.indexOf(" HTTP/"));
        asked.setLength(0);
        if (!await(answered(socket, pages.apply(path)))) {
          return done();
        }
      }
    }
    return done();
  }

  /** Whether the connection goes on. */
  private CompletableFuture<Boolean> answered(TcpStream socket, String body) {
    String answer = "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    switch (ThreadLocalRandom.current().nextInt(16)) {
      case 0:
        brokenOff.increment();
        socket.reset();
        return done(false);
      case 1:
        brokenOff.increment();
        await(socket.write(ascii(answer.substring(0, answer.length() - 1))));
        socket.reset();
        return done(false);
      case 2:
        brokenOff.increment();
        await(socket.write(ascii(answer.substring(0, answer.length() / 2))));
        return done(false);
      case 3:
        refused.increment();
        await(socket.write(ascii("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n")));
        return done(true);
      case 4:
        unanswered.increment();
        await(untilItGoes(socket));
        return done(false);
      case 5:
        await(Async.sleep(Duration.ofMillis(ThreadLocalRandom.current().nextInt(200))));
        break;
      default:
        break;
    }
    answered.increment();
    await(socket.write(ascii(answer)));
    return done(true);
  }

  private CompletableFuture<@Nullable Void> untilItGoes(TcpStream socket) {
    silent.incrementAndGet();
    try {
      for (ByteBuf bytes; (bytes = await(socket.read())) != null; ) {
        bytes.release();
      }
    } finally {
      silent.decrementAndGet();
    }
    return done();
  }

  private static ByteBuf ascii(String text) {
    return Unpooled.copiedBuffer(text, StandardCharsets.US_ASCII);
  }

  /** Hangs up on those that keep a connection for later. */
  @Override
  public void close() throws Exception {
    server.drain(Duration.ZERO).get();
    Load.until("nothing is left of the site", () -> executor.unended().isEmpty());
    Load.until("its sockets are closed", () -> OpenSockets.of(port) == 0);
    executor.close();
  }

  @Override
  public String toString() {
    return String.format(
        "%,d answered, %,d refused, %,d broken off, %,d left without an answer",
        answered.sum(), refused.sum(), brokenOff.sum(), unanswered.sum());
  }
}
