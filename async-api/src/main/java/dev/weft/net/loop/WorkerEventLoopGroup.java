package dev.weft.net.loop;

import dev.weft.AsyncExecutor;
import dev.weft.net.memory.MemoryBudget;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.util.concurrent.AbstractEventExecutorGroup;
import io.netty.util.concurrent.DefaultPromise;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/**
 * The I/O loops of one executor, as Netty wants them. There is at least one, and there may be more
 * later; which one a new channel goes to is a {@link LoopChoice}.
 *
 * <p>The loops end with the executor and not before. A request to shut the group down fails and
 * does nothing else, so code that is used to owning its group does no harm.
 */
final class WorkerEventLoopGroup extends AbstractEventExecutorGroup implements IoEventLoopGroup {
  private final List<SocketDriver> drivers = new CopyOnWriteArrayList<>();
  private final LoopChoice<SocketDriver> choice = new LoopChoice<>();
  private final AsyncExecutor owner;
  private final MemoryBudget memory;
  private final Promise<?> termination = new DefaultPromise<Void>(GlobalEventExecutor.INSTANCE);

  WorkerEventLoopGroup(AsyncExecutor owner, MemoryBudget memory) {
    this.owner = owner;
    this.memory = memory;
  }

  /** What the sockets of all the loops may hold together. */
  MemoryBudget memory() {
    return memory;
  }

  void add(SocketDriver driver) {
    drivers.add(driver);
  }

  boolean isEmpty() {
    return drivers.isEmpty();
  }

  /** Called when a loop is about to end; true for the last one. */
  boolean remove(SocketDriver driver) {
    drivers.remove(driver);
    if (!drivers.isEmpty()) {
      return false;
    }
    termination.trySuccess(null);
    return true;
  }

  /** The driver for the next channel. */
  SocketDriver nextDriver() {
    // The list may change under way, when the executor is closed.
    List<SocketDriver> open = List.of(drivers.toArray(new SocketDriver[0]));
    SocketDriver next = choice.next(open, open.size() <= 1 ? 0 : System.nanoTime());
    if (next == null) {
      throw new IllegalStateException("The executor " + owner + " is closed, and so are its loops");
    }
    return next;
  }

  /** One of the drivers, for what is the same with all. */
  SocketDriver anyDriver() {
    for (SocketDriver driver : drivers) {
      return driver;
    }
    return nextDriver(); // which says why there is none
  }

  @Override
  public IoEventLoop next() {
    return nextDriver().loop();
  }

  @Override
  public Iterator<EventExecutor> iterator() {
    return drivers.stream().<EventExecutor>map(SocketDriver::loop).toList().iterator();
  }

  @Override
  @Deprecated
  public ChannelFuture register(Channel channel) {
    return next().register(channel);
  }

  @Override
  @Deprecated
  public ChannelFuture register(Channel channel, ChannelPromise promise) {
    return next().register(channel, promise);
  }

  @Override
  @Deprecated
  public ChannelFuture register(ChannelPromise promise) {
    return next().register(promise);
  }

  // ---- the end

  @Override
  public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
    return GlobalEventExecutor.INSTANCE.newFailedFuture(refusal());
  }

  @Override
  @Deprecated
  public void shutdown() {
    throw refusal();
  }

  @Override
  @Deprecated
  public List<Runnable> shutdownNow() {
    throw refusal();
  }

  private UnsupportedOperationException refusal() {
    return new UnsupportedOperationException(
        "These event loops belong to the executor " + owner + " and end with it: close that");
  }

  @Override
  public Future<?> terminationFuture() {
    return termination;
  }

  @Override
  public boolean isShuttingDown() {
    return drivers.stream().anyMatch(driver -> driver.loop().isShuttingDown()) || isTerminated();
  }

  @Override
  public boolean isShutdown() {
    return isTerminated();
  }

  @Override
  public boolean isTerminated() {
    return termination.isDone();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return termination.await(timeout, unit);
  }
}
