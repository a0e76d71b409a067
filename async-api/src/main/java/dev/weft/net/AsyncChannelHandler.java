package dev.weft.net;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A handler in a Netty pipeline of your own that gives each message to an async method: it may
 * await, compute and take its time, as it runs as a task and not inside the poll.
 *
 * <pre>{@code
 * static void setUp(Channel channel, AsyncExecutor executor) {
 *   channel
 *       .pipeline()
 *       .addLast(new LineBasedFrameDecoder(8192), new StringDecoder(), new StringEncoder())
 *       .addLast(
 *           AsyncChannelHandler.of(
 *               executor,
 *               String.class,
 *               (context, line) -> {
 *                 Price price = await(shop.price());
 *                 await(NettyFutures.task(context.writeAndFlush(line + price + "\n")));
 *                 return done();
 *               }));
 * }
 * }</pre>
 *
 * <p><b>Order.</b> The messages of a channel are handled one at a time, as they come; different
 * channels do not wait for each other. While some wait, the channel stops reading ({@code
 * autoRead}), so that the peer waits, too.
 *
 * <p><b>Failures</b> go down the pipeline ({@code exceptionCaught}), and the next message is
 * handled. <b>Cancellation:</b> when the channel is closed, the method that runs is cancelled, and
 * messages that wait are released.
 *
 * <p>On channels of any event loop, of an executor's {@link
 * dev.weft.WorkStealingExecutor#eventLoopGroup} or not. One for each channel. Its own methods are
 * for Netty, which calls them on the loop.
 *
 * @param <I> the type of the messages that it takes; others are passed on
 */
public final class AsyncChannelHandler<I> extends ChannelInboundHandlerAdapter {
  /**
   * What is called for each message.
   *
   * <pre>{@code
   * AsyncChannelHandler.Body<ByteBuf> echo =
   *     (context, bytes) -> {
   *       await(NettyFutures.task(context.writeAndFlush(bytes))); // which releases them
   *       return done();
   *     };
   * }</pre>
   *
   * @param <I> the type of the messages
   */
  @FunctionalInterface
  public interface Body<I> {
    /**
     * Called on a thread of the executor, as the body of a task.
     *
     * @param context writes, and closes; from any thread, as Netty allows
     * @param message belongs to the callee, who releases it or hands it on
     */
    CompletionStage<@Nullable Void> handle(ChannelHandlerContext context, I message)
        throws Exception;
  }

  /** So many may wait before the channel stops reading: a switch costs a system call. Guessed. */
  private static final int WAITING_LIMIT = 16;

  private final AsyncExecutor executor;
  private final Class<I> type;
  private final Body<I> body;

  // Confined to the channel's loop.
  private final ArrayDeque<I> waiting = new ArrayDeque<>();
  private @Nullable Task<?> running;
  private boolean holding;
  private boolean over;

  private AsyncChannelHandler(AsyncExecutor executor, Class<I> type, Body<I> body) {
    this.executor = Objects.requireNonNull(executor, "executor");
    this.type = Objects.requireNonNull(type, "type");
    this.body = Objects.requireNonNull(body, "body");
  }

  /**
   * Makes one, for one channel.
   *
   * @param executor runs the tasks
   * @param type of the messages that it takes
   */
  public static <I> ChannelInboundHandler of(AsyncExecutor executor, Class<I> type, Body<I> body) {
    return new AsyncChannelHandler<>(executor, type, body);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    if (!type.isInstance(message)) {
      context.fireChannelRead(message);
    } else if (over) {
      ReferenceCountUtil.release(message);
    } else {
      waiting.add(type.cast(message));
      if (running == null) {
        startNext(context);
      } else if (!holding && waiting.size() >= WAITING_LIMIT) {
        holding = true;
        context.channel().config().setAutoRead(false);
      }
    }
  }

  private void startNext(ChannelHandlerContext context) {
    I message = waiting.poll();
    if (message == null) {
      return;
    }
    AtomicBoolean taken = new AtomicBoolean(); // a task that is cancelled early never begins
    Task<?> task;
    try {
      task =
          executor.spawn(
              () -> {
                if (!taken.compareAndSet(false, true)) {
                  throw new CancellationException();
                }
                return body.handle(context, message);
              });
    } catch (Throwable closed) { // the executor
      over = true;
      ReferenceCountUtil.release(message);
      dropWaiting();
      context.fireExceptionCaught(closed);
      return;
    }
    running = task;
    task.handle(
        (nothing, error) -> {
          if (taken.compareAndSet(false, true)) {
            ReferenceCountUtil.release(message);
          }
          if (context.executor().inEventLoop()) {
            onEnded(context, error);
          } else {
            context.executor().execute(() -> onEnded(context, error));
          }
          return null;
        });
  }

  private void onEnded(ChannelHandlerContext context, @Nullable Throwable error) {
    running = null;
    if (error != null && !over) {
      context.fireExceptionCaught(error);
    }
    startNext(context);
    if (holding && waiting.size() <= WAITING_LIMIT / 2) {
      holding = false;
      context.channel().config().setAutoRead(true);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    over = true;
    dropWaiting();
    Task<?> task = running;
    if (task != null) {
      task.cancel(true);
    }
    context.fireChannelInactive();
  }

  private void dropWaiting() {
    for (I message; (message = waiting.poll()) != null; ) {
      ReferenceCountUtil.release(message);
    }
  }

  /** Those that wait are passed on; one that is being handled is let to end. */
  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    if (holding) {
      holding = false;
      context.channel().config().setAutoRead(true);
    }
    for (I message; (message = waiting.poll()) != null; ) {
      context.fireChannelRead(message);
    }
  }
}
