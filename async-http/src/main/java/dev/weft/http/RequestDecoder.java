package dev.weft.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/**
 * Netty's, which also says whether it is in the middle of a request. And a request without a body
 * is one message: that most have none costs a server a tenth, else.
 */
final class RequestDecoder extends HttpRequestDecoder {
  private final TimeLimit limit;

  /** Whether it is in the middle of a request. On the loop. */
  private boolean begun;

  RequestDecoder(HttpDecoderConfig config, TimeLimit limit) {
    super(config);
    this.limit = limit;
  }

  @Override
  protected HttpMessage createMessage(String[] line) throws Exception {
    if (!line[2].startsWith("HTTP/")) {
      throw new IllegalArgumentException("a version in small letters, which is none");
    }
    return super.createMessage(line);
  }

  @Override
  protected void decode(ChannelHandlerContext context, ByteBuf bytes, List<Object> out)
      throws Exception {
    int start = bytes.readerIndex();
    super.decode(context, bytes, out);
    boolean ended = !out.isEmpty() && out.get(out.size() - 1) instanceof LastHttpContent;
    boolean skipped = !begun && out.isEmpty() && !bytes.isReadable() && areLineEnds(bytes, start);
    begun = !(ended || skipped); // of what is left it is called again
    if (ended && out.size() == 2 && out.get(0) instanceof HttpRequest head && isMark(out.get(1))) {
      out.remove(1);
      out.set(0, new RequestHead(head, true));
    }
    limit.onArrival(begun);
  }

  private static boolean isMark(Object message) {
    return message == LastHttpContent.EMPTY_LAST_CONTENT;
  }

  /** Empty lines before a request are no request: RFC 9112, 2.2. */
  private static boolean areLineEnds(ByteBuf bytes, int start) {
    for (int i = start; i < bytes.readerIndex(); i++) {
      byte b = bytes.getByte(i);
      if (b != '\r' && b != '\n') {
        return false;
      }
    }
    return true;
  }
}
