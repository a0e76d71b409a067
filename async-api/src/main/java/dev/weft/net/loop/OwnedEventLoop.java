package dev.weft.net.loop;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.util.concurrent.AbstractScheduledEventExecutor;
import io.netty.util.concurrent.DefaultPromise;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A loop that ends with its executor and not before, as Netty sees it: who asks it to end is
 * answered by the group. What of Netty's interface has nothing to do with how the loop runs.
 *
 * <p>Open, being closed, closed, terminated, in this order; who runs the loop says when.
 */
abstract class OwnedEventLoop extends AbstractScheduledEventExecutor implements IoEventLoop {
  private enum State {
    OPEN,
    CLOSING,
    CLOSED
  }

  private final IoEventLoopGroup group;
  private final Promise<?> termination = new DefaultPromise<Void>(GlobalEventExecutor.INSTANCE);
  private volatile State state = State.OPEN;

  OwnedEventLoop(IoEventLoopGroup group) {
    super(group);
    this.group = group;
  }

  /** Counts a channel that is about to be registered, until it is closed. */
  abstract void count(Channel channel);

  @Override
  public final IoEventLoop next() {
    return this;
  }

  @Override
  public final IoEventLoopGroup parent() {
    return group;
  }

  @Override
  @Deprecated
  public final ChannelFuture register(Channel channel) {
    return register(new DefaultChannelPromise(channel, this));
  }

  @Override
  @Deprecated
  public final ChannelFuture register(Channel channel, ChannelPromise promise) {
    count(channel);
    channel.unsafe().register(this, promise);
    return promise;
  }

  @Override
  @Deprecated
  public final ChannelFuture register(ChannelPromise promise) {
    return register(promise.channel(), promise);
  }

  // ---- the end, which is the executor's

  /** Nobody registers any more. */
  final void beginToClose() {
    state = State.CLOSING;
  }

  /** Nobody queues any more. */
  final void closed() {
    state = State.CLOSED;
  }

  /** All that was queued has been run. */
  final void terminated() {
    termination.setSuccess(null);
  }

  @Override
  public final Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
    return group.shutdownGracefully(quietPeriod, timeout, unit);
  }

  @Override
  @Deprecated
  public final void shutdown() {
    group.shutdown();
  }

  @Override
  @Deprecated
  public final List<Runnable> shutdownNow() {
    return group.shutdownNow();
  }

  @Override
  public final Future<?> terminationFuture() {
    return termination;
  }

  @Override
  public final boolean isShuttingDown() {
    return state != State.OPEN;
  }

  @Override
  public final boolean isShutdown() {
    return state == State.CLOSED;
  }

  @Override
  public final boolean isTerminated() {
    return termination.isDone();
  }

  @Override
  public final boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return termination.await(timeout, unit);
  }
}
