package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.WorkStealingExecutor;
import dev.weft.net.loop.WorkerEventLoop;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.util.concurrent.EventExecutor;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A handler in a Netty pipeline blocks until something else is served: another channel, a task, a
 * timer. It is not left to wait for ever, as long as a worker is free.
 */
class BlockingHandlerTest {
  /** Blocks in each read until it is let go. */
  private static final class Blocking extends SimpleChannelInboundHandler<ByteBuf> {
    final CountDownLatch blocked = new CountDownLatch(1);
    final CountDownLatch letGo = new CountDownLatch(1);
    final CompletableFuture<Boolean> gone = new CompletableFuture<>();

    @Override
    protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) throws Exception {
      blocked.countDown();
      gone.complete(letGo.await(Net.SECONDS, TimeUnit.SECONDS));
    }
  }

  /** What a plain peer of this machine accepts, on connections opened by Netty code. */
  private static final class Peer implements AutoCloseable {
    final WorkStealingExecutor executor;
    final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    final List<Socket> accepted = new ArrayList<>();

    Peer(WorkStealingExecutor executor) throws IOException {
      this.executor = executor;
    }

    /** The peer's end of a new connection. */
    Socket open(ChannelHandler handler) throws Exception {
      boolean connected =
          new Bootstrap()
              .group(executor.eventLoopGroup())
              .channelFactory(Transport.of(executor)::newSocket)
              .handler(handler)
              .connect(listener.getLocalSocketAddress())
              .await(Net.SECONDS, TimeUnit.SECONDS);
      assertThat(connected).isTrue();
      Socket socket = listener.accept();
      accepted.add(socket);
      return socket;
    }

    @Override
    public void close() throws IOException {
      for (Socket socket : accepted) {
        socket.close();
      }
      listener.close();
    }
  }

  private static List<WorkerEventLoop> loops(WorkStealingExecutor executor) {
    List<WorkerEventLoop> loops = new ArrayList<>();
    IoEventLoopGroup group = executor.eventLoopGroup();
    for (EventExecutor loop : group) {
      loops.add((WorkerEventLoop) loop);
    }
    return loops;
  }

  private static WorkStealingExecutor executor(Transport transport, int workers) {
    assumeTrue(transport.isAvailable(), () -> transport + ": " + transport.unavailabilityReason());
    return WorkStealingExecutor.builder()
        .name("net-test")
        .workers(workers)
        .driver(transport.driver())
        .build();
  }

  /**
   * A loop on which a handler has just blocked is seen to stand still only when it has done so for
   * 10 ms; until then a channel may come to it in its turn.
   */
  private static void awaitStanding() throws InterruptedException {
    long since = System.nanoTime();
    Net.await("it stands still", () -> System.nanoTime() - since > 20_000_000);
  }

  /** The default: one loop, until it stands still. */
  @EachTransport
  void aChannelThatComesWhileAHandlerBlocksIsServed(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = executor(transport, 2);
        Peer peer = new Peer(executor)) {
      Blocking blocking = new Blocking();
      peer.open(blocking).getOutputStream().write('x');
      assertThat(blocking.blocked.await(Net.SECONDS, TimeUnit.SECONDS)).isTrue();
      awaitStanding();
      Net.await("a further loop is opened", () -> loops(executor).size() == 2);
      Socket other =
          peer.open(
              new SimpleChannelInboundHandler<ByteBuf>() {
                @Override
                protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
                  blocking.letGo.countDown();
                }
              });
      other.getOutputStream().write('x');
      assertThat(Net.get(blocking.gone)).isTrue();
      // It is a reserve, and the first loop is free again: what comes now goes to that.
      Net.await(
          "the loop is free again", () -> loops(executor).get(0).submit(() -> {}).isSuccess());
      // Four in a row, as the reserve has its turn whenever the first gets no core for a while.
      int inRow = 0;
      for (int i = 0; i < 200 && inRow < 4; i++) {
        int before = loops(executor).get(0).channels();
        peer.open(new ChannelInboundHandlerAdapter());
        inRow = loops(executor).get(0).channels() > before ? inRow + 1 : 0;
      }
      assertThat(inRow).isEqualTo(4);
    }
  }

  /** One after the other blocks, each on a loop of its own, until the last worker is left. */
  @EachTransport
  void furtherLoopsAreOpenedWhileAllStandStill(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = executor(transport, 3);
        Peer peer = new Peer(executor)) {
      List<Blocking> blocked = new ArrayList<>();
      for (int i = 1; i < 3; i++) {
        Blocking blocking = new Blocking();
        blocked.add(blocking);
        peer.open(blocking).getOutputStream().write('x');
        assertThat(blocking.blocked.await(Net.SECONDS, TimeUnit.SECONDS)).isTrue();
        int loops = i + 1;
        awaitStanding();
        Net.await(
            "a loop more is opened, if not before, for want of a core",
            () -> loops(executor).size() >= loops);
      }
      CountDownLatch served = new CountDownLatch(1);
      peer.open(
              new SimpleChannelInboundHandler<ByteBuf>() {
                @Override
                protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes) {
                  served.countDown();
                }
              })
          .getOutputStream()
          .write('x');
      assertThat(served.await(Net.SECONDS, TimeUnit.SECONDS)).isTrue();
      blocked.forEach(blocking -> blocking.letGo.countDown());
      for (Blocking blocking : blocked) {
        assertThat(Net.get(blocking.gone)).isTrue();
      }
      assertThat(loops(executor)).hasSize(3);
    }
  }

  /** The worker that blocks has slept in the loop, and must not be taken for one that sleeps. */
  @EachTransport
  void tasksAndTimersGoOnWhileAHandlerBlocks(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = executor(transport, 2);
        Peer peer = new Peer(executor)) {
      for (int i = 0; i < 20; i++) {
        Blocking blocking = new Blocking();
        peer.open(blocking).getOutputStream().write('x');
        assertThat(blocking.blocked.await(Net.SECONDS, TimeUnit.SECONDS)).isTrue();
        if (i % 2 == 0) {
          executor.execute(blocking.letGo::countDown);
        } else {
          executor
              .sleep(Duration.ofMillis(1))
              .whenComplete((slept, error) -> blocking.letGo.countDown());
        }
        assertThat(Net.get(blocking.gone)).as("round %s", i).isTrue();
      }
    }
  }

  /** A task that the handler has woken itself is in the queue of the worker that blocks. */
  @EachTransport
  void aTaskThatTheHandlerHasStartedGoesOnElsewhere(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = executor(transport, 2);
        Peer peer = new Peer(executor)) {
      for (int i = 0; i < 10; i++) {
        CompletableFuture<Boolean> gone = new CompletableFuture<>();
        Socket socket =
            peer.open(
                new SimpleChannelInboundHandler<ByteBuf>() {
                  @Override
                  protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes)
                      throws Exception {
                    CountDownLatch letGo = new CountDownLatch(1);
                    executor.execute(letGo::countDown);
                    gone.complete(letGo.await(Net.SECONDS, TimeUnit.SECONDS));
                  }
                });
        socket.getOutputStream().write('x');
        assertThat(Net.get(gone)).as("round %s", i).isTrue();
      }
    }
  }

  /**
   * Both ends of a connection, opened together: one blocks until the other has been served. Again
   * and again, while what belongs to earlier rounds is being closed. Not with io_uring, where what
   * a handler writes goes to the kernel after it. Now and then a loop gets no core for so long that
   * both ends come to the other one; where they took no turns, half of them would.
   */
  @ParameterizedTest(name = "{0}")
  @EnumSource(names = {"EPOLL", "NIO"})
  void theTwoEndsOfAConnectionAreServedByTwoLoops(Transport transport) throws Exception {
    assumeTrue(transport.isAvailable(), () -> transport + ": " + transport.unavailabilityReason());
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder()
            .name("net-test")
            .workers(2)
            .ioLoops(2)
            .driver(transport.driver())
            .build()) {
      int together = 0;
      for (int i = 0; i < 50; i++) {
        CountDownLatch letGo = new CountDownLatch(1);
        CompletableFuture<Boolean> gone = new CompletableFuture<>();
        CompletableFuture<EventLoop> loop = new CompletableFuture<>();
        Channel server = serve(executor, loop, letGo, gone);
        ChannelHandler client =
            new ChannelInboundHandlerAdapter() {
              @Override
              public void channelRead(ChannelHandlerContext context, Object message) {
                ((ByteBuf) message).release();
                letGo.countDown();
              }
            };
        Channel connection =
            new Bootstrap()
                .group(executor.eventLoopGroup())
                .channelFactory(Transport.of(executor)::newSocket)
                .handler(client)
                .connect(server.localAddress())
                .sync()
                .channel();
        if (Net.get(loop) == connection.eventLoop()) {
          together++;
          letGo.countDown();
        }
        assertThat(Net.get(gone)).as("round %s", i).isTrue();
        connection.close();
        server.close();
      }
      assertThat(together).isLessThan(15);
    }
  }

  private static Channel serve(
      WorkStealingExecutor executor,
      CompletableFuture<EventLoop> loop,
      CountDownLatch letGo,
      CompletableFuture<Boolean> gone)
      throws InterruptedException {
    ChannelInitializer<Channel> child =
        new ChannelInitializer<>() {
          @Override
          protected void initChannel(Channel channel) {
            channel
                .pipeline()
                .addLast(
                    new ChannelInboundHandlerAdapter() {
                      @Override
                      public void channelActive(ChannelHandlerContext context) throws Exception {
                        context.writeAndFlush(context.alloc().buffer(1).writeByte('x'));
                        loop.complete(context.channel().eventLoop());
                        gone.complete(letGo.await(Net.SECONDS, TimeUnit.SECONDS));
                      }
                    });
          }
        };
    return new ServerBootstrap()
        .group(executor.eventLoopGroup())
        .channelFactory(Transport.of(executor)::newServerSocket)
        .childHandler(child)
        .bind(Net.loopback(0))
        .sync()
        .channel();
  }
}
