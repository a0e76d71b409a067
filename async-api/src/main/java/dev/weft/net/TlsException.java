package dev.weft.net;

import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS has failed, in the handshake or later. The message is {@code address: what the peer did}:
 * "The peer does not speak TLS: it has sent HTTP", "The peer's certificate has expired", "The peer
 * refused our certificate: unknown_ca". The cause is the provider's exception, if there was one.
 *
 * <p>Without a stack trace of its own, which would be that of a loop: thousands of peers may cause
 * it at once.
 *
 * <pre>{@code
 * static CompletableFuture<Void> greet(TlsAcceptor tls, TcpStream socket) {
 *   try {
 *     await(tls.accept(socket));
 *   } catch (Exception refused) {
 *     if (refused instanceof TlsException) {
 *       System.err.println(refused.getMessage());
 *     }
 *   }
 *   return done();
 * }
 * }</pre>
 */
public class TlsException extends SSLException {
  private static final long serialVersionUID = 1;

  TlsException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  @Override
  public Throwable fillInStackTrace() {
    return this;
  }
}
