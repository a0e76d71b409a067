package dev.weft.interop.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.handler.codec.http2.Http2StreamFrame;
import io.netty.handler.ssl.SslContext;
import io.netty.util.AsciiString;
import io.netty.util.ReferenceCountUtil;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/**
 * As little of Netty's as answers every request with the same page: the codec, and a handler that
 * looks at nothing. No limit of anything.
 */
final class BarePipeline extends ChannelInitializer<Channel> {
  private static final AsciiString TEXT_PLAIN = AsciiString.cached("text/plain; charset=utf-8");

  private final byte[] text;
  private final boolean http2;
  private final @Nullable SslContext tls;

  BarePipeline(String text, boolean http2, @Nullable SslContext tls) {
    this.text = text.getBytes(StandardCharsets.UTF_8);
    this.http2 = http2;
    this.tls = tls;
  }

  @Override
  protected void initChannel(Channel channel) {
    if (tls != null) {
      channel.pipeline().addLast(tls.newHandler(channel.alloc()));
    }
    if (http2) {
      channel
          .pipeline()
          .addLast(Http2FrameCodecBuilder.forServer().build())
          .addLast(new Http2MultiplexHandler(new Http2Page()));
    } else {
      channel.pipeline().addLast(new HttpServerCodec()).addLast(new Page());
    }
  }

  private ByteBuf content() {
    return Unpooled.wrappedBuffer(text);
  }

  private final class Page extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof LastHttpContent) {
        var answer =
            new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, content());
        answer
            .headers()
            .set(HttpHeaderNames.CONTENT_TYPE, TEXT_PLAIN)
            .setInt(HttpHeaderNames.CONTENT_LENGTH, text.length)
            .set(HttpHeaderNames.DATE, Date.now());
        context.write(answer);
      }
      ReferenceCountUtil.release(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }

  private final class Http2Page extends ChannelInboundHandlerAdapter {
    @Override
    public boolean isSharable() {
      return true;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      if (message instanceof Http2StreamFrame frame && isLast(frame)) {
        Http2Headers head = new DefaultHttp2Headers();
        head.status(HttpResponseStatus.OK.codeAsText())
            .set(HttpHeaderNames.CONTENT_TYPE, TEXT_PLAIN)
            .setInt(HttpHeaderNames.CONTENT_LENGTH, text.length)
            .set(HttpHeaderNames.DATE, Date.now());
        context.write(new DefaultHttp2HeadersFrame(head));
        context.write(new DefaultHttp2DataFrame(content(), true));
      }
      ReferenceCountUtil.release(message);
    }

    private static boolean isLast(Http2StreamFrame frame) {
      return (frame instanceof io.netty.handler.codec.http2.Http2HeadersFrame head
              && head.isEndStream())
          || (frame instanceof io.netty.handler.codec.http2.Http2DataFrame data
              && data.isEndStream());
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      context.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }

  /** Made up once a second, as every server does. */
  private record Date(long second, AsciiString text) {
    private static volatile Date last = new Date(-1, AsciiString.EMPTY_STRING);

    static AsciiString now() {
      long second = System.currentTimeMillis() / 1000;
      Date now = last;
      if (now.second != second) {
        ZonedDateTime time = ZonedDateTime.now(ZoneOffset.UTC);
        last =
            now =
                new Date(second, AsciiString.of(DateTimeFormatter.RFC_1123_DATE_TIME.format(time)));
      }
      return now.text;
    }
  }
}
