package dev.weft.net;

import dev.weft.Task;
import dev.weft.net.tls.TlsContexts;
import dev.weft.net.tls.TlsSettings;
import dev.weft.net.tls.TlsSettings.ClientCertificate;
import io.netty.handler.ssl.SslContext;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;

/**
 * The server's side of TLS: its certificates, and the handshake on a connection that was accepted.
 * Needs {@code io.netty:netty-handler}.
 *
 * <pre>{@code
 * TlsAcceptor tls =
 *     TlsAcceptor.builder()
 *         .certificate(Path.of("chain.pem"), Path.of("key.pem"))
 *         .alpn("h2", "http/1.1")
 *         .build();
 * TcpServer server = TcpServer.start(executor, listener, tls.serving(socket -> echo(socket)));
 * }</pre>
 *
 * <p>TLS is put on an open stream, as with Tokio's rustls and Go's {@code tls.Server}: before the
 * first byte, or after plain ones (STARTTLS; await what was read and written before). The same
 * stream goes on, encrypted: its reads, writes, framing, limits and back-pressure. TLS 1.3 and 1.2.
 *
 * <ul>
 *   <li>{@link ByteStream#close} says {@code close_notify} and ends in order; {@link
 *       ByteStream#reset} and the executor's end do not say it, so no peer takes a part for all.
 *   <li>A peer's {@code close_notify} is the end of the stream. An end of the connection without
 *       one is a {@link TlsTruncatedException}, after what had come.
 *   <li>{@link ByteStream#shutdownOutput} says {@code close_notify} and ends the output; reading
 *       goes on. With TLS 1.2 a peer answers it by ending as well (RFC 5246, 7.2.1), and this side
 *       does: what is written after the peer's {@code close_notify} is not sent. TLS 1.3 has two
 *       directions that end by themselves.
 *   <li>If TLS fails, the peer is sent the alert before the connection ends.
 *   <li>A renegotiation is refused, by a reset.
 * </ul>
 *
 * <p>What computes in a handshake runs on the executor's pool for blocking calls, a few at a time.
 * Sessions are resumed, by tickets; {@link #reload} ends them.
 *
 * <p>Every method may be called from any thread.
 */
public final class TlsAcceptor {
  /**
   * Whether clients are to show a certificate.
   *
   * <pre>{@code
   * TlsAcceptor tls =
   *     TlsAcceptor.builder()
   *         .certificate(Path.of("chain.pem"), Path.of("key.pem"))
   *         .clientAuth(TlsAcceptor.ClientAuth.REQUIRE)
   *         .trust(Path.of("clients-ca.pem"))
   *         .build();
   * }</pre>
   */
  public enum ClientAuth {
    /** They are not asked for one. */
    NONE,

    /** They are asked, and may have none; one that is shown has to be trusted. */
    REQUEST,

    /** Who has none that is trusted is refused. */
    REQUIRE
  }

  private final LongAdder succeeded = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder resumed = new LongAdder();
  private final TlsHandshake.Tally tally =
      new TlsHandshake.Tally() {
        @Override
        public void succeeded(TlsSession session) {
          succeeded.increment();
          if (session.resumed()) {
            resumed.increment();
          }
        }

        @Override
        public void failed() {
          failed.increment();
        }
      };

  /** Written under the lock. */
  private volatile Current current;

  /** What new connections get. */
  private record Current(TlsSettings settings, SslContext context) {}

  private TlsAcceptor(Current current) {
    this.current = current;
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
   * Takes the client's handshake.
   *
   * @param stream of which no read and no write waits, and that is not framed
   * @return the same stream, when the handshake is done. Fails with {@link TlsException}, which
   *     says what the peer did; with {@link java.net.SocketTimeoutException} if it took longer than
   *     {@link Builder#handshakeTimeout}; or as a read does if the connection breaks. The
   *     connection has ended then, and the stream is still the caller's to close. Cancelling it
   *     resets the connection
   */
  public <S extends ByteStream> Task<S> accept(S stream) {
    TlsHandshake<S> handshake = new TlsHandshake<>(stream, tally);
    Current now = current;
    SSLEngine engine = now.context().newEngine(stream.channel().alloc());
    new TlsLayer(stream, handshake, engine, null, now.settings().handshakeTimeout()).begin();
    return handshake;
  }

  /**
   * A server's handler that takes the handshake and then has the connection served. A connection
   * whose handshake fails never reaches the handler, and is no failure of the server's: it is
   * counted ({@link #failedHandshakes}) and logged, a line a second at most, since scanners cause
   * them all day.
   */
  public TcpServer.Handler serving(TcpServer.Handler handler) {
    Objects.requireNonNull(handler, "handler");
    return socket -> new TlsServing(this, handler, socket).begin();
  }

  /**
   * Reads the certificates, keys and trusted certificates from their files again: for connections
   * that come from now on, all at once. Those that are open are not touched; sessions from before
   * are not resumed. Blocks for as long as the files take: a method calls it by {@code
   * spawnBlocking}.
   *
   * @throws IOException if one cannot be read or used, which its message names; what was in force
   *     stays in force
   */
  public synchronized void reload() throws IOException {
    set(current.settings());
  }

  /** As {@link #reload()}, with another certificate in the place of that without a name. */
  public synchronized void reload(Path chain, Path key) throws IOException {
    TlsSettings changed = new TlsSettings(current.settings());
    changed.replaceIdentity("", chain, key);
    set(changed);
  }

  /** The old one is not released: connections that are in a handshake use it; see its finalizer. */
  private void set(TlsSettings settings) throws IOException {
    current = new Current(settings, contextOf(settings));
  }

  private static SslContext contextOf(TlsSettings settings) throws IOException {
    try {
      return TlsContexts.server(settings);
    } catch (GeneralSecurityException unusable) {
      throw new SSLException(unusable.getMessage(), unusable);
    }
  }

  /** How many handshakes were done, resumed ones too. */
  public long handshakes() {
    return succeeded.sum();
  }

  /** How many of them went on with an earlier session. */
  public long resumedHandshakes() {
    return resumed.sum();
  }

  /** How many have failed, were too late, or cancelled. */
  public long failedHandshakes() {
    return failed.sum();
  }

  /**
   * Describes a {@link TlsAcceptor}. Files are read by {@link #build}.
   *
   * <pre>{@code
   * TlsAcceptor.Builder two =
   *     TlsAcceptor.builder()
   *         .certificate(Path.of("shop.pem"), Path.of("shop.key"))
   *         .sni("*.example.org", Path.of("example.pem"), Path.of("example.key"));
   * }</pre>
   */
  public static final class Builder {
    private final TlsSettings settings = new TlsSettings();

    private Builder() {}

    /**
     * Shows this certificate to whoever asks for no name, or for one that {@link #sni} has not.
     * Called again: one of another kind of key (RSA beside EC), for clients that cannot do with the
     * first.
     *
     * @param chain PEM: the server's certificate, and then those that vouch for it
     * @param key PEM, PKCS#8 or RSA's PKCS#1, not encrypted
     */
    public Builder certificate(Path chain, Path key) {
      settings.identity("", chain, key);
      return this;
    }

    /** As {@link #certificate(Path, Path)}, each with its key out of a store that was loaded. */
    public Builder certificate(KeyStore store, char[] password) {
      settings.identity("", store, password);
      return this;
    }

    /**
     * Shows this certificate to who asks for a name (SNI): {@code example.org}, or {@code
     * *.example.org} for each name with one label more.
     */
    public Builder sni(String name, Path chain, Path key) {
      if (name.isEmpty()) {
        throw new IllegalArgumentException("name must not be empty; use certificate(..)");
      }
      settings.identity(name, chain, key);
      return this;
    }

    /** Whether clients are to show a certificate; by default not. */
    public Builder clientAuth(ClientAuth wanted) {
      settings.clientCertificate(
          switch (wanted) {
            case NONE -> ClientCertificate.NONE;
            case REQUEST -> ClientCertificate.REQUESTED;
            case REQUIRE -> ClientCertificate.REQUIRED;
          });
      return this;
    }

    /** Trusts client certificates that these vouch for (PEM), in place of the JDK's. */
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
     * Agrees with clients that ask for it on one of these protocols, the first one preferred. A
     * client that asks for others only is refused, as by Go (RFC 7301, 3.2); one that asks for none
     * is not.
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
     * @throws IllegalStateException without a certificate, or if OpenSSL was asked for and is not
     *     there
     */
    public TlsAcceptor build() throws IOException {
      if (!settings.hasIdentity()) {
        throw new IllegalStateException("a TlsAcceptor must have a certificate(..) or an sni(..)");
      }
      TlsSettings own = new TlsSettings(settings);
      return new TlsAcceptor(new Current(own, contextOf(own)));
    }
  }
}
