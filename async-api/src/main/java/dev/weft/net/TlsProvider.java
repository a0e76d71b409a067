package dev.weft.net;

/**
 * Who does the cryptography of {@link TlsAcceptor} and {@link TlsConnector}.
 *
 * <pre>{@code
 * TlsAcceptor tls =
 *     TlsAcceptor.builder()
 *         .certificate(Path.of("chain.pem"), Path.of("key.pem"))
 *         .provider(TlsProvider.OPENSSL)
 *         .build();
 * }</pre>
 */
public enum TlsProvider {
  /** The JDK, which is always there. */
  JDK,

  /**
   * OpenSSL or BoringSSL, by {@code io.netty:netty-tcnative-boringssl-static} or its like on the
   * class path; to ask for it without fails. Differs from the JDK in this: a server with no ALPN
   * name in common goes on without one, and whether a session was resumed is known to the second.
   */
  OPENSSL
}
