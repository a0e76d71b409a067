package dev.weft.net;

import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the handshake of a connection has agreed on.
 *
 * <pre>{@code
 * static CompletableFuture<Void> whoIsThere(TlsAcceptor tls, TcpStream socket) {
 *   TlsSession session = TlsSession.of(await(tls.accept(socket)));
 *   System.out.println(session.protocol() + " for " + session.serverName());
 *   return done();
 * }
 * }</pre>
 *
 * @param protocol {@code TLSv1.3}, say
 * @param cipher the cipher suite, by the JDK's name
 * @param applicationProtocol agreed on by ALPN: {@code h2}, say; null if none was
 * @param serverName by which the client has asked (SNI), or would have if it is no address; null if
 *     it has not
 * @param peerCertificates what the peer has shown, its own first; empty if nothing
 * @param resumed whether an earlier session was gone on with, and no certificate was shown anew
 */
public record TlsSession(
    String protocol,
    String cipher,
    @Nullable String applicationProtocol,
    @Nullable String serverName,
    List<X509Certificate> peerCertificates,
    boolean resumed) {
  /** Makes the list one's own. */
  public TlsSession {
    peerCertificates = List.copyOf(peerCertificates);
  }

  /** Of a stream; null if it has no TLS, or has not ended the handshake. From any thread. */
  public static @Nullable TlsSession of(ByteStream stream) {
    return stream.framing(List.of()).layer() instanceof TlsLayer tls ? tls.session() : null;
  }
}
