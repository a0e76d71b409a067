package dev.weft.http;

import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;

/** A head that knows whether it is all there is of its request. */
final class RequestHead extends DefaultHttpRequest {
  private final boolean whole;

  /** Of HTTP/1.1, that was checked. */
  RequestHead(HttpRequest made, boolean whole) {
    super(made.protocolVersion(), made.method(), made.uri(), made.headers(), false);
    this.whole = whole;
    setDecoderResult(made.decoderResult());
  }

  /** Of HTTP/2. */
  RequestHead(HttpMethod method, String target, HttpHeaders fields, boolean whole) {
    super(HttpVersion.HTTP_1_1, method, target, fields, false);
    this.whole = whole;
  }

  /** Whether no body follows, nor the mark of its end. */
  boolean isWhole() {
    return whole;
  }
}
