package dev.weft.interop.http;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpServerKeepAliveHandler;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A server as Netty's own examples have it: its codec, its aggregator with 1 MiB, keep-alive, and a
 * handler that refuses what could not be decoded. No limit in time, as the codec has none.
 */
public final class NettyHttpServer implements AutoCloseable {
  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(2, NioIoHandler.newFactory());
  private final Channel channel;

  NettyHttpServer(int port) throws InterruptedException {
    channel =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel made) {
                    made.pipeline()
                        .addLast(new HttpServerCodec())
                        .addLast(new HttpServerKeepAliveHandler())
                        .addLast(new HttpObjectAggregator(1 << 20))
                        .addLast(new Handler());
                  }
                })
            .bind("127.0.0.1", port)
            .sync()
            .channel();
  }

  InetSocketAddress address() {
    return (InetSocketAddress) channel.localAddress();
  }

  @Override
  public void close() {
    channel.close();
    loops.shutdownGracefully();
  }

  /** Serves on a port until the process is ended. */
  public static void main(String[] args) throws Exception {
    NettyHttpServer server = new NettyHttpServer(args.length == 0 ? 0 : Integer.parseInt(args[0]));
    System.out.println("Server listening on " + server.address());
    server.channel.closeFuture().sync();
  }

  private static final class Handler extends SimpleChannelInboundHandler<FullHttpRequest> {
    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
      if (request.decoderResult().isFailure()) {
        refuse(context, request.decoderResult().cause());
        return;
      }
      boolean post = request.method().equals(HttpMethod.POST);
      switch (request.uri()) {
        case "/", "http://test/" -> answer(context, request, HttpResponseStatus.OK, text("hello"));
        case "/echo", "/early" ->
            answer(context, request, HttpResponseStatus.OK, request.content().retain());
        case "/trailers" -> {
          StringBuilder values = new StringBuilder();
          for (Map.Entry<String, String> trailer : request.trailingHeaders()) {
            values.append(trailer.getValue());
          }
          answer(context, request, HttpResponseStatus.OK, text(values.toString()));
        }
        case "/stream" -> stream(context);
        case "/slow" -> {
          // no answer; the connection ends with the client
        }
        case "/not-modified" ->
            answer(context, request, HttpResponseStatus.NOT_MODIFIED, Unpooled.EMPTY_BUFFER);
        default ->
            answer(
                context,
                request,
                post ? HttpResponseStatus.METHOD_NOT_ALLOWED : HttpResponseStatus.NOT_FOUND,
                text("no such page"));
      }
    }

    private static ByteBuf text(String text) {
      return Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
    }

    private static void answer(
        ChannelHandlerContext context,
        FullHttpRequest request,
        HttpResponseStatus status,
        ByteBuf body) {
      int length = body.readableBytes();
      if (request.method().equals(HttpMethod.HEAD)) {
        body.release();
        body = Unpooled.EMPTY_BUFFER;
      }
      var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, body);
      if (!status.equals(HttpResponseStatus.NOT_MODIFIED)) {
        response.headers().set(HttpHeaderNames.CONTENT_LENGTH, length);
      }
      context.writeAndFlush(response);
    }

    private static void stream(ChannelHandlerContext context) {
      HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
      HttpUtil.setTransferEncodingChunked(head, true);
      context.write(head);
      for (int i = 0; i < 3; i++) {
        context.write(new DefaultHttpContent(text("part " + i + "\n")));
      }
      context.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT);
    }

    private static void refuse(ChannelHandlerContext context, Throwable cause) {
      HttpResponseStatus status =
          cause instanceof TooLongFrameException
              ? HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
              : HttpResponseStatus.BAD_REQUEST;
      var response = new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status);
      HttpUtil.setContentLength(response, 0);
      HttpUtil.setKeepAlive(response, false);
      context.writeAndFlush(response);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
