package dev.weft.net;

import dev.weft.Task;
import dev.weft.frame.Await;
import dev.weft.frame.Frame;
import dev.weft.frame.Settled;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A connection that is being made, and its handshake. A frame, as the weaver would make it of
 *
 * <pre>
 *   TcpStream stream = await(TcpStream.connect(host, port, options));
 *   try {
 *     return done(await(tls.connect(stream, host)));
 *   } catch (Throwable error) {
 *     stream.close();
 *     throw error;
 *   }
 * </pre>
 */
final class TlsConnecting extends Frame<TcpStream> {
  private static final int CONNECTING = 1;
  private static final int HANDSHAKE = 2;

  private final TlsConnector connector;
  private final String host;
  private final int port;
  private final TcpOptions options;
  private @Nullable TcpStream stream;

  TlsConnecting(TlsConnector connector, String host, int port, TcpOptions options) {
    this.connector = connector;
    this.host = host;
    this.port = port;
    this.options = options;
  }

  /** Runs on the caller's thread for as long as nothing has to be waited for. */
  @SuppressWarnings("unchecked")
  Task<TcpStream> begin() {
    try {
      Object outcome = resume();
      return outcome == SUSPENDED ? this : (Task<TcpStream>) outcome;
    } catch (Throwable error) {
      return Settled.thrown(error);
    }
  }

  @Override
  protected Object resume() {
    CompletableFuture<?> awaited =
        state == 0 ? TcpStream.connect(host, port, options) : takeAwaited();
    if (state == 0 && !Await.isReady(awaited)) {
      park(awaited, CONNECTING);
      return SUSPENDED;
    }
    if (state != HANDSHAKE) {
      TcpStream connected = (TcpStream) Await.take(awaited);
      stream = connected;
      awaited = handshake(connected);
      if (!Await.isReady(awaited)) {
        park(awaited, HANDSHAKE);
        return SUSPENDED;
      }
    }
    if (awaited.isCompletedExceptionally() && stream != null) {
      stream.close(); // it has ended, or was reset
    }
    return awaited; // and whose value reaches nobody resets it
  }

  private CompletableFuture<?> handshake(TcpStream connected) {
    try {
      return connector.connect(connected, host);
    } catch (Throwable error) {
      connected.close();
      return Settled.thrown(error);
    }
  }
}
