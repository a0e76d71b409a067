package dev.weft.interop.http;

import static dev.weft.Async.done;

import dev.weft.WorkStealingExecutor;
import dev.weft.http.HttpOptions;
import dev.weft.http.HttpResponse;
import dev.weft.http.HttpServer;
import dev.weft.net.TcpListener;
import dev.weft.net.TlsAcceptor;
import dev.weft.net.Transport;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolNames;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What {@code interop/http/throughput} measures: the same page by async-http, by a bare pipeline of
 * Netty's on the loops of the executor, and by that on a group of Netty's own with the same
 * transport and a thread for each processor.
 */
public final class ThroughputServer {
  private static final String TEXT = "hello\n";

  private ThroughputServer() {}

  /**
   * Serves until the process is ended.
   *
   * @param args {@code weft}, {@code loops} or {@code stock}; {@code http1} or {@code http2}, by
   *     prior knowledge or, over TLS, by ALPN; and for TLS the files of a chain and of a key
   */
  public static void main(String[] args) throws Exception {
    boolean http2 = args[1].equals("http2");
    Path chain = args.length > 2 ? Path.of(args[2]) : null;
    Path key = args.length > 3 ? Path.of(args[3]) : null;
    InetSocketAddress address =
        switch (args[0]) {
          case "weft" -> asyncHttp(http2, chain, key);
          case "loops" -> {
            WorkStealingExecutor executor = WorkStealingExecutor.builder().build();
            yield bare(
                executor.eventLoopGroup(),
                () -> Transport.of(executor).newServerSocket(),
                http2,
                tls(http2, chain, key));
          }
          case "stock" ->
              bare(
                  new MultiThreadIoEventLoopGroup(
                      Runtime.getRuntime().availableProcessors(), EpollIoHandler.newFactory()),
                  EpollServerSocketChannel::new,
                  http2,
                  tls(http2, chain, key));
          default -> throw new IllegalArgumentException(args[0]);
        };
    System.out.println("port " + address.getPort());
    Thread.currentThread().join(); // for ever: an executor keeps no process alive
  }

  private static InetSocketAddress asyncHttp(
      boolean http2, @Nullable Path chain, @Nullable Path key) throws Exception {
    WorkStealingExecutor executor = WorkStealingExecutor.builder().build();
    TcpListener listener = executor.blockOn(() -> TcpListener.bind("127.0.0.1", 0));
    HttpServer server =
        HttpServer.of(
            executor,
            request -> done(HttpResponse.text(TEXT)),
            HttpOptions.defaults().requestLimit(Integer.MAX_VALUE));
    if (chain == null || key == null) {
      server.listen(listener);
    } else {
      server.listen(
          listener,
          TlsAcceptor.builder().certificate(chain, key).alpn(http2 ? "h2" : "http/1.1").build());
    }
    return listener.localAddress();
  }

  private static InetSocketAddress bare(
      EventLoopGroup loops,
      ChannelFactory<? extends ServerChannel> sockets,
      boolean http2,
      @Nullable SslContext tls)
      throws InterruptedException {
    Channel channel =
        new ServerBootstrap()
            .group(loops)
            .channelFactory(sockets)
            .childHandler(new BarePipeline(TEXT, http2, tls))
            .bind("127.0.0.1", 0)
            .sync()
            .channel();
    return (InetSocketAddress) channel.localAddress();
  }

  private static @Nullable SslContext tls(boolean http2, @Nullable Path chain, @Nullable Path key)
      throws IOException {
    if (chain == null || key == null) {
      return null;
    }
    return SslContextBuilder.forServer(chain.toFile(), key.toFile())
        .sslProvider(SslProvider.JDK)
        .applicationProtocolConfig(
            new ApplicationProtocolConfig(
                ApplicationProtocolConfig.Protocol.ALPN,
                ApplicationProtocolConfig.SelectorFailureBehavior.NO_ADVERTISE,
                ApplicationProtocolConfig.SelectedListenerFailureBehavior.ACCEPT,
                http2 ? ApplicationProtocolNames.HTTP_2 : ApplicationProtocolNames.HTTP_1_1))
        .build();
  }
}
