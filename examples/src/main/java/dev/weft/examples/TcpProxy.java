package dev.weft.examples;

import static dev.weft.Async.await;
import static dev.weft.Async.done;

import dev.weft.WorkStealingExecutor;
import dev.weft.log.LimitedLog;
import dev.weft.net.ByteStream;
import dev.weft.net.TcpListener;
import dev.weft.net.TcpOptions;
import dev.weft.net.TcpServer;
import dev.weft.net.TcpStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Hands each connection on to another server. What one side ends, the other sees ended, and what
 * one side breaks off, the other sees reset: nobody takes a part for the whole.
 *
 * <pre>{@code
 * java -cp .. dev.weft.examples.TcpProxy 7000 www.example.org 80
 * }</pre>
 */
final class TcpProxy {
  private static final LimitedLog LOG = LimitedLog.of(LoggerFactory.getLogger(TcpProxy.class));
  private static final TcpOptions OPTIONS =
      TcpOptions.defaults().connectTimeout(Duration.ofSeconds(5));

  private final String host;
  private final int port;
  private final Duration idleLimit;

  /** Breaks off where nothing has moved for so long in either direction. */
  TcpProxy(String host, int port, Duration idleLimit) {
    this.host = host;
    this.port = port;
    this.idleLimit = idleLimit;
  }

  /** Serves one client until both sides have ended. */
  CompletableFuture<@Nullable Void> serve(TcpStream client) throws IOException {
    try (TcpStream target = await(connect(client))) {
      await(ByteStream.copyBidirectional(client, target, idleLimit));
    }
    return done();
  }

  /** A failure resets the client, as the server does with each whose handler fails. */
  private CompletableFuture<TcpStream> connect(TcpStream client) throws IOException {
    try {
      return done(await(TcpStream.connect(host, port, OPTIONS), IOException.class));
    } catch (IOException unreachable) {
      LOG.warn("{} was sent away: {}", client, unreachable.getMessage());
      throw unreachable;
    }
  }

  /** Serves until the process is told to end, and then those that are there for 10 s more. */
  public static void main(String[] args) throws Exception {
    if (args.length != 3) {
      System.err.println("usage: TcpProxy PORT TARGET-HOST TARGET-PORT");
      System.exit(2);
    }
    TcpProxy proxy = new TcpProxy(args[1], Integer.parseInt(args[2]), Duration.ofMinutes(5));
    WorkStealingExecutor executor = WorkStealingExecutor.builder().build();
    TcpListener listener =
        executor.blockOn(() -> TcpListener.bind("127.0.0.1", Integer.parseInt(args[0])));
    TcpServer server = TcpServer.start(executor, listener, proxy::serve);
    server.drainAtExit(Duration.ofSeconds(10));
    executor.blockOn(server::accepting);
  }
}
