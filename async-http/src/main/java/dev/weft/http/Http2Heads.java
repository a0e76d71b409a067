package dev.weft.http;

import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Error;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of HTTP/2 as those of HTTP/1.1, and back: RFC 9113, 8.2 and 8.3. Netty's own
 * conversion invents fields for what HTTP/1.1 has no place for.
 */
final class Http2Heads {
  /** Fields that speak of a connection: 8.2.2. */
  @SuppressWarnings("deprecation") // they are, says Netty, and so they are left out
  private static final Set<AsciiString> OF_A_CONNECTION =
      Set.of(
          HttpHeaderNames.CONNECTION,
          HttpHeaderNames.KEEP_ALIVE,
          HttpHeaderNames.PROXY_CONNECTION,
          HttpHeaderNames.TRANSFER_ENCODING,
          HttpHeaderNames.UPGRADE);

  private Http2Heads() {}

  /**
   * A request, of which the codec has checked that it has a method, a scheme and a path, or with
   * {@code CONNECT} an authority; and each of its fields.
   *
   * @throws Http2Exception for a method that is none, or two fields that say which host, and not
   *     the same one
   */
  static RequestHead request(int stream, Http2Headers fields, boolean whole) throws Http2Exception {
    HttpMethod method = method(stream, String.valueOf(fields.method()));
    CharSequence authority = fields.authority();
    CharSequence target = method.equals(HttpMethod.CONNECT) ? authority : fields.path();
    HttpHeaders headers =
        DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
    if (authority != null) {
      headers.add(HttpHeaderNames.HOST, authority);
    }
    copy(stream, fields, headers, authority);
    return new RequestHead(method, String.valueOf(target), headers, whole);
  }

  private static HttpMethod method(int stream, String name) throws Http2Exception {
    try {
      return HttpMethod.valueOf(name);
    } catch (IllegalArgumentException none) {
      throw malformed(stream, "No proper method");
    }
  }

  /** What stands behind a body. */
  static void copyTrailers(int stream, Http2Headers fields, HttpHeaders trailers)
      throws Http2Exception {
    for (CharSequence name : fields.names()) {
      if (isPseudo(name)) {
        throw malformed(stream, "Pseudo-header fields behind a body");
      }
    }
    try {
      copy(stream, fields, trailers, null);
    } catch (IllegalArgumentException prohibited) { // a length, say
      throw malformed(stream, "No proper fields behind a body");
    }
  }

  private static void copy(
      int stream, Http2Headers fields, HttpHeaders to, @Nullable CharSequence host)
      throws Http2Exception {
    StringBuilder cookies = null;
    for (Map.Entry<CharSequence, CharSequence> field : fields) {
      CharSequence name = field.getKey();
      CharSequence value = field.getValue();
      if (isPseudo(name)) {
        continue;
      }
      if (HttpHeaderNames.COOKIE.contentEquals(name)) { // may come in parts: 8.2.3
        cookies = cookies == null ? new StringBuilder() : cookies.append("; ");
        cookies.append(value);
      } else if (host != null && HttpHeaderNames.HOST.contentEquals(name)) {
        if (!AsciiString.contentEqualsIgnoreCase(host, value)) {
          throw malformed(stream, "Another Host than the authority");
        }
      } else {
        to.add(name, value);
      }
    }
    if (cookies != null) {
      to.add(HttpHeaderNames.COOKIE, cookies.toString());
    }
  }

  private static boolean isPseudo(CharSequence name) {
    return name.length() > 0 && name.charAt(0) == ':';
  }

  private static Http2Exception malformed(int stream, String why) {
    return Http2Exception.streamError(stream, Http2Error.PROTOCOL_ERROR, why);
  }

  /** The head of an answer. */
  static Http2Headers answer(HttpResponse head) {
    HttpHeaders fields = head.headers();
    Http2Headers to = new DefaultHttp2Headers(false, fields.size() + 1);
    to.status(head.status().codeAsText());
    copy(fields, to);
    return to;
  }

  /** What is sent behind a body. */
  static Http2Headers trailers(HttpHeaders fields) {
    Http2Headers to = new DefaultHttp2Headers(false, fields.size());
    copy(fields, to);
    return to;
  }

  /** They were checked when they were set, for HTTP/1.1, which allows no less. */
  private static void copy(HttpHeaders fields, Http2Headers to) {
    var each = fields.iteratorCharSequence();
    while (each.hasNext()) {
      Map.Entry<CharSequence, CharSequence> field = each.next();
      AsciiString name = AsciiString.of(field.getKey()).toLowerCase();
      if (!OF_A_CONNECTION.contains(name)) {
        to.add(name, field.getValue());
      }
    }
  }
}
