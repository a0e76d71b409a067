package dev.weft.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;

/** Netty's, which also says whether it is in the middle of a request. */
final class RequestDecoder extends HttpRequestDecoder {
  private final TimeLimit limit;

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
    super.decode(context, bytes, out);
    boolean atTheEnd =
        !out.isEmpty() && out.get(out.size() - 1) instanceof LastHttpContent && !bytes.isReadable();
    limit.onArrival(!atTheEnd);
  }
}
