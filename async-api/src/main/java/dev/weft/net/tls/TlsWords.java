package dev.weft.net.tls;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.NotSslRecordException;
import java.nio.channels.ClosedChannelException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateRevokedException;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.AEADBadTagException;
import org.jspecify.annotations.Nullable;

/**
 * Says in plain words what has gone wrong, and what the peer did. The JDK's and OpenSSL's messages
 * name the alert or the class that noticed; tests pin which is said for what.
 */
public final class TlsWords {
  /** The JDK's words for an alert, and BoringSSL's. */
  private static final Pattern ALERT =
      Pattern.compile(
          "(?:Received fatal alert: |(?:SSLV3|TLSV1|TLSV13|TLSV1_?3)_ALERT_)([A-Za-z0-9_]+)");

  private static final Set<String> ABOUT_OUR_CERTIFICATE =
      Set.of(
          "bad_certificate",
          "unsupported_certificate",
          "certificate_revoked",
          "certificate_expired",
          "certificate_unknown",
          "unknown_ca",
          "access_denied");

  /** In the message of what is thrown for one; OpenSSL's says so as well. */
  public static final String RENEGOTIATION = "renegotiation";

  private TlsWords() {}

  /** The failure without what Netty puts around it. */
  public static Throwable plain(Throwable error) {
    Throwable plain = error;
    while (plain instanceof DecoderException && plain.getCause() != null) {
      if (plain instanceof NotSslRecordException) {
        break;
      }
      plain = plain.getCause();
    }
    return plain;
  }

  /**
   * What is said of a failure.
   *
   * @param host whose certificate was expected, if it is a server's
   */
  public static String of(Throwable error, @Nullable String host) {
    for (Throwable at = error; at != null; at = at.getCause()) {
      String said = known(at, host);
      if (said != null) {
        return said;
      }
      if (at.getCause() == at) {
        break;
      }
    }
    Throwable plain = plain(error);
    String message = plain.getMessage();
    return "TLS has failed: " + (message == null ? plain.getClass().getSimpleName() : message);
  }

  private static @Nullable String known(Throwable error, @Nullable String host) {
    if (error instanceof NotSslRecordException) {
      return "The peer does not speak TLS" + whatItSent(String.valueOf(error.getMessage()));
    }
    if (error instanceof CertificateExpiredException) {
      return "The peer's certificate has expired" + date(error);
    }
    if (error instanceof CertificateNotYetValidException) {
      return "The peer's certificate is not valid yet" + date(error);
    }
    if (error instanceof CertificateRevokedException) {
      return "The peer's certificate was revoked";
    }
    if (error instanceof CertPathBuilderException && error.getCause() == null) {
      return "The peer's certificate is signed by nobody who is trusted here";
    }
    if (error instanceof AEADBadTagException) {
      return "The peer has sent a record that cannot be decrypted";
    }
    if (error instanceof ClosedChannelException) {
      return "The peer has closed the connection during the handshake";
    }
    String message = error.getMessage();
    return message == null ? null : byMessage(message, host);
  }

  private static @Nullable String byMessage(String message, @Nullable String host) {
    if (message.contains(RENEGOTIATION)) {
      return "The peer has asked for a renegotiation, which is refused";
    }
    Matcher alert = ALERT.matcher(message);
    if (alert.find()) {
      return alert(alert.group(1).toLowerCase(Locale.ROOT));
    }
    if (message.startsWith("No subject alternative")
        || message.startsWith("No name matching")
        || message.contains("doesn't match")) {
      return "The peer's certificate is not for " + (host == null ? "this name" : host);
    }
    if (has(message, "cipher suites in common", "no cipher", "NO_SHARED_CIPHER", "NO_CIPHER")) {
      return "No common cipher: the peer can do none of those that are allowed here";
    }
    if (has(
        message,
        "protocol version",
        "No appropriate protocol",
        "UNSUPPORTED_PROTOCOL",
        "WRONG_VERSION_NUMBER")) {
      return "No common protocol version";
    }
    if (has(
        message, "application protocol", "application layer protocol", "NO_APPLICATION_PROTOCOL")) {
      return "No common application protocol (ALPN)";
    }
    if (has(message, "Empty client certificate", "PEER_DID_NOT_RETURN_A_CERTIFICATE")) {
      return "The peer has shown no certificate, and one is required";
    }
    if (has(message, "unable to find valid certification path", "CERTIFICATE_VERIFY_FAILED")) {
      return "The peer's certificate is signed by nobody who is trusted here";
    }
    if (has(message, "BAD_DECRYPT", "bad record MAC", "DECRYPTION_FAILED")) {
      return "The peer has sent a record that cannot be decrypted";
    }
    return null;
  }

  private static boolean has(String message, String... parts) {
    for (String part : parts) {
      if (message.contains(part)) {
        return true;
      }
    }
    return false;
  }

  private static String alert(String name) {
    if (ABOUT_OUR_CERTIFICATE.contains(name)) {
      return "The peer refused our certificate: " + name;
    }
    return switch (name) {
      case "certificate_required" -> "The peer requires a certificate of ours: " + name;
      case "protocol_version" -> "The peer found no common protocol version: " + name;
      case "handshake_failure" -> // also for the latter: RFC 5246, 7.4.6, and the JDK since 25
          "The peer found no common cipher, or requires a certificate of ours: " + name;
      case "insufficient_security" -> "The peer found no common cipher: " + name;
      case "no_application_protocol" ->
          "The peer found no common application protocol (ALPN): " + name;
      case "unrecognized_name" -> "The peer does not serve this name: " + name;
      default -> "The peer has ended TLS by an alert: " + name;
    };
  }

  /** The JDK says {@code NotAfter: Mon Jan 01 ...}. */
  private static String date(Throwable error) {
    String message = String.valueOf(error.getMessage());
    int colon = message.indexOf(": ");
    return message.startsWith("Not") && colon > 0 ? ": " + message : "";
  }

  /** Netty's message ends in all that had come, in hexadecimal digits. */
  private static String whatItSent(String message) {
    int start = message.lastIndexOf(' ') + 1;
    int end = Math.min(message.length(), start + 16);
    end -= (end - start) % 2;
    String text;
    try {
      byte[] bytes = ByteBufUtil.decodeHexDump(message, start, end - start);
      text = new String(bytes, StandardCharsets.ISO_8859_1);
    } catch (IllegalArgumentException | IndexOutOfBoundsException unknown) {
      return "";
    }
    for (String method :
        new String[] {"GET ", "POST ", "HEAD ", "PUT ", "OPTIONS ", "HTTP/", "PRI "}) {
      if (text.startsWith(method)) {
        return ": it has sent HTTP";
      }
    }
    return text.startsWith("SSH-") ? ": it has sent SSH" : "";
  }
}
