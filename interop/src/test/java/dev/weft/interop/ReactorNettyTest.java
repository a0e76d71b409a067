package dev.weft.interop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.WorkStealingExecutor;
import dev.weft.net.Transport;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.DisposableServer;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.server.HttpServer;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

/** Reactor Netty, server and client on one executor's loops. */
class ReactorNettyTest {
  private static final int REQUESTS = 200;
  private static final int AT_A_TIME = 16;
  private static final Duration LIMIT = Duration.ofSeconds(Loops.SECONDS);

  /** All that Reactor Netty has to be told. It disposes of it as often as it likes. */
  private record WeftLoops(WorkStealingExecutor executor) implements LoopResources {
    @Override
    public EventLoopGroup onServer(boolean useNative) {
      return executor.eventLoopGroup();
    }

    @Override
    public EventLoopGroup onClient(boolean useNative) {
      return executor.eventLoopGroup();
    }

    @Override
    public <C extends Channel> C onChannel(Class<C> type, EventLoopGroup group) {
      return type.cast(
          ServerChannel.class.isAssignableFrom(type)
              ? Transport.of(executor).newServerSocket()
              : Transport.of(executor).newSocket());
    }

    @Override
    public <C extends Channel> Class<? extends C> onChannelClass(
        Class<C> type, EventLoopGroup group) {
      Class<? extends Channel> ours =
          ServerChannel.class.isAssignableFrom(type)
              ? Loops.serverSocketType(executor)
              : Loops.socketType(executor);
      return ours.asSubclass(type);
    }

    @Override
    public Mono<Void> disposeLater(Duration quietPeriod, Duration timeout) {
      return Mono.empty(); // they end with the executor
    }
  }

  private final Set<String> threads = ConcurrentHashMap.newKeySet();

  private HttpServer server(WorkStealingExecutor executor, HttpProtocol protocol) {
    return HttpServer.create()
        .runOn(new WeftLoops(executor))
        .host("localhost")
        .port(0)
        .protocol(protocol)
        .route(
            routes ->
                routes
                    .get(
                        "/hello/{name}",
                        (request, response) -> {
                          threads.add(Thread.currentThread().getName());
                          return response.sendString(Mono.just("Hello " + request.param("name")));
                        })
                    .post(
                        "/echo", (request, response) -> response.send(request.receive().retain())));
  }

  private static HttpClient client(
      WorkStealingExecutor executor, ConnectionProvider pool, HttpProtocol protocol, int port) {
    return HttpClient.create(pool)
        .runOn(new WeftLoops(executor))
        .host("localhost")
        .port(port)
        .protocol(protocol)
        .responseTimeout(LIMIT);
  }

  private void tryIt(HttpClient client) {
    List<String> answers =
        Flux.range(0, REQUESTS)
            .flatMapSequential(
                i -> client.get().uri("/hello/" + i).responseContent().aggregate().asString(),
                AT_A_TIME)
            .collectList()
            .block(LIMIT);
    assertThat(answers).hasSize(REQUESTS);
    for (int i = 0; i < REQUESTS; i++) {
      assertThat(answers.get(i)).isEqualTo("Hello " + i);
    }
    String large = "0123456789".repeat(50_000);
    String echoed =
        client
            .post()
            .uri("/echo")
            .send(ByteBufFlux.fromString(Mono.just(large)))
            .responseContent()
            .aggregate()
            .asString()
            .block(LIMIT);
    assertThat(echoed).isEqualTo(large);
    assertThat(threads).isNotEmpty().allMatch(Loops::isWorker);
  }

  private void plain(HttpProtocol protocol) {
    try (WorkStealingExecutor executor = Loops.executor()) {
      DisposableServer server = server(executor, protocol).bindNow(LIMIT);
      ConnectionProvider pool = ConnectionProvider.create("interop", AT_A_TIME);
      tryIt(client(executor, pool, protocol, server.port()));
      pool.disposeLater().block(LIMIT);
      server.disposeNow(LIMIT);
    }
  }

  @Test
  void http11() {
    plain(HttpProtocol.HTTP11);
  }

  @Test
  void http2WithoutTls() {
    plain(HttpProtocol.H2C);
  }

  private void encrypted(HttpProtocol protocol, Path folder) throws Exception {
    Certificate certificate = new Certificate(folder);
    try (WorkStealingExecutor executor = Loops.executor()) {
      DisposableServer server =
          server(executor, protocol)
              .secure(
                  spec ->
                      spec.sslContext(
                          protocol == HttpProtocol.H2
                              ? Alpn.http2(certificate.forServer())
                              : Alpn.build(certificate.forServer())))
              .bindNow(LIMIT);
      ConnectionProvider pool = ConnectionProvider.create("interop", AT_A_TIME);
      tryIt(
          client(executor, pool, protocol, server.port())
              .secure(
                  spec ->
                      spec.sslContext(
                          protocol == HttpProtocol.H2
                              ? Alpn.http2(certificate.forClient())
                              : Alpn.build(certificate.forClient()))));
      pool.disposeLater().block(LIMIT);
      server.disposeNow(LIMIT);
    }
  }

  @Test
  void http11OverTls(@TempDir Path folder) throws Exception {
    encrypted(HttpProtocol.HTTP11, folder);
  }

  @Test
  void http2OverTls(@TempDir Path folder) throws Exception {
    encrypted(HttpProtocol.H2, folder);
  }

  /** Type tells what {@code WeftLoops} was asked for. */
  @Test
  void itsChannelsAreThoseOfTheExecutor() {
    try (WorkStealingExecutor executor = Loops.executor()) {
      WeftLoops loops = new WeftLoops(executor);
      SocketChannel channel = loops.onChannel(SocketChannel.class, loops.onClient(true));
      assertThat(channel)
          .isInstanceOf(loops.onChannelClass(SocketChannel.class, loops.onClient(true)));
      channel.unsafe().closeForcibly();
    }
  }
}
