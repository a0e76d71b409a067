package dev.weft.net;

import dev.weft.AsyncExecutor;
import dev.weft.frame.Carrier;
import dev.weft.scheduler.Driver;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelPromise;
import io.netty.channel.ManualIoEventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Netty's I/O loop as a worker's driver: the worker's own thread runs it, between tasks.
 *
 * <h2>Blocking</h2>
 *
 * {@link #unpark} sets a flag and then wakes the loop, which does nothing while the loop is awake.
 * {@link #park} goes the other way round: Netty's handler publishes that it is about to block and
 * then asks {@link Loop#canBlock}, which reads the flag. Both accesses are volatile on both sides,
 * so either the waker sees the loop asleep, or the loop sees the flag. The same holds for the tasks
 * of {@link #execute}, whose queue Netty looks at in the same place.
 *
 * <h2>Flushing</h2>
 *
 * A write on the loop's thread is not flushed at once: the task is likely to write again before it
 * waits, and one system call for all of it costs a tenth. It is flushed when its task waits for
 * input, when the buffer is full, and at the latest before the next poll; the streams that owe a
 * flush are in {@link #unflushed}.
 */
final class SocketDriver implements Driver {
  private static final Logger LOG = LoggerFactory.getLogger(SocketDriver.class);

  /** The drivers in use. An executor's is here before the executor is handed to anybody. */
  private static final Map<AsyncExecutor, SocketDriver> OPEN = new ConcurrentHashMap<>();

  /** For how long the end of an executor waits for what its closed streams have still to send. */
  private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(3);

  /** And for how long when none of it moves. Both guessed. */
  private static final long STALLED_REST_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Transport transport;
  private final AsyncExecutor executor;
  private final Thread thread;
  private final Loop loop;
  private volatile boolean unparked;

  /** How many closed streams are still sending. Confined to the loop's thread. */
  private int lingering;

  /** Confined to the loop's thread. */
  private final List<Outbox> unflushed = new ArrayList<>();

  private SocketDriver(Transport transport, AsyncExecutor executor) {
    this.transport = transport;
    this.executor = executor;
    this.thread = Thread.currentThread();
    this.loop = new Loop(transport);
  }

  /** Opens the driver of the calling thread's executor. */
  static SocketDriver open(Transport transport) {
    Carrier carrier =
        Objects.requireNonNull(
            Carrier.current(), "a socket driver is opened by one of an executor's threads");
    SocketDriver driver = new SocketDriver(transport, carrier.executor());
    driver.loop.runNow(); // lets Netty's handler initialize itself on the thread that is to use it
    OPEN.put(driver.executor, driver);
    return driver;
  }

  /**
   * The driver of an executor.
   *
   * @throws IllegalStateException if it has none
   */
  static SocketDriver of(AsyncExecutor executor) {
    SocketDriver driver = OPEN.get(executor);
    if (driver == null) {
      throw new IllegalStateException(
          executor
              + " cannot serve sockets: it is closed, or was built with another driver than those of"
              + " dev.weft.net.Transport");
    }
    return driver;
  }

  Transport transport() {
    return transport;
  }

  AsyncExecutor executor() {
    return executor;
  }

  ManualIoEventLoop loop() {
    return loop;
  }

  /** True on the thread that runs the loop. */
  boolean onLoop() {
    return Thread.currentThread() == thread;
  }

  /**
   * Runs an action on the loop's thread: at once if this is it, else in order with the other
   * actions given by the calling thread.
   *
   * @throws RejectedExecutionException if the driver is closed; the action may then have run or not
   */
  void execute(Runnable action) {
    if (onLoop()) {
      action.run();
      return;
    }
    loop.execute(action);
    if (loop.isTerminated()) { // possibly after its last look at the queue
      throw new RejectedExecutionException("the executor was closed");
    }
  }

  /**
   * Registers a new channel with the loop, or closes it. On the loop's thread.
   *
   * @throws ChannelException if it could not be registered
   */
  void register(Channel channel) {
    ChannelPromise registered = channel.newPromise();
    channel.unsafe().register(loop, registered);
    Throwable cause = registered.cause();
    if (cause != null) {
      channel.unsafe().closeForcibly();
      throw new ChannelException("The channel could not be registered", cause);
    }
  }

  /** Has the outbox flushed before the next poll. On the loop's thread. */
  void flushLater(Outbox outbox) {
    unflushed.add(outbox);
  }

  /** Counts a closed stream that has bytes under way, until its channel is closed. On the loop. */
  void addLingering(Channel channel) {
    lingering++;
    channel.closeFuture().addListener(closed -> lingering--);
  }

  // ---- what the worker calls

  @Override
  public int poll() {
    flush();
    return loop.runNow();
  }

  @Override
  public int park(long nanos) {
    flush();
    int handled;
    if (nanos <= 0) {
      handled = loop.runNow();
    } else {
      handled = loop.run(nanos == Long.MAX_VALUE ? 0 : nanos); // 0 is Netty's "no limit"
    }
    unparked = false; // the worker looks at its queues next, so a wake-up lost here is not missed
    return handled;
  }

  @Override
  public void unpark() {
    unparked = true;
    loop.wakeup();
  }

  @Override
  public void close() {
    OPEN.remove(executor);
    flush();
    sendTheRest();
    // Only sets a state: the loop must go on until it has closed every channel.
    loop.shutdownGracefully(0, 0, TimeUnit.NANOSECONDS);
    while (!loop.isTerminated()) {
      loop.runNow();
    }
  }

  /** Streams that were closed may have bytes under way, which are not cut off without need. */
  private void sendTheRest() {
    long end = System.nanoTime() + REST_NANOS;
    long stalled = System.nanoTime() + STALLED_REST_NANOS;
    while (lingering > 0) {
      long now = System.nanoTime();
      long left = Math.min(end - now, stalled - now);
      if (left <= 0) {
        return;
      }
      unparked = false;
      if (loop.run(left) > 0) {
        stalled = System.nanoTime() + STALLED_REST_NANOS;
      }
    }
  }

  private void flush() {
    if (unflushed.isEmpty()) {
      return;
    }
    for (int i = 0; i < unflushed.size(); i++) { // by index: a flush may add to the list
      try {
        unflushed.get(i).flushListed();
      } catch (RuntimeException bug) {
        LOG.error("Flushing a connection failed", bug);
      }
    }
    unflushed.clear();
  }

  private final class Loop extends ManualIoEventLoop {
    Loop(Transport transport) {
      super(Thread.currentThread(), transport.handlers());
    }

    @Override
    protected boolean canBlock() {
      return !unparked;
    }
  }
}
