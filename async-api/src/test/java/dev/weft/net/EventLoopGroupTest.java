package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.AsyncExecutor;
import dev.weft.WorkStealingExecutor;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.BlockingOperationException;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An ordinary Netty pipeline, HTTP over TLS, on the executor's own loops. */
class EventLoopGroupTest {
  private static final int REQUESTS = 10_000;
  private static final int AT_A_TIME = 16;

  /** Answers in one of four ways: at once, by a timer, from another thread, from a task. */
  private static final class Handler extends SimpleChannelInboundHandler<FullHttpRequest> {
    private final AsyncExecutor executor;
    private final ConcurrentHashMap<String, Boolean> threads;

    /** Netty promises that handlers see their own writes; here on changing threads. */
    private int requests;

    Handler(AsyncExecutor executor, ConcurrentHashMap<String, Boolean> threads) {
      this.executor = executor;
      this.threads = threads;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
      threads.put(Thread.currentThread().getName(), true);
      String uri = request.uri();
      FullHttpResponse response = response(++requests + " " + uri);
      switch (uri.charAt(1)) {
        case 'h' -> context.writeAndFlush(response);
        case 't' ->
            context
                .executor()
                .schedule(() -> context.writeAndFlush(response), 1, TimeUnit.MILLISECONDS);
        case 'b' -> executor.spawnBlocking(() -> context.writeAndFlush(response));
        default -> executor.execute(() -> context.writeAndFlush(response));
      }
    }

    private static FullHttpResponse response(String text) {
      FullHttpResponse response =
          new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
      response.content().writeBytes(text.getBytes(StandardCharsets.US_ASCII));
      response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, text.length());
      return response;
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable error) {
      context.close();
    }
  }

  private static Channel serve(
      WorkStealingExecutor executor, SslContext tls, ConcurrentHashMap<String, Boolean> threads)
      throws Exception {
    return new ServerBootstrap()
        .group(executor.eventLoopGroup())
        .channelFactory(Transport.of(executor)::newServerSocket)
        .childHandler(
            new ChannelInitializer<SocketChannel>() {
              @Override
              protected void initChannel(SocketChannel channel) {
                channel
                    .pipeline()
                    .addLast(tls.newHandler(channel.alloc()))
                    .addLast(new HttpServerCodec())
                    .addLast(new HttpObjectAggregator(1024))
                    .addLast(new Handler(executor, threads));
              }
            })
        .bind(Net.loopback(0))
        .sync()
        .channel();
  }

  /** As by a client that connects again whenever it is cut off. */
  @EachTransport
  void aChannelThatIsOpenedWhileTheLoopsCloseIsRefused(Transport transport) throws Exception {
    CompletableFuture<ChannelFuture> again = new CompletableFuture<>();
    try (WorkStealingExecutor executor = Net.executor(transport);
        ServerSocket peer = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      Bootstrap bootstrap =
          new Bootstrap()
              .channelFactory(Transport.of(executor)::newSocket)
              .remoteAddress(peer.getLocalSocketAddress());
      ChannelInboundHandlerAdapter persistent =
          new ChannelInboundHandlerAdapter() {
            @Override
            public void channelInactive(ChannelHandlerContext context) {
              again.complete(
                  bootstrap
                      .clone(context.channel().eventLoop())
                      .handler(new ChannelInboundHandlerAdapter())
                      .connect());
            }
          };
      bootstrap.clone(executor.eventLoopGroup()).handler(persistent).connect().sync();
    }
    ChannelFuture connect = again.get(Net.SECONDS, TimeUnit.SECONDS);
    assertThat(connect.await(Net.SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(connect.isSuccess()).isFalse();
    assertThat(connect.channel().isOpen()).isFalse();
  }

  @EachTransport
  void servesHttpOverTlsWhileATaskBurnsCpu(Transport transport, @TempDir Path folder)
      throws Exception {
    SelfSigned certificate = new SelfSigned(folder);
    SslContext tls =
        SslContextBuilder.forServer(certificate.keys()).sslProvider(SslProvider.JDK).build();
    ConcurrentHashMap<String, Boolean> threads = new ConcurrentHashMap<>();
    AtomicBoolean burning = new AtomicBoolean(true);
    try (WorkStealingExecutor executor = Net.executor(transport)) {
      Channel server = serve(executor, tls, threads);
      // With io_uring everybody waits for a task on the worker that holds the ring.
      int millis = transport == Transport.IO_URING ? 1 : 20;
      executor.execute(() -> burn(executor, burning, millis));
      HttpClient client =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .sslContext(certificate.trusting())
              .build();
      int port = ((InetSocketAddress) server.localAddress()).getPort();
      AtomicInteger next = new AtomicInteger();
      List<CompletableFuture<Integer>> lanes = new ArrayList<>();
      for (int i = 0; i < AT_A_TIME; i++) {
        lanes.add(request(client, port, next, 0));
      }
      int answered = 0;
      for (CompletableFuture<Integer> lane : lanes) {
        answered += lane.get();
      }
      assertThat(answered).isEqualTo(REQUESTS);
      burning.set(false);
    }
    assertThat(threads.keySet()).allMatch(name -> name.startsWith("net-test-worker-"));
  }

  /** One after the other, until there are enough; returns how many were answered rightly. */
  private static CompletableFuture<Integer> request(
      HttpClient client, int port, AtomicInteger next, int answered) {
    int number = next.getAndIncrement();
    if (number >= REQUESTS) {
      return CompletableFuture.completedFuture(answered);
    }
    String path = "/" + "htbx".charAt(number % 4) + number;
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("https://localhost:" + port + path)).build();
    return client
        .sendAsync(request, HttpResponse.BodyHandlers.ofString())
        .thenComposeAsync(
            response -> {
              assertThat(response.statusCode()).isEqualTo(200);
              assertThat(response.body()).endsWith(" " + path);
              return request(client, port, next, answered + 1);
            });
  }

  /** 20 ms at a time; what it would hold up is served by the other worker. */
  private static void burn(WorkStealingExecutor executor, AtomicBoolean going, int millis) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    if (going.get()) {
      executor.execute(() -> burn(executor, going, millis));
    }
  }

  @EachTransport
  void aTaskThatWaitsForALoopOfItsOwnExecutorIsTold(Transport transport) throws Exception {
    assumeTrue(transport.isAvailable(), () -> transport + ": " + transport.unavailabilityReason());
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder().workers(1).driver(transport.driver()).build()) {
      IoEventLoopGroup group = executor.eventLoopGroup();
      for (int i = 0; i < 3; i++) {
        java.util.concurrent.Future<?> asked =
            executor.submit(() -> group.next().schedule(() -> {}, 1, TimeUnit.MILLISECONDS).sync());
        assertThatThrownBy(() -> Net.get(asked)).isInstanceOf(BlockingOperationException.class);
      }
      // Not from a thread for blocking calls.
      Net.get(executor.spawnBlocking(() -> group.next().submit(() -> 1).sync()));
    }
  }

  @EachTransport
  void aTaskCallsTheLoopInOrder(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport)) {
      IoEventLoopGroup group = executor.eventLoopGroup();
      List<Integer> order = new ArrayList<>(); // confined to the loop
      CompletableFuture<Void> done = new CompletableFuture<>();
      executor.execute(
          () -> {
            for (int i = 0; i < 1000; i++) {
              int number = i;
              group.next().execute(() -> order.add(number));
            }
            group.next().execute(() -> done.complete(null));
          });
      Net.get(done);
      assertThat(order).hasSize(1000).isSorted();
    }
  }

  @EachTransport
  void theGroupEndsWithTheExecutorAndNotBefore(Transport transport) throws Exception {
    WorkStealingExecutor executor = Net.executor(transport);
    IoEventLoopGroup group = executor.eventLoopGroup();
    Future<?> refused = group.shutdownGracefully();
    assertThat(refused.await(Net.SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(refused.cause())
        .isInstanceOf(UnsupportedOperationException.class)
        .hasMessageContaining("close that");
    assertThat(group.isShuttingDown()).isFalse();
    assertThat(Net.get(executor.submit(() -> 1))).isOne();
    executor.close();
    assertThat(group.isTerminated()).isTrue();
    assertThat(group.terminationFuture().isSuccess()).isTrue();
  }

  @Test
  void anExecutorWithoutADriverSaysSo() {
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().noDriver().build()) {
      assertThatThrownBy(() -> executor.<IoEventLoopGroup>eventLoopGroup())
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("without a driver");
    }
  }
}
