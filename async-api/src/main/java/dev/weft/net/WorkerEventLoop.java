package dev.weft.net;

import dev.weft.scheduler.io.DriverSeat;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelPromise;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.AbstractScheduledEventExecutor;
import io.netty.util.concurrent.DefaultPromise;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
import io.netty.util.internal.PlatformDependent;
import io.netty.util.internal.ThreadExecutorMap;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Netty event loop without a thread: workers run it, one at a time, and which one may change
 * between any two polls or calls. Netty's {@code ManualIoEventLoop} fixes its thread for life; what
 * is said there about running the handler holds here. A third of this file is Netty's interface.
 *
 * <p>Netty asks {@link #inEventLoop} before it touches anything. Here the answer is whether the
 * asking thread is inside the loop's {@link DriverSeat}; so handlers run one at a time and see each
 * other's writes, but one channel is served by different threads over time.
 *
 * <h2>Order</h2>
 *
 * With a loop that has one thread for ever, what a thread queues with {@link #execute} and what it
 * does directly never mix: it is the loop's thread or it is not. Here a task may do one and then
 * the other:
 *
 * <pre>
 *   task on worker B, which is not inside:   write(1)   queued
 *   the same task, now on the holder A:      write(2)   direct, and 1 is still in the queue
 * </pre>
 *
 * So who enters for a call first runs what is queued ({@link #enter}): all that happened before the
 * call, on whatever thread, is done before it. That is what a mark of the tasks that have queued
 * something would buy as well, and it needs no account of who has learned from whom. The look costs
 * two reads when the queue is empty. The time of what is run is not counted as the task's.
 *
 * <h2>Waking</h2>
 *
 * {@link #execute} adds to the queue and then asks the seat whether somebody may be blocked inside;
 * who blocks has taken the seat before, and looks at the queue after ({@link Waiting#canBlock}).
 * See {@code OwnerWord}.
 *
 * <p>Longer than others because Netty's interface wants one object to be a queue, a timer and a
 * driver.
 */
final class WorkerEventLoop extends AbstractScheduledEventExecutor implements IoEventLoop {
  private static final Logger log = LoggerFactory.getLogger(WorkerEventLoop.class);
  private static final StackWalker STACK = StackWalker.getInstance();

  /** For how long at most a loop that is closed waits for its channels. Guessed. */
  private static final long DRAIN_NANOS = TimeUnit.SECONDS.toNanos(1);

  /** Between two looks, where the handler does not wait. */
  private static final long DRAIN_LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private enum State {
    OPEN,
    CLOSING,
    CLOSED
  }

  private final IoEventLoopGroup group;
  private final DriverSeat seat;
  private final Class<? extends IoHandler> handlerType;
  private final boolean gated;
  private final IoHandler handler;
  private final Queue<Runnable> queue = PlatformDependent.newMpscQueue();
  private final PatientTasks patient;
  private final Promise<?> termination = new DefaultPromise<Void>(GlobalEventExecutor.INSTANCE);

  /** From before they are registered until they are closed. */
  private final Set<Channel> channels = ConcurrentHashMap.newKeySet();

  /** How many of them do not keep the loop alive. Confined to the user, as the loop is. */
  private int unreferenced;

  private final Waiting waiting = new Waiting();
  private final NotWaiting notWaiting = new NotWaiting();
  private final Draining draining;
  private volatile boolean woken;
  private volatile State state = State.OPEN;

  /** In a poll: what is queued has its turn there. Confined to the user of the seat. */
  private boolean running;

  private long activeNanos;

  /** Of the listening socket that is being registered. Confined to the user, as the loop is. */
  private @Nullable AcceptGate gateOfNext;

  /** Of the stream that is. */
  private Turns.@Nullable Turn turnOfNext;

  private final Turns turns;

  /**
   * To be called from inside.
   *
   * @param maxEvents see {@link Transport#handlers}
   * @param lightRound see {@link Turns}
   */
  WorkerEventLoop(
      IoEventLoopGroup group, DriverSeat seat, Transport transport, int maxEvents, int lightRound) {
    super(group);
    this.group = group;
    this.seat = seat;
    this.handlerType = transport.handlerType();
    this.patient = new PatientTasks(transport.heavyNanos());
    this.turns = new Turns(lightRound, transport.heavyNanos());
    this.gated = transport.acceptsOnItsOwn();
    this.draining = new Draining(transport.quietNanos());
    this.handler = transport.handlers(maxEvents).newHandler(this);
    handler.initialize();
  }

  // ---- being inside

  @Override
  public boolean inEventLoop() {
    return inEventLoop(Thread.currentThread());
  }

  /**
   * True if the thread is inside.
   *
   * <p>Also if it is one of the threads that run this loop, in a task, and is about to wait for a
   * future of the loop: Netty asks this before it blocks, and then refuses with a {@code
   * BlockingOperationException}. A task that waited for the thread that it occupies would wait for
   * ever if all workers did.
   */
  @Override
  public boolean inEventLoop(Thread thread) {
    return seat.isInside(thread)
        || (seat.isRunBy(thread) && thread == Thread.currentThread() && isAboutToBlock());
  }

  @Override
  public boolean isExecutorThread(Thread thread) {
    return seat.isInside(thread);
  }

  /** Netty has no other place to ask; only tasks that call Netty themselves come here. */
  private static boolean isAboutToBlock() {
    return STACK.walk(
        frames -> frames.limit(5).anyMatch(frame -> frame.getMethodName().equals("checkDeadLock")));
  }

  /**
   * Takes the loop for a call, and first runs what is queued.
   *
   * @return false if that cannot be now; if true, {@link #leave} must follow
   */
  boolean enter() {
    if (!seat.enter()) {
      return false;
    }
    if (!running && seat.isOutermost() && !queue.isEmpty()) {
      runEarlier();
    }
    return true;
  }

  void leave() {
    seat.leave();
  }

  private void runEarlier() {
    long start = System.nanoTime();
    running = true;
    try {
      for (int i = queue.size(); i > 0; i--) { // and not what it adds, which did not come before
        Runnable task = queue.poll();
        if (task == null) {
          break;
        }
        safeExecute(task);
      }
    } finally {
      running = false;
    }
    seat.discount(System.nanoTime() - start);
  }

  // ---- running; from inside

  /**
   * Handles the I/O that is ready and runs what is queued or due.
   *
   * @return how much was done
   */
  int poll() {
    return run(notWaiting);
  }

  /**
   * As {@link #poll}, and waits for it.
   *
   * @param nanos for how long at most; {@code Long.MAX_VALUE} for no limit
   */
  int park(long nanos) {
    waiting.limit = nanos;
    int done = run(waiting);
    woken = false; // the worker looks at its queues next, so a wake-up lost here is not missed
    return done;
  }

  /** Ends the current wait, or else the next one. From any thread. */
  void wakeUp() {
    woken = true;
    if (state != State.CLOSED) {
      handler.wakeup();
    }
  }

  private int run(IoHandlerContext context) {
    EventExecutor before = ThreadExecutorMap.setCurrentExecutor(this);
    running = true;
    try {
      int handled = 0;
      if (!turns.areEnough()) {
        turns.beginPoll();
        try {
          handled = handler.run(context);
        } finally {
          turns.endPoll();
        }
      }
      if (turns.areWaiting()) {
        handled += takeTurns();
      }
      turns.end();
      return handled + runTasks();
    } finally {
      running = false;
      ThreadExecutorMap.setCurrentExecutor(before);
    }
  }

  /** Handles what listening sockets have accepted, however much that is. */
  void takeAccepted() {
    turns.runAccepted();
  }

  private int takeTurns() {
    long start = System.nanoTime();
    int handled = turns.run();
    activeNanos += System.nanoTime() - start;
    return handled;
  }

  private int runTasks() {
    fetchFromScheduledTaskQueue(queue);
    int done = 0;
    for (Runnable task; (task = queue.poll()) != null; done++) {
      safeExecute(task);
    }
    return done + patient.run(WorkerEventLoop::safeExecute);
  }

  /** How long I/O was handled, in all; what is queued not included. */
  long activeNanos() {
    return activeNanos;
  }

  /** Closes every channel, runs what that queues, and releases the handler. */
  void close() {
    state = State.CLOSING;
    running = true;
    EventExecutor before = ThreadExecutorMap.setCurrentExecutor(this);
    try {
      do {
        runTasks();
        turns.runAll();
        closeChannels();
        cancelScheduledTasks();
        drain();
      } while (runTasks() > 0);
      cancelScheduledTasks();
    } finally {
      destroyHandler();
      state = State.CLOSED;
      // What is queued from here on is rejected, or was added before the state and is found now.
      while (runTasks() > 0) {
        // until no more comes
      }
      running = false;
      ThreadExecutorMap.setCurrentExecutor(before);
      termination.setSuccess(null);
    }
  }

  private void closeChannels() {
    for (Channel channel : channels) {
      if (isServedHere(channel)) { // else it has gone, or its registration will be refused
        try {
          channel.unsafe().close(channel.unsafe().voidPromise());
        } catch (Throwable error) {
          SocketLog.cannotClose(channel, error);
        }
      }
    }
    if (!draining.canBlock()) {
      handler.prepareToDestroy(); // closes what is not a channel
    }
  }

  /** A channel stays counted if Netty code takes it to another loop. */
  private boolean isServedHere(Channel channel) {
    return channel.isRegistered() && channel.eventLoop() == this;
  }

  private void destroyHandler() {
    try {
      handler.destroy();
    } catch (Throwable error) {
      log.error("The I/O handler of a loop could not be destroyed", error);
    }
  }

  /**
   * Waits for the kernel to end what it was doing for the channels that were closed.
   *
   * <p>Netty 4.2.18 does not with io_uring. Its {@code prepareToDestroy} queues an operation that
   * waits for all others, and {@code destroy} then waits for one completion, whichever. What is
   * queued behind the first may not have begun by then: the read of the wake-up event, and the
   * request to cancel it. It comes to pass when the buffer is free again: 8 bytes went into memory
   * that was in use, and {@code malloc} ended the process (within a minute, with a hundred
   * executors closed each second). Netty's own loops go on for two seconds before they end. Here
   * {@code destroy} finds nothing under way but that read.
   */
  private void drain() {
    long deadline = System.nanoTime() + DRAIN_NANOS;
    while (true) {
      int done = handler.run(draining) + runTasks();
      boolean open = channels.stream().anyMatch(this::isServedHere);
      if ((done == 0 && !open) || System.nanoTime() >= deadline) {
        return;
      }
      if (done == 0 && !draining.canBlock()) {
        LockSupport.parkNanos(DRAIN_LOOK_NANOS); // a channel with SO_LINGER is closed elsewhere
      }
    }
  }

  // ---- from any thread

  @Override
  public void execute(Runnable command) {
    Objects.requireNonNull(command, "command");
    if (state == State.CLOSED) {
      throw new RejectedExecutionException("the executor was closed");
    }
    queue.add(command);
    wakeUpIfBlocked();
  }

  /** As {@link #execute}, for what may be much at once and can wait: see {@link PatientTasks}. */
  void executeLater(Runnable command) {
    if (state == State.CLOSED) {
      throw new RejectedExecutionException("the executor was closed");
    }
    patient.add(command);
    wakeUpIfBlocked();
  }

  private void wakeUpIfBlocked() {
    if (seat.isInUse() && !seat.isInside(Thread.currentThread()) && state != State.CLOSED) {
      handler.wakeup();
    }
  }

  /** Counts a channel that is about to be registered, until it is closed. */
  void count(Channel channel) {
    channels.add(channel);
    channel.closeFuture().addListener(closed -> channels.remove(channel));
  }

  /** A channel was closed without having been registered; then Netty tells nobody. */
  void discount(Channel channel) {
    channels.remove(channel);
  }

  /** More or fewer of the channels do not keep the loop alive. By who is inside. */
  void unreferenced(int change) {
    unreferenced += change;
  }

  /** True if some channel keeps the loop alive. By who is inside. */
  boolean hasReferenced() {
    return channels.size() > unreferenced;
  }

  /** How many channels there are, for choosing among loops. */
  int channels() {
    return channels.size();
  }

  @Override
  public IoEventLoop next() {
    return this;
  }

  @Override
  public IoEventLoopGroup parent() {
    return group;
  }

  @Override
  @Deprecated
  public ChannelFuture register(Channel channel) {
    return register(new DefaultChannelPromise(channel, this));
  }

  @Override
  @Deprecated
  public ChannelFuture register(Channel channel, ChannelPromise promise) {
    count(channel);
    channel.unsafe().register(this, promise);
    return promise;
  }

  @Override
  @Deprecated
  public ChannelFuture register(ChannelPromise promise) {
    return register(promise.channel(), promise);
  }

  @Override
  public Future<IoRegistration> register(IoHandle handle) {
    Promise<IoRegistration> promise = newPromise();
    if (seat.isInside(Thread.currentThread())) {
      register(handle, promise);
    } else {
      execute(() -> register(handle, promise));
    }
    return promise;
  }

  /** As {@link Channel.Unsafe#register}, of a listening socket. From inside. */
  void register(Channel channel, ChannelPromise promise, AcceptGate gate) {
    gateOfNext = gate;
    try {
      channel.unsafe().register(this, promise);
    } finally {
      gateOfNext = null;
    }
  }

  /** The same of a stream. From inside. */
  void register(Channel channel, ChannelPromise promise, Turns.Turn turn) {
    turnOfNext = turn;
    try {
      channel.unsafe().register(this, promise);
    } finally {
      turnOfNext = null;
    }
  }

  private void register(IoHandle handle, Promise<IoRegistration> promise) {
    if (state != State.OPEN) { // nobody would close it any more
      promise.setFailure(new RejectedExecutionException("the executor is being closed"));
      return;
    }
    IoRegistration registration;
    try {
      AcceptGate gate = gated ? gateOfNext : null;
      registration =
          handler.register(
              GuardedHandle.of(handle, new GuardedHandle.Setting(turns, gate, turnOfNext)));
      if (gate != null) {
        registration = gate.guard(registration);
      }
    } catch (Exception e) {
      promise.setFailure(e);
      return;
    }
    promise.setSuccess(registration);
  }

  @Override
  public boolean isCompatible(Class<? extends IoHandle> handleType) {
    return handler.isCompatible(handleType);
  }

  @Override
  public boolean isIoType(Class<? extends IoHandler> type) {
    return handlerType.equals(type);
  }

  // ---- the end, which is the executor's

  @Override
  public Future<?> shutdownGracefully(long quietPeriod, long timeout, TimeUnit unit) {
    return group.shutdownGracefully(quietPeriod, timeout, unit);
  }

  @Override
  @Deprecated
  public void shutdown() {
    group.shutdown();
  }

  @Override
  @Deprecated
  public List<Runnable> shutdownNow() {
    return group.shutdownNow();
  }

  @Override
  public Future<?> terminationFuture() {
    return termination;
  }

  @Override
  public boolean isShuttingDown() {
    return state != State.OPEN;
  }

  @Override
  public boolean isShutdown() {
    return state == State.CLOSED;
  }

  @Override
  public boolean isTerminated() {
    return termination.isDone();
  }

  @Override
  public boolean awaitTermination(long timeout, TimeUnit unit) throws InterruptedException {
    return termination.await(timeout, unit);
  }

  // ---- what the handler asks

  /** Adds up the time in which I/O was handled. */
  private abstract class Measuring implements IoHandlerContext {
    @Override
    public final boolean shouldReportActiveIoTime() {
      return true;
    }

    @Override
    public final void reportActiveIoTime(long nanos) {
      activeNanos += nanos;
    }
  }

  private final class NotWaiting extends Measuring {
    @Override
    public boolean canBlock() {
      return false;
    }

    @Override
    public long delayNanos(long now) {
      return 0;
    }

    @Override
    public long deadlineNanos() {
      return -1;
    }
  }

  /** For the end: waits for what the kernel reports, whatever is queued. */
  private final class Draining extends Measuring {
    private final long nanos;

    Draining(long nanos) {
      this.nanos = nanos;
    }

    @Override
    public boolean canBlock() {
      return nanos > 0;
    }

    @Override
    public long delayNanos(long now) {
      return nanos;
    }

    @Override
    public long deadlineNanos() {
      return ticker().nanoTime() + nanos;
    }
  }

  private final class Waiting extends Measuring {
    long limit = Long.MAX_VALUE;

    /** Asked again after the handler has published that it is about to block. */
    @Override
    public boolean canBlock() {
      return !woken
          && queue.isEmpty()
          && patient.isEmpty()
          && !turns.areWaiting()
          && !hasScheduledTasks();
    }

    @Override
    public long delayNanos(long now) {
      return Math.min(limit, WorkerEventLoop.this.delayNanos(now, limit));
    }

    @Override
    public long deadlineNanos() {
      long next = nextScheduledTaskDeadlineNanos();
      if (limit == Long.MAX_VALUE) {
        return next;
      }
      long now = ticker().nanoTime();
      return next == -1 || next - now > limit ? now + limit : next;
    }
  }
}
