package dev.weft.net;

import dev.weft.handoff.Acquiring;
import java.net.IDN;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import org.jspecify.annotations.Nullable;

/**
 * A handshake that is waited for. A connection in the midst of one is of use to nobody, so who
 * cancels it resets the connection; so do Go and the JDK, where a deadline in a handshake leaves
 * nothing that one could go on with.
 *
 * @param <S> the type of the stream
 */
final class TlsHandshake<S extends ByteStream> extends Acquiring<S> {
  /** Is told how each has ended. On the loop's thread. */
  interface Tally {
    void succeeded(TlsSession session);

    void failed();
  }

  private final S stream;
  private final Tally tally;

  /** It has ended by itself, and its connection is being seen to. */
  private volatile boolean ended;

  TlsHandshake(S stream, Tally tally) {
    this.stream = stream;
    this.tally = tally;
  }

  void succeed(TlsSession session) {
    if (!ended) {
      ended = true;
      tally.succeeded(session);
      deliver(stream);
    }
  }

  void fail(Throwable error) {
    if (!ended) {
      ended = true;
      tally.failed();
      completeExceptionally(error);
    }
  }

  @Override
  protected void giveUp() {
    if (!ended) {
      stream.reset();
    }
  }

  @Override
  protected void discard(S acquired) {
    acquired.reset();
  }

  @Override
  protected boolean stop() {
    return cancel(false) || isDone();
  }

  /** What was agreed on. */
  static TlsSession facts(
      SSLEngine engine, @Nullable String applicationProtocol, @Nullable String host, long begun) {
    SSLSession session = engine.getSession();
    List<X509Certificate> peer = new ArrayList<>();
    try {
      for (Certificate certificate : session.getPeerCertificates()) {
        if (certificate instanceof X509Certificate x509) {
          peer.add(x509);
        }
      }
    } catch (SSLPeerUnverifiedException nothingWasShown) {
      // then there is none
    }
    boolean jdk = !engine.getClass().getName().contains("OpenSsl");
    long grain = jdk ? 1 : 1000;
    return new TlsSession(
        session.getProtocol(),
        session.getCipherSuite(),
        applicationProtocol == null || applicationProtocol.isEmpty() ? null : applicationProtocol,
        host == null ? requestedName(session) : host,
        peer,
        session.getCreationTime() / grain < begun / grain);
  }

  private static @Nullable String requestedName(SSLSession session) {
    if (session instanceof ExtendedSSLSession extended) {
      try {
        for (SNIServerName name : extended.getRequestedServerNames()) {
          if (name instanceof SNIHostName asked) {
            return IDN.toUnicode(asked.getAsciiName()).toLowerCase(Locale.ROOT);
          }
        }
      } catch (UnsupportedOperationException unknown) {
        // to this provider
      }
    }
    return null;
  }
}
