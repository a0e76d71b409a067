package dev.weft.http;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A request and what became of it: see {@link HttpOptions#accessLog()}.
 *
 * <pre>{@code
 * Logger log = LoggerFactory.getLogger("access");
 * HttpOptions options = HttpOptions.defaults().accessLog(entry -> log.info(entry.toString()));
 * }</pre>
 *
 * @param remoteAddress who was connected; null on a Unix domain socket
 * @param begun when the head had come
 * @param method as it came, as the next two
 * @param target what was asked for
 * @param protocol {@code HTTP/1.0}, {@code HTTP/1.1} or {@code HTTP/2}
 * @param status of the answer; 0 if there was none, since the client went away
 * @param bytes of the answer's body, as far as they were handed to the connection
 * @param took from the head to the end of the answer
 * @param complete whether the answer was handed over whole
 * @param referer what the client says, or null, as the next
 * @param userAgent what it says that it is
 */
public record AccessLogEntry(
    @Nullable SocketAddress remoteAddress,
    Instant begun,
    String method,
    String target,
    String protocol,
    int status,
    long bytes,
    Duration took,
    boolean complete,
    @Nullable String referer,
    @Nullable String userAgent) {
  /** What a client has sent is cut there: it chooses how long it is, and many entries may wait. */
  private static final int FIELD_CHARS = 1024;

  private static final char[] HEX = "0123456789abcdef".toCharArray();

  private static final DateTimeFormatter FORMAT =
      DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT).withZone(ZoneOffset.UTC);

  /** Cuts what is long. */
  public AccessLogEntry {
    method = cut(method);
    target = cut(target);
    referer = referer == null ? null : cut(referer);
    userAgent = userAgent == null ? null : cut(userAgent);
  }

  private static String cut(String field) {
    return field.length() <= FIELD_CHARS ? field : field.substring(0, FIELD_CHARS) + "...";
  }

  /**
   * A line in the combined log format of Apache and nginx, the milliseconds that it took, and
   * {@code broken} if it was not complete. What the client has sent is escaped, so that it makes no
   * line of its own.
   */
  @Override
  public String toString() {
    StringBuilder line = new StringBuilder(200);
    if (remoteAddress instanceof InetSocketAddress inet && inet.getAddress() != null) {
      line.append(inet.getAddress().getHostAddress());
    } else {
      line.append('-');
    }
    line.append(" - - [");
    FORMAT.formatTo(begun, line);
    line.append("] \"");
    append(line, method);
    line.append(' ');
    append(line, target);
    line.append(' ');
    append(line, protocol);
    line.append("\" ").append(status).append(' ').append(bytes).append(" \"");
    append(line, referer == null ? "-" : referer);
    line.append("\" \"");
    append(line, userAgent == null ? "-" : userAgent);
    line.append("\" ").append(took.toMillis());
    return (complete ? line : line.append(" broken")).toString();
  }

  private static void append(StringBuilder line, String field) {
    for (int i = 0; i < field.length(); i++) {
      char c = field.charAt(i);
      if (c >= ' ' && c <= '~' && c != '"' && c != '\\') {
        line.append(c);
      } else if (c < 0x100) {
        line.append("\\x").append(HEX[c >> 4]).append(HEX[c & 15]);
      } else {
        line.append("\\u");
        for (int shift = 12; shift >= 0; shift -= 4) {
          line.append(HEX[(c >> shift) & 15]);
        }
      }
    }
  }
}
