package dev.weft.http;

import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * What the codec takes and no server should, as two that stand behind each other might read it in
 * two ways: RFC 9112, 3.2 (Host), 6.1 (codings) and 11.2 (smuggling). The codec has refused what is
 * no HTTP, two lengths, a length beside chunks, bare line feeds, and chunks before HTTP/1.1.
 */
final class Heads {
  private static final boolean[] NOT_IN_HOST = new boolean[0x80];

  static {
    Arrays.fill(NOT_IN_HOST, 0, ' ' + 1, true);
    NOT_IN_HOST[0x7f] = true;
    "/\\?#@,\"<>^`{|}".chars().forEach(c -> NOT_IN_HOST[c] = true);
  }

  private Heads() {}

  /** The target's path, decoded. */
  static String checkedPath(HttpRequest head, HttpOptions options, boolean http2) {
    checkDecoded(head.decoderResult());
    HttpVersion version = head.protocolVersion();
    if (version.majorVersion() != 1 || !version.protocolName().equals("HTTP")) {
      throw new HttpException(505, "The version is not HTTP/1.1: " + version);
    }
    HttpHeaders headers = head.headers();
    checkHost(headers, version);
    if (!http2) {
      checkCodings(headers);
    }
    String expectation = headers.get(HttpHeaderNames.EXPECT);
    if (expectation != null && !HttpHeaderValues.CONTINUE.contentEqualsIgnoreCase(expectation)) {
      throw new HttpException(417, "Only 100-continue can be expected");
    }
    String path = path(head.method(), head.uri());
    if (HttpUtil.getContentLength(head, 0L) > options.bodyLimit()) {
      throw tooLarge(options);
    }
    return path;
  }

  static HttpException tooLarge(HttpOptions options) {
    return new HttpException(413, "A body is at most " + options.bodyLimit() + " bytes");
  }

  /** Throws if the codec has refused it, as a part of a body. */
  static void checkChunk(DecoderResult result) {
    if (result.isFailure()) {
      throw result.cause() instanceof TooLongHttpHeaderException
          ? new HttpException(431, "The fields behind the body are too long")
          : new HttpException(400, "No proper body");
    }
  }

  private static void checkDecoded(DecoderResult result) {
    if (result.isSuccess()) {
      return;
    }
    Throwable cause = result.cause();
    if (cause instanceof TooLongHttpLineException) {
      throw new HttpException(414, "The request line is too long");
    }
    if (cause instanceof TooLongHttpHeaderException) {
      throw new HttpException(431, "The fields are too long");
    }
    throw new HttpException(400, "No proper request");
  }

  private static void checkHost(HttpHeaders headers, HttpVersion version) {
    Iterator<String> hosts = headers.valueStringIterator(HttpHeaderNames.HOST);
    if (!hosts.hasNext()) {
      if (version.minorVersion() > 0) {
        throw new HttpException(400, "No Host");
      }
      return;
    }
    String host = hosts.next();
    if (hosts.hasNext()) {
      throw new HttpException(400, "More than one Host");
    }
    for (int i = 0; i < host.length(); i++) {
      char c = host.charAt(i);
      if (c >= 0x80 || NOT_IN_HOST[c]) {
        throw new HttpException(400, "No proper Host");
      }
    }
  }

  private static void checkCodings(HttpHeaders headers) {
    if (!headers.contains(HttpHeaderNames.TRANSFER_ENCODING)) {
      return;
    }
    List<String> codings = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
    if (codings.size() > 1 || !HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(codings.get(0))) {
      throw new HttpException(501, "The only transfer coding is chunked");
    }
  }

  private static String path(HttpMethod method, String target) {
    for (int i = 0; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c <= ' ' || c == 0x7f || c == '#') {
        throw new HttpException(400, "No proper target");
      }
    }
    String origin = target;
    if (!target.startsWith("/")) {
      if (target.equals("*") && method.equals(HttpMethod.OPTIONS)) {
        return target;
      }
      if (method.equals(HttpMethod.CONNECT)) {
        throw new HttpException(501, "This is no proxy");
      }
      int scheme = target.indexOf("://");
      if (scheme < 0
          || !(target.regionMatches(true, 0, "http", 0, scheme)
              || target.regionMatches(true, 0, "https", 0, scheme))) {
        throw new HttpException(400, "No proper target");
      }
      int slash = target.indexOf('/', scheme + 3);
      int query = target.indexOf('?', scheme + 3);
      origin = slash < 0 || (query >= 0 && query < slash) ? "/" : target.substring(slash);
    }
    int query = origin.indexOf('?');
    String raw = query < 0 ? origin : origin.substring(0, query);
    if (raw.indexOf('%') < 0) {
      return raw;
    }
    try {
      return new QueryStringDecoder(raw).path();
    } catch (IllegalArgumentException malformed) {
      throw new HttpException(400, "The path has a malformed percent-encoding");
    }
  }
}
