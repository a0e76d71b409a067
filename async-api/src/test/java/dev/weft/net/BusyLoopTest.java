package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.WorkStealingExecutor;
import dev.weft.net.loop.WorkerEventLoop;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.IoEventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A loop whose time goes into what handlers compute is not left alone with it: a further one is
 * opened, and what comes then is spread over both. Wherever the handlers do that.
 */
class BusyLoopTest {
  /** Less than after which a loop counts as standing still, and more than all else in a round. */
  private static final long COMPUTE_NANOS = TimeUnit.MICROSECONDS.toNanos(300);

  private static final AtomicLong RESULT = new AtomicLong();

  private static void compute() {
    long end = System.nanoTime() + COMPUTE_NANOS;
    long result = 1;
    while (System.nanoTime() < end) {
      result = result * 31 + 7;
    }
    RESULT.addAndGet(result);
  }

  private static List<WorkerEventLoop> loops(WorkStealingExecutor executor) {
    List<WorkerEventLoop> loops = new ArrayList<>();
    IoEventLoopGroup group = executor.eventLoopGroup();
    for (EventExecutor loop : group) {
      loops.add((WorkerEventLoop) loop);
    }
    return loops;
  }

  private static boolean hasTwoRegular(WorkStealingExecutor executor) {
    return loops(executor).size() == 2
        && loops(executor).stream().noneMatch(WorkerEventLoop::isReserve);
  }

  private static WorkStealingExecutor executor(Transport transport) {
    assumeTrue(transport.isAvailable(), () -> transport + ": " + transport.unavailabilityReason());
    return WorkStealingExecutor.builder()
        .name("net-test")
        .workers(2)
        .driver(transport.driver())
        .build();
  }

  /** Computes for each byte, and sends it back. */
  private static final class Computing extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      compute();
      context.writeAndFlush(message);
    }
  }

  private static Channel connect(WorkStealingExecutor executor, ServerSocket peer)
      throws InterruptedException {
    return new Bootstrap()
        .group(executor.eventLoopGroup())
        .channelFactory(Transport.of(executor)::newSocket)
        .handler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                channel.pipeline().addLast(new Computing());
              }
            })
        .connect(peer.getLocalSocketAddress())
        .sync()
        .channel();
  }

  /** As TLS or compression does. */
  @EachTransport
  void handlersThatComputeGetAFurtherLoop(Transport transport) throws Exception {
    AtomicBoolean going = new AtomicBoolean(true);
    List<Socket> accepted = new ArrayList<>();
    List<Thread> peers = new ArrayList<>();
    try (WorkStealingExecutor executor = executor(transport);
        ServerSocket peer = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      for (int i = 0; i < 4; i++) {
        connect(executor, peer);
        Socket socket = peer.accept();
        accepted.add(socket);
        Thread sender = new Thread(() -> bounce(socket, going), "bounce-" + i);
        peers.add(sender);
        sender.start();
      }
      Net.await("a further loop is opened for the load", () -> hasTwoRegular(executor));
      int before = loops(executor).get(1).channels();
      for (int i = 0; i < 10; i++) {
        connect(executor, peer);
        accepted.add(peer.accept());
      }
      assertThat(loops(executor).get(1).channels() - before).isGreaterThanOrEqualTo(2);
      going.set(false);
      for (Socket socket : accepted) {
        socket.close();
      }
    }
    for (Thread sender : peers) {
      sender.join();
    }
  }

  private static void bounce(Socket socket, AtomicBoolean going) {
    try {
      while (going.get()) {
        socket.getOutputStream().write('x');
        socket.getInputStream().read();
      }
    } catch (java.io.IOException closed) {
      // the test is over
    }
  }

  /** As gRPC does, which queues what is to be written; and a user's own calls of the loop. */
  @EachTransport
  void soDoesWhatIsQueuedForTheLoop(Transport transport) throws Exception {
    AtomicBoolean going = new AtomicBoolean(true);
    try (WorkStealingExecutor executor = executor(transport)) {
      IoEventLoopGroup group = executor.eventLoopGroup();
      EventExecutor loop = group.next();
      computeAgain(loop, going);
      Net.await("a further loop is opened for the load", () -> hasTwoRegular(executor));
      going.set(false);
    }
  }

  private static void computeAgain(EventExecutor loop, AtomicBoolean going) {
    loop.execute(
        () -> {
          compute();
          if (going.get()) {
            computeAgain(loop, going);
          }
        });
  }
}
