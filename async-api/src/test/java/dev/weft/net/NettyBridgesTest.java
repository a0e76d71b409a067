package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.frame.Await;
import dev.weft.frame.HandWritten;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.LineBasedFrameDecoder;
import io.netty.handler.codec.string.StringDecoder;
import io.netty.handler.codec.string.StringEncoder;
import io.netty.util.concurrent.DefaultPromise;
import io.netty.util.concurrent.ImmediateEventExecutor;
import io.netty.util.concurrent.Promise;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Netty's futures as tasks, and async methods in a Netty pipeline. */
@ExtendWith(LeakCheck.class)
class NettyBridgesTest {
  private final Promise<String> promise = new DefaultPromise<>(ImmediateEventExecutor.INSTANCE);

  // ---- futures

  @Test
  void aFutureEndsItsTask() throws Exception {
    Task<String> task = NettyFutures.task(promise);
    assertThat(task).isNotDone();
    promise.setSuccess("value");
    assertThat(Net.get(task)).isEqualTo("value");
    assertThat(Net.get(NettyFutures.task(promise))).as("of one that is done").isEqualTo("value");
  }

  @Test
  void aFailureIsTheSameOne() {
    Task<String> task = NettyFutures.task(promise);
    promise.setFailure(new IllegalStateException("why"));
    assertThatThrownBy(() -> Net.get(task))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("why");
  }

  @Test
  void cancellationGoesBothWays() {
    Task<String> task = NettyFutures.task(promise);
    task.cancel(true);
    assertThat(promise.isCancelled()).isTrue();
    Promise<String> other = new DefaultPromise<>(ImmediateEventExecutor.INSTANCE);
    Task<String> ofOther = NettyFutures.task(other);
    other.cancel(false);
    assertThat(ofOther).isCancelled();
    assertThatThrownBy(() -> Net.get(ofOther)).isInstanceOf(CancellationException.class);
  }

  @Test
  void aMethodThatAwaitsOneAndIsCancelledCancelsIt() throws Exception {
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().workers(1).build()) {
      for (boolean cancellable : new boolean[] {true, false}) {
        Promise<String> awaited = new DefaultPromise<>(ImmediateEventExecutor.INSTANCE);
        if (!cancellable) {
          awaited.setUncancellable();
        }
        HandWritten<Object> method =
            new HandWritten<>(
                executor,
                (self, state, outcome) -> CompletableFuture.completedFuture(Await.take(outcome)));
        method.await(NettyFutures.task(awaited), 1);
        method.cancel(true);
        Net.await("the promise", () -> !cancellable || awaited.isCancelled());
        awaited.trySuccess("late");
        Net.await("the method to end", method::isFinished);
        assertThat(method).isCancelled();
      }
    }
  }

  @Test
  void aVoidPromiseIsRefused() {
    EmbeddedChannel channel = new EmbeddedChannel();
    assertThatThrownBy(() -> NettyFutures.task(channel.voidPromise()))
        .isInstanceOf(IllegalArgumentException.class);
    channel.close();
  }

  // ---- a handler

  /** A server on the executor's loops, of lines that are handled by a body. */
  private static Channel serve(
      WorkStealingExecutor executor, AsyncChannelHandler.Body<String> body, List<Throwable> errors)
      throws Exception {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(executor.eventLoopGroup())
            .channelFactory(Transport.of(executor)::newServerSocket)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    channel
                        .pipeline()
                        .addLast(
                            new LineBasedFrameDecoder(100),
                            new StringDecoder(),
                            new StringEncoder(),
                            AsyncChannelHandler.of(executor, String.class, body),
                            new ChannelInboundHandlerAdapter() {
                              @Override
                              public void exceptionCaught(
                                  ChannelHandlerContext context, Throwable error) {
                                errors.add(error);
                              }
                            });
                  }
                });
    ChannelFuture binding = bootstrap.bind(Net.loopback(0));
    Net.get(NettyFutures.task(binding));
    return binding.channel();
  }

  private static Socket connect(Channel server) throws Exception {
    Socket socket = new Socket();
    socket.connect((InetSocketAddress) server.localAddress());
    socket.setSoTimeout(Net.SECONDS * 1000);
    return socket;
  }

  @EachTransport
  void messagesAreHandledInTheirOrderOneAtATime(Transport transport) throws Exception {
    List<Throwable> errors = Collections.synchronizedList(new ArrayList<>());
    AtomicInteger inside = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    try (WorkStealingExecutor executor = Net.executor(transport)) {
      Channel server =
          serve(
              executor,
              (context, line) -> {
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                return CompletableFuture.runAsync(Thread::yield)
                    .thenRun(inside::decrementAndGet)
                    .thenCompose(
                        nothing ->
                            line.startsWith("bad")
                                ? CompletableFuture.<Void>failedFuture(
                                    new IllegalArgumentException(line))
                                : NettyFutures.task(context.writeAndFlush(line + "\n"))
                                    .thenApply(written -> (Void) null));
              },
              errors);
      try (Socket socket = connect(server)) {
        int lines = 5000;
        CompletableFuture<Void> sending =
            CompletableFuture.runAsync(
                () -> {
                  try {
                    for (int i = 0; i < lines; i++) {
                      String line = (i % 100 == 7 ? "bad" : "") + i + "\n";
                      socket.getOutputStream().write(line.getBytes(StandardCharsets.US_ASCII));
                    }
                  } catch (Exception e) {
                    throw new IllegalStateException(e);
                  }
                });
        BufferedReader in =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        for (int i = 0; i < lines; i++) {
          if (i % 100 != 7) {
            assertThat(in.readLine()).isEqualTo(String.valueOf(i));
          }
        }
        Net.get(sending);
      }
      assertThat(most).hasValue(1);
      assertThat(errors).hasSize(50).allMatch(e -> e instanceof IllegalArgumentException);
      Net.get(NettyFutures.task(server.close()));
    }
  }

  @EachTransport
  void aChannelThatIsClosedCancelsItsMethod(Transport transport) throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    Task<@Nullable Void> never =
        new Task<>() {
          @Override
          protected boolean stop() {
            return cancel(false);
          }
        };
    try (WorkStealingExecutor executor = Net.executor(transport)) {
      Channel server =
          serve(
              executor,
              (context, line) -> {
                begun.countDown();
                return never;
              },
              new ArrayList<>());
      try (Socket socket = connect(server)) {
        socket.getOutputStream().write("one\ntwo\n".getBytes(StandardCharsets.US_ASCII));
        assertThat(begun.await(Net.SECONDS, java.util.concurrent.TimeUnit.SECONDS)).isTrue();
      }
      Net.await("the cancellation", never::isCancelled);
      Net.get(NettyFutures.task(server.close()));
    }
  }

  @Test
  void whatIsOfAnotherTypeIsPassedOn() {
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().workers(1).build()) {
      EmbeddedChannel channel =
          new EmbeddedChannel(
              AsyncChannelHandler.of(
                  executor, String.class, (context, text) -> new CompletableFuture<>()));
      channel.writeInbound(42, "taken", "waits");
      assertThat((Integer) channel.readInbound()).isEqualTo(42);
      assertThat((Object) channel.readInbound()).isNull();
      channel.pipeline().removeFirst();
      assertThat((String) channel.readInbound()).isEqualTo("waits");
      ByteBuf buf = Net.buf("x");
      channel.writeInbound(buf);
      assertThat((ByteBuf) channel.readInbound()).isSameAs(buf);
      buf.release();
      channel.close();
    }
  }

  @Test
  void manyMessagesStopTheReading() {
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().workers(1).build()) {
      CompletableFuture<@Nullable Void> held = new CompletableFuture<>();
      AtomicInteger handled = new AtomicInteger();
      EmbeddedChannel channel =
          new EmbeddedChannel(
              AsyncChannelHandler.of(
                  executor,
                  Integer.class,
                  (context, number) -> {
                    handled.incrementAndGet();
                    return held;
                  }));
      for (int i = 0; i < 17; i++) {
        assertThat(channel.config().isAutoRead()).isTrue();
        channel.writeInbound(i);
      }
      assertThat(channel.config().isAutoRead()).isFalse();
      held.complete(null);
      try {
        Net.await(
            "all to be handled",
            () -> {
              channel.runPendingTasks();
              return handled.get() == 17;
            });
        Net.await(
            "reading to go on",
            () -> {
              channel.runPendingTasks();
              return channel.config().isAutoRead();
            });
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      channel.close();
    }
  }
}
