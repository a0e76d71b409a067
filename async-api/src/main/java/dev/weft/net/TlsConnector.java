package dev.weft.net;

import dev.weft.Task;
import dev.weft.net.tls.TlsContexts;
import dev.weft.net.tls.TlsSettings;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * The client's side of TLS: whom it trusts, and the handshake on a connection that was made. Needs
 * {@code io.netty:netty-handler}.
 *
 * <pre>{@code
 * static CompletableFuture<String> firstLine(String host) throws IOException {
 *   TlsConnector tls = TlsConnector.builder().trust(Path.of("ca.pem")).build();
 *   try (TcpStream stream = await(tls.connect(host, 443))) {
 *     await(stream.writeAll("GET / HTTP/1.0\r\nHost: " + host + "\r\n\r\n"));
 *     return done(await(stream.readLine(8192)));
 *   }
 * }
 * }</pre>
 *
 * <p>The server's certificate must be for the host's name (RFC 9110, 4.3.4) and signed by somebody
 * who is trusted: the JDK's authorities, unless others are named. How an encrypted stream ends is
 * said at {@link TlsAcceptor}. With TLS 1.3 the handshake is done before the server has looked at
 * the client's certificate: one that it refuses is the failure of the first read.
 *
 * <p>Sessions are resumed with a server of the same name and port. Every method may be called from
 * any thread.
 */
public final class TlsConnector {
  private static final TlsHandshake.Tally NOBODY =
      new TlsHandshake.Tally() {
        @Override
        public void succeeded(TlsSession session) {}

        @Override
        public void failed() {}
      };

  private final TlsSettings settings;
  private final SslContext context;

  private TlsConnector(TlsSettings settings, SslContext context) {
    this.settings = settings;
    this.context = context;
  }

  /**
   * Begins to describe one.
   *
   * @throws IllegalStateException if there is no netty-handler, or no Netty
   */
  public static Builder builder() {
    NettyRequirement.checkTls();
    return new Builder();
  }

  /**
   * Makes the handshake on a stream that is open: before its first byte, or after plain ones
   * (STARTTLS).
   *
   * @param stream of which no read and no write waits, and that is not framed
   * @param host for which the server's certificate must be, a name or an address; a name is asked
   *     for, too (SNI)
   * @return the same stream, when the handshake is done. Fails and is cancelled as {@link
   *     TlsAcceptor#accept}
   */
  public <S extends ByteStream> Task<S> connect(S stream, String host) {
    String plain = host.startsWith("[") && host.endsWith("]") ? inner(host) : host;
    if (plain.isEmpty()) {
      throw new IllegalArgumentException("host must not be empty");
    }
    int port = stream instanceof TcpStream tcp ? tcp.remoteAddress().getPort() : -1;
    TlsHandshake<S> handshake = new TlsHandshake<>(stream, NOBODY);
    SSLEngine engine = context.newEngine(stream.channel().alloc(), plain, port);
    new TlsLayer(stream, handshake, engine, plain, settings.handshakeTimeout()).begin();
    return handshake;
  }

  private static String inner(String host) {
    return host.substring(1, host.length() - 1);
  }

  /**
   * Connects to a host and makes the handshake with it, on the current executor or else the shared
   * one.
   *
   * @return the stream; fails as {@link TcpStream#connect(String, int)} and as {@link
   *     #connect(ByteStream, String)}, and nothing is left open then. Nor is it if it is cancelled
   */
  public Task<TcpStream> connect(String host, int port) {
    return connect(host, port, TcpOptions.defaults());
  }

  /** As {@link #connect(String, int)}, with options of the connection. */
  public Task<TcpStream> connect(String host, int port, TcpOptions options) {
    return new TlsConnecting(this, host, port, options).begin();
  }

  /**
   * Describes a {@link TlsConnector}. Files are read by {@link #build}.
   *
   * <pre>{@code
   * TlsConnector tls =
   *     TlsConnector.builder()
   *         .certificate(Path.of("client.pem"), Path.of("client.key"))
   *         .alpn("http/1.1")
   *         .build();
   * }</pre>
   */
  public static final class Builder {
    private final TlsSettings settings = new TlsSettings();

    private Builder() {}

    /** Trusts what these certificates vouch for (PEM), in place of the JDK's authorities. */
    public Builder trust(Path certificates) {
      settings.trust(certificates);
      return this;
    }

    /** As {@link #trust(Path)}, those of a store that was loaded. */
    public Builder trust(KeyStore store) {
      settings.trust(store);
      return this;
    }

    /**
     * Trusts whoever answers, under whatever name: for tests. The connection is encrypted, and
     * nobody knows with whom.
     */
    public Builder trustAnyoneInsecurely() {
      settings.trustAnyone();
      return this;
    }

    /**
     * Shows this certificate to a server that asks. See {@link TlsAcceptor.Builder#certificate}.
     */
    public Builder certificate(Path chain, Path key) {
      settings.identity("", chain, key);
      return this;
    }

    /** The same, with its key out of a store that was loaded. */
    public Builder certificate(KeyStore store, char[] password) {
      settings.identity("", store, password);
      return this;
    }

    /**
     * Asks for one of these protocols, the first one preferred. A server may know of no such thing;
     * then {@link TlsSession#applicationProtocol} is null.
     */
    public Builder alpn(String... protocols) {
      settings.alpn(protocols);
      return this;
    }

    /** The versions, by the JDK's names; by default {@code TLSv1.3} and {@code TLSv1.2}. */
    public Builder protocols(String... versions) {
      settings.protocols(versions);
      return this;
    }

    /** The cipher suites, by the JDK's names; by default the safe ones of the provider. */
    public Builder ciphers(String... suites) {
      settings.ciphers(suites);
      return this;
    }

    /**
     * For how long a handshake may take before the connection is reset: 10 seconds by default, zero
     * for ever, and 100 years at most.
     */
    public Builder handshakeTimeout(Duration time) {
      if (time.isNegative()) {
        throw new IllegalArgumentException("handshakeTimeout must not be negative: " + time);
      }
      settings.handshakeTimeout(TcpOptions.millis(time));
      return this;
    }

    /** Who does the cryptography; the JDK by default. */
    public Builder provider(TlsProvider provider) {
      settings.openSsl(provider == TlsProvider.OPENSSL);
      return this;
    }

    /**
     * Reads the files, and so blocks for a moment.
     *
     * @throws IOException if one cannot be read or used; the message names it and says why
     * @throws IllegalStateException if OpenSSL was asked for and is not there
     */
    public TlsConnector build() throws IOException {
      TlsSettings own = new TlsSettings(settings);
      try {
        return new TlsConnector(own, TlsContexts.client(own));
      } catch (GeneralSecurityException unusable) {
        throw new SSLException(unusable.getMessage(), unusable);
      }
    }
  }
}
