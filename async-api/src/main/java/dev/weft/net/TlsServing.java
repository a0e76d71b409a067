package dev.weft.net;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.frame.Await;
import dev.weft.frame.Frame;
import dev.weft.frame.Settled;
import dev.weft.log.LimitedLog;
import java.io.IOException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * A connection of a server with TLS. A frame, as the weaver would make it of
 *
 * <pre>
 *   try {
 *     await(tls.accept(socket));
 *   } catch (IOException refused) {
 *     return done();
 *   }
 *   return done(await(handler.serve(socket)));
 * </pre>
 */
final class TlsServing extends Frame<@Nullable Void> {
  private static final int HANDSHAKE = 1;
  private static final int SERVING = 2;

  private static final LimitedLog LOG = LimitedLog.of(LoggerFactory.getLogger(TlsAcceptor.class));

  private final TlsAcceptor acceptor;
  private final TcpServer.Handler handler;
  private final TcpStream socket;

  TlsServing(TlsAcceptor acceptor, TcpServer.Handler handler, TcpStream socket) {
    this.acceptor = acceptor;
    this.handler = handler;
    this.socket = socket;
  }

  /** Runs on the caller's thread for as long as nothing has to be waited for. */
  @SuppressWarnings("unchecked")
  Task<@Nullable Void> begin() {
    try {
      Object outcome = resume();
      return outcome == SUSPENDED ? this : (Task<@Nullable Void>) outcome;
    } catch (Throwable error) {
      return Settled.thrown(error);
    }
  }

  @Override
  protected Object resume() {
    CompletableFuture<?> awaited = state == 0 ? acceptor.accept(socket) : takeAwaited();
    if (state == 0 && !Await.isReady(awaited)) {
      park(awaited, HANDSHAKE);
      return SUSPENDED;
    }
    if (state != SERVING) {
      if (!isDone(awaited)) {
        return Async.done();
      }
      awaited = serve();
      if (!Await.isReady(awaited)) {
        park(awaited, SERVING);
        return SUSPENDED;
      }
    }
    Await.take(awaited);
    return Async.done();
  }

  /** False if the handshake has failed. */
  private boolean isDone(CompletableFuture<?> handshake) {
    try {
      Await.take(handshake);
      return true;
    } catch (Throwable refused) {
      if (refused instanceof IOException) {
        LOG.log(Level.INFO, "handshake", "No TLS with {}", refused.getMessage());
        return false;
      }
      throw refused; // cancelled, or the executor is halted
    }
  }

  private CompletableFuture<?> serve() {
    try {
      return Await.<@Nullable Void>future(handler.serve(socket));
    } catch (Throwable error) {
      return Settled.thrown(error);
    }
  }
}
