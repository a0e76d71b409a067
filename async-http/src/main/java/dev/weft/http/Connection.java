package dev.weft.http;

import static dev.weft.Async.await;
import static dev.weft.Async.done;

import dev.weft.net.ByteStream;
import dev.weft.net.TlsSession;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A connection, of which TLS has agreed which protocol it has, or else its first bytes say it.
 *
 * <p>{@link #end} may come at any time: it writes {@link #ending}, then reads {@link #protocol};
 * {@link #run} does it the other way round. So the protocol is told by one of them.
 */
final class Connection {
  /** How a client begins that knows that HTTP/2 is spoken here: RFC 9113, 3.4. */
  private static final byte[] PREFACE = "PRI ".getBytes(StandardCharsets.US_ASCII);

  /** What is spoken on a connection. */
  interface Protocol {
    /** Serves it to its end. */
    CompletableFuture<@Nullable Void> run();

    /** Takes no further request. From any thread. */
    void end();

    /** The client has taken too long, over what the time limit says. From any thread. */
    void cut();
  }

  private final HttpServer server;
  private final ByteStream stream;
  private final TimeLimit limit;
  private volatile @Nullable Protocol protocol;
  private volatile boolean ending;

  Connection(HttpServer server, ByteStream stream) {
    this.server = server;
    this.stream = stream;
    this.limit = new TimeLimit(server, this::cut);
  }

  TimeLimit limit() {
    return limit;
  }

  CompletableFuture<@Nullable Void> run() {
    limit.await(TimeLimit.For.HEAD);
    TlsSession tls = TlsSession.of(stream);
    boolean http2 =
        tls != null && tls.applicationProtocol() != null
            ? tls.applicationProtocol().equals("h2")
            : server.options().http2() && await(beginsWithPreface());
    Protocol spoken = http2 ? new Http2(server, stream, limit) : new Http1(server, stream, limit);
    protocol = spoken;
    if (ending) {
      spoken.end();
    }
    return spoken.run();
  }

  private CompletableFuture<Boolean> beginsWithPreface() {
    ByteBuf start = await(stream.peek(PREFACE.length));
    try {
      boolean same = start.readableBytes() == PREFACE.length;
      for (int i = 0; same && i < PREFACE.length; i++) {
        same = start.getByte(start.readerIndex() + i) == PREFACE[i];
      }
      return done(same);
    } finally {
      start.release();
    }
  }

  /** The server ends: what is under way is the last. From any thread. */
  void end() {
    ending = true;
    Protocol spoken = protocol;
    if (spoken == null) {
      stream.shutdownInput();
    } else {
      spoken.end();
    }
  }

  private void cut() {
    Protocol spoken = protocol;
    if (spoken == null) {
      stream.shutdownInput();
    } else {
      spoken.cut();
    }
  }
}
