package dev.weft.http;

import dev.weft.net.ByteStream;
import dev.weft.net.TcpStream;
import dev.weft.net.TlsSession;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request, as a {@link HttpHandler} sees it. Its head was checked, by RFC 9110 and 9112: there is
 * one way to read it, and a proxy before this server has read it so, too.
 *
 * <pre>{@code
 * static HttpResponse hello(HttpRequest request) {
 *   String name = request.parameter("name"); // of /hello?name=Ada
 *   return HttpResponse.text("Hello, " + (name == null ? "you" : name) + "!");
 * }
 * }</pre>
 */
public final class HttpRequest {
  private final io.netty.handler.codec.http.HttpRequest head;
  private final String protocol;
  private final ByteStream stream;
  private final HttpBody body;
  private final String path;
  private @Nullable QueryStringDecoder query;

  HttpRequest(
      io.netty.handler.codec.http.HttpRequest head,
      String path,
      String protocol,
      ByteStream stream,
      HttpBody body) {
    this.head = head;
    this.path = path;
    this.protocol = protocol;
    this.stream = stream;
    this.body = body;
  }

  /** {@code GET}, {@code POST}, ... as it came: methods are case-sensitive. */
  public String method() {
    return head.method().name();
  }

  /** What was asked for, as it came: {@code /a%20b?c=d}, or with a proxy's scheme and host. */
  public String target() {
    return head.uri();
  }

  /**
   * The target's path, decoded: {@code /a b}. Begins with a slash, but for {@code *}. It may hold
   * {@code ..}, as the client may write what it likes.
   */
  public String path() {
    return path;
  }

  /** The first value of a parameter in the target's query, decoded; null if there is none. */
  public @Nullable String parameter(String name) {
    List<String> values = parameters(name);
    return values.isEmpty() ? null : values.get(0);
  }

  /** All of its values, in order. */
  public List<String> parameters(String name) {
    QueryStringDecoder decoder = query;
    if (decoder == null) {
      query = decoder = new QueryStringDecoder(head.uri());
    }
    try {
      return decoder.parameters().getOrDefault(name, List.of());
    } catch (IllegalArgumentException malformed) {
      throw new HttpException(400, "The query has a malformed percent-encoding");
    }
  }

  /** The head's fields; names in any case. */
  public HttpHeaders headers() {
    return head.headers();
  }

  /** What follows the head. */
  public HttpBody body() {
    return body;
  }

  /** {@code HTTP/1.0}, {@code HTTP/1.1} or {@code HTTP/2}. */
  public String protocol() {
    return protocol;
  }

  /** Who is connected: a proxy, maybe; null on a Unix domain socket. */
  public @Nullable SocketAddress remoteAddress() {
    return remoteAddress(stream);
  }

  static @Nullable SocketAddress remoteAddress(ByteStream stream) {
    return stream instanceof TcpStream tcp ? tcp.remoteAddress() : null;
  }

  /** What TLS has agreed on: the client's certificates, say; null without it. */
  public @Nullable TlsSession tls() {
    return TlsSession.of(stream);
  }

  io.netty.handler.codec.http.HttpRequest head() {
    return head;
  }

  /** The method and the target, cut. */
  @Override
  public String toString() {
    String target = target();
    return method() + " " + (target.length() > 200 ? target.substring(0, 200) + "..." : target);
  }
}
