package dev.weft.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;

/** Netty's, which cannot know that what it encodes is an answer to a {@code HEAD}. */
final class AnswerEncoder extends HttpResponseEncoder {
  /** A head that may speak of a body, and no body. */
  static final class HeadOnly extends DefaultFullHttpResponse {
    HeadOnly(HttpResponseStatus status, HttpHeaders headers, HttpHeaders none) {
      super(HttpVersion.HTTP_1_1, status, Unpooled.EMPTY_BUFFER, headers, none);
    }
  }

  @Override
  protected boolean isContentAlwaysEmpty(HttpResponse answer) {
    return answer instanceof HeadOnly || super.isContentAlwaysEmpty(answer);
  }
}
