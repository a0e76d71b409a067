package dev.weft.net.loop;

import dev.weft.AsyncExecutor;
import dev.weft.frame.Carrier;
import dev.weft.net.memory.MemoryBudget;
import dev.weft.net.poll.AcceptGate;
import dev.weft.net.poll.Backend;
import dev.weft.net.poll.PollLog;
import dev.weft.net.poll.Turns;
import dev.weft.scheduler.io.Driver;
import dev.weft.scheduler.io.DriverSeat;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelPromise;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DuplexChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A Netty I/O loop as a driver of the executor's workers: whichever worker is inside runs it,
 * between tasks.
 *
 * <h2>Flushing</h2>
 *
 * A write from inside is not flushed at once: the task is likely to write again before it waits,
 * and one system call for all of it costs a tenth. It is flushed when its task waits for input,
 * when the buffer is full, and at the latest before the next poll; the streams that owe a flush are
 * in {@link #unflushed}.
 */
public final class SocketDriver implements Driver, LoopChoice.Loop {
  /** The executors with sockets. One is here before it is handed to anybody. */
  private static final Map<AsyncExecutor, WorkerEventLoopGroup> OPEN = new ConcurrentHashMap<>();

  /** For how long the end of an executor waits for what its closed streams have still to send. */
  private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(3);

  /** And for how long when none of it moves. Both guessed. */
  private static final long STALLED_REST_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Of so many flushes one is timed: two looks at the clock are a hundredth of it. */
  private static final int FLUSHES_PER_LOOK = 16;

  /** One that takes longer has waited for a processor. Guessed. */
  private static final long MAX_FLUSH_NANOS = 100_000;

  /** For 16 datagrams of the greatest length. Guessed. */
  private static final int SLAB_BYTES = 1 << 20;

  private final Backend backend;
  private final AsyncExecutor executor;
  private final WorkerEventLoopGroup group;
  private final DriverSeat seat;
  private final WorkerEventLoop loop;

  /** How many closed streams are still sending. Confined to the loop. */
  private int lingering;

  /** Confined to the loop. */
  private final List<OwedFlush> unflushed = new ArrayList<>();

  private long flushNanos;

  /** See {@link #flushForTask}. */
  private int flushes;

  private long meanFlushNanos;

  /** Confined to the loop. */
  private @Nullable ByteBuf slab;

  private SocketDriver(
      Backend backend,
      AsyncExecutor executor,
      WorkerEventLoopGroup group,
      DriverSeat seat,
      int maxEvents,
      int lightRound) {
    this.backend = backend;
    this.executor = executor;
    this.group = group;
    this.seat = seat;
    this.loop = new WorkerEventLoop(group, seat, backend, maxEvents, lightRound);
  }

  /**
   * Opens a driver for the calling thread's executor; from inside the seat.
   *
   * @param maxEvents see {@link Backend#handlers}
   * @param lightRound see {@link Turns}
   * @param memoryLimit see {@link MemoryBudget}; of the executor's first driver it counts
   */
  public static SocketDriver open(
      Backend backend, DriverSeat seat, int maxEvents, int lightRound, long memoryLimit) {
    AsyncExecutor executor =
        Objects.requireNonNull(
                Carrier.current(), "a socket driver is opened by one of an executor's threads")
            .executor();
    WorkerEventLoopGroup group =
        OPEN.computeIfAbsent(
            executor, owner -> new WorkerEventLoopGroup(owner, new MemoryBudget(memoryLimit)));
    try {
      SocketDriver driver = new SocketDriver(backend, executor, group, seat, maxEvents, lightRound);
      group.add(driver);
      return driver;
    } catch (Throwable error) {
      if (group.isEmpty()) {
        OPEN.remove(executor, group);
        group.memory().close();
      }
      throw error;
    }
  }

  /**
   * The driver of an executor on which to open the next socket: see {@link LoopChoice}.
   *
   * @throws IllegalStateException if it has none
   */
  public static SocketDriver of(AsyncExecutor executor) {
    return groupOf(executor).nextDriver();
  }

  /**
   * What it asks the kernel with.
   *
   * @throws IllegalStateException if it has no driver of this kind
   */
  public static Backend backendOf(AsyncExecutor executor) {
    return groupOf(executor).anyDriver().backend();
  }

  private static WorkerEventLoopGroup groupOf(AsyncExecutor executor) {
    WorkerEventLoopGroup group = OPEN.get(executor);
    if (group == null) {
      throw new IllegalStateException(
          executor
              + " cannot serve sockets: it is closed, or was built with another driver than those of"
              + " dev.weft.net.Transport");
    }
    return group;
  }

  /** See {@link DriverSeat#takeovers}. */
  public long takeovers() {
    return seat.takeovers();
  }

  /** Whose driver it is. */
  public AsyncExecutor executor() {
    return executor;
  }

  /** What it asks the kernel with. */
  public Backend backend() {
    return backend;
  }

  /** What the sockets of this executor may hold. */
  public MemoryBudget memory() {
    return group.memory();
  }

  /** What it runs. */
  public WorkerEventLoop loop() {
    return loop;
  }

  /** The driver of the same executor on which to open the next socket. */
  public SocketDriver next() {
    return group.nextDriver();
  }

  /**
   * Takes the loop for a call, if that can be done without waiting; what was given to {@link
   * #execute} before has been done then. {@link #leave} must follow if it could.
   */
  public boolean enter() {
    return loop.enter();
  }

  /** Gives the loop back after a call. */
  public void leave() {
    if (seat.isOutermost() && seat.isBorrowed()) {
      flush(); // the holder is not going to poll soon
    }
    loop.leave();
  }

  /**
   * Runs an action inside the loop: at once if it can be entered, else later, after the actions
   * that were given before.
   *
   * @throws RejectedExecutionException if the driver is closed; the action may then have run or not
   */
  public void execute(Runnable action) {
    if (enter()) {
      try {
        action.run();
      } finally {
        leave();
      }
      return;
    }
    loop.execute(action);
    if (loop.isShutdown()) { // possibly after its last look at the queue
      throw new RejectedExecutionException("the executor was closed");
    }
  }

  /**
   * Registers a new channel with the loop, or closes it. From inside.
   *
   * @throws ChannelException if it could not be registered
   */
  public void register(Channel channel) {
    ChannelPromise registered = channel.newPromise();
    channel.unsafe().register(loop, registered);
    check(channel, registered);
  }

  /** The same for a stream. */
  public void register(Channel channel, Turns.Turn turn) {
    ChannelPromise registered = channel.newPromise();
    loop.registrations().register(channel, registered, turn);
    check(channel, registered);
  }

  /** The same for a listening socket. */
  public void register(Channel channel, AcceptGate gate) {
    ChannelPromise registered = channel.newPromise();
    loop.registrations().register(channel, registered, gate);
    check(channel, registered);
  }

  /** From inside, all of it happens at once; and Netty forgets the promise if epoll refuses. */
  private static void check(Channel channel, ChannelPromise registered) {
    if (!registered.isSuccess()) {
      channel.unsafe().closeForcibly();
      throw new ChannelException("The channel could not be registered", registered.cause());
    }
  }

  /** Closes a channel of this loop that nobody has got, registered or not. From inside. */
  public void discard(Channel channel) {
    if (channel.isRegistered()) {
      channel.close();
      return;
    }
    if (channel.isOpen()) {
      channel.unsafe().closeForcibly();
    }
    loop.discount(channel);
  }

  /** Has what was written flushed before the next poll. From inside. */
  public void flushLater(OwedFlush owed) {
    if (!owed.listed) {
      owed.listed = true;
      unflushed.add(owed);
    }
  }

  /** Counts a closed stream that has bytes under way, until its channel is closed. On the loop. */
  public void addLingering(DuplexChannel channel) {
    lingering++;
    channel.closeFuture().addListener(closed -> lingering--);
  }

  /** The same for a socket for datagrams. */
  public void addLingering(DatagramChannel channel) {
    lingering++;
    channel.closeFuture().addListener(closed -> lingering--);
  }

  /**
   * What the loop receives datagrams into, {@value #SLAB_BYTES} bytes; made when it is first asked
   * for. What is in it is to be copied before the next socket is served. From inside.
   */
  public ByteBuf slab() {
    ByteBuf made = slab;
    if (made == null) {
      // not watched for leaks: it is handed out and given back a hundred thousand times a second
      made = new UnpooledByteBufAllocator(true, true).directBuffer(SLAB_BYTES, SLAB_BYTES);
      slab = made;
    }
    return made;
  }

  /**
   * Flushes what a task has written, if anything. What that takes is counted apart: if another
   * worker ran the task, the holder of the loop would send it all the same. From inside.
   */
  public void flushForTask(OwedFlush owed) {
    if (!owed.dirty) {
      return;
    }
    if (++flushes % FLUSHES_PER_LOOK == 0) {
      long start = System.nanoTime();
      owed.flush();
      long nanos = Math.min(MAX_FLUSH_NANOS, System.nanoTime() - start);
      meanFlushNanos += (nanos - meanFlushNanos) / 8;
    } else {
      owed.flush();
    }
    seat.countSending(meanFlushNanos);
  }

  // ---- for the choice of a loop; from any thread

  @Override
  public long standing(long now) {
    // Who asks from inside goes on, or else would not ask; an acceptor, say.
    return seat.isInside(Thread.currentThread()) ? 0 : seat.standing(now);
  }

  @Override
  public boolean isReserve() {
    return seat.isReserve();
  }

  @Override
  public int channels() {
    return loop.channels();
  }

  @Override
  public int activeChannels(long now) {
    return loop.activeChannels(now);
  }

  @Override
  public double load(long now) {
    return seat.load(now);
  }

  // ---- what the worker calls

  @Override
  public int poll() {
    flush();
    return loop.poll();
  }

  @Override
  public int park(long nanos) {
    flush();
    return nanos <= 0 ? loop.poll() : loop.park(nanos);
  }

  @Override
  public void unpark() {
    loop.wakeUp();
  }

  @Override
  public boolean hasSockets() {
    return loop.hasReferenced();
  }

  @Override
  public boolean isUnused() {
    return loop.isUnused();
  }

  @Override
  public long activeNanos() {
    return loop.activeNanos() + flushNanos;
  }

  @Override
  public IoEventLoopGroup eventLoopGroup() {
    return group;
  }

  @Override
  public void close() {
    if (group.remove(this)) {
      OPEN.remove(executor);
    }
    boolean last = group.isEmpty();
    flush();
    sendTheRest();
    loop.close();
    flush(); // frees what was written meanwhile: its channels are closed
    if (slab != null) {
      slab.release();
      slab = null;
    }
    if (last) {
      group.memory().close();
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
      if (loop.park(left) > 0) {
        stalled = System.nanoTime() + STALLED_REST_NANOS;
      }
    }
  }

  private void flush() {
    if (unflushed.isEmpty()) {
      return;
    }
    long start = System.nanoTime();
    for (int i = 0; i < unflushed.size(); i++) { // by index: a flush may add to the list
      try {
        OwedFlush owed = unflushed.get(i);
        owed.listed = false;
        owed.flush();
      } catch (RuntimeException bug) {
        PollLog.flushFailed(bug);
      }
    }
    unflushed.clear();
    flushNanos += System.nanoTime() - start;
  }

  @Override
  public String toString() {
    return backend.toString();
  }
}
