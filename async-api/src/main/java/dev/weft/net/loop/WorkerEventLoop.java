package dev.weft.net.loop;

import dev.weft.net.poll.Activity;
import dev.weft.net.poll.Backend;
import dev.weft.net.poll.Turns;
import dev.weft.scheduler.io.DriverSeat;
import io.netty.channel.Channel;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.netty.util.internal.PlatformDependent;
import io.netty.util.internal.ThreadExecutorMap;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;

/**
 * A Netty event loop without a thread: workers run it, one at a time, and which one may change
 * between any two polls or calls. Netty's {@code ManualIoEventLoop} fixes its thread for life; what
 * is said there about running the handler holds here. {@link OwnedEventLoop} has what Netty asks of
 * a loop that does not depend on how it runs, {@link LoopEnd} how it ends.
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
 * who blocks has taken the seat before, and looks at the queue after ({@link
 * PollContext.Waiting#canBlock}). See {@code OwnerWord}.
 */
public final class WorkerEventLoop extends OwnedEventLoop {
  /** For how long what is queued is run in one poll, and how much between two looks. Guessed. */
  private static final long TASK_NANOS = 1_000_000;

  private static final int TASKS_AT_ONCE = 16;

  private static final StackWalker STACK = StackWalker.getInstance();

  private final DriverSeat seat;
  private final Class<? extends IoHandler> handlerType;
  private final IoHandler handler;
  private final Queue<Runnable> queue = PlatformDependent.newMpscQueue();
  private final PatientTasks patient;
  private final Turns turns;
  private final Activity activity;
  private final Registrations registrations;
  private final LoopChannels channels = new LoopChannels(this);
  private final PollContext.Waiting waiting = new PollContext.Waiting(this);
  private final PollContext.NotWaiting notWaiting = new PollContext.NotWaiting(this);
  private final LoopEnd end;
  private final LoopUse use;

  /** In a poll: what is queued has its turn there. Confined to the user of the seat. */
  private boolean running;

  private long activeNanos;

  /**
   * To be called from inside.
   *
   * @param maxEvents see {@link Backend#handlers}
   * @param lightRound see {@link Turns}
   */
  WorkerEventLoop(
      IoEventLoopGroup group, DriverSeat seat, Backend backend, int maxEvents, int lightRound) {
    super(group);
    this.seat = seat;
    this.handlerType = backend.handlerType();
    this.patient = new PatientTasks(backend.heavyNanos());
    this.use = new LoopUse(channels, queue, patient);
    this.turns = new Turns(lightRound, backend.heavyNanos());
    this.activity = new Activity(seat::beginHandling);
    this.handler = backend.handlers(maxEvents).newHandler(this);
    this.registrations =
        new Registrations(this, handler, turns, activity, backend.acceptsOnItsOwn());
    this.end = new LoopEnd(this, handler, turns, channels, backend.quietNanos());
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
    if (seat.isOutermost()) {
      use.noteTimers(nextDue() != -1);
    }
    seat.leave();
  }

  private void runEarlier() {
    long start = seat.beginHandling();
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
    long nanos = System.nanoTime() - start;
    activeNanos += nanos;
    seat.discount(nanos);
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
    waiting.limit(nanos);
    int done = run(waiting);
    waiting.end(); // the worker looks at its queues next, so a wake-up lost here is not missed
    return done;
  }

  /** Ends the current wait, or else the next one. From any thread. */
  void wakeUp() {
    waiting.wakeUp();
    if (!isShutdown()) {
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
      return handled + runTimedTasks();
    } finally {
      use.noteTimers(nextDue() != -1);
      activity.end();
      seat.endHandling();
      running = false;
      ThreadExecutorMap.setCurrentExecutor(before);
    }
  }

  /** Handles what listening sockets have accepted, however much that is. */
  public void takeAccepted() {
    turns.runAccepted();
  }

  private int takeTurns() {
    long start = System.nanoTime();
    int handled = turns.run();
    activeNanos += System.nanoTime() - start;
    return handled;
  }

  /** As {@link #runTasks}, for a while. It counts as handling I/O: most of it writes. */
  private int runTimedTasks() {
    fetchFromScheduledTaskQueue(queue);
    if (queue.isEmpty() && patient.isEmpty()) {
      return 0;
    }
    activity.begin();
    long start = System.nanoTime();
    long end = start;
    int done = 0;
    // What goes on and on queueing more must not keep the loop from its sockets.
    while (end - start < TASK_NANOS) {
      int some = 0;
      for (Runnable task; some < TASKS_AT_ONCE && (task = queue.poll()) != null; some++) {
        safeExecute(task);
      }
      done += some;
      end = System.nanoTime();
      if (some < TASKS_AT_ONCE) {
        break;
      }
    }
    done += patient.run(WorkerEventLoop::safeExecute);
    activeNanos += System.nanoTime() - start;
    return done;
  }

  /** Runs what is queued or due, and some of what can wait. */
  int runTasks() {
    fetchFromScheduledTaskQueue(queue);
    int done = 0;
    for (Runnable task; (task = queue.poll()) != null; done++) {
      safeExecute(task);
    }
    return done + patient.run(WorkerEventLoop::safeExecute);
  }

  /** How long I/O was handled, in all, and what was queued. */
  long activeNanos() {
    return activeNanos;
  }

  /** See {@link #activeNanos}. */
  void addActiveNanos(long nanos) {
    activeNanos += nanos;
  }

  /** Closes every channel, runs what that queues, and releases the handler. */
  void close() {
    beginToClose();
    running = true;
    EventExecutor before = ThreadExecutorMap.setCurrentExecutor(this);
    try {
      end.closeChannels();
    } finally {
      end.destroyHandler();
      closed();
      // What is queued from here on is rejected, or was added before the state and is found now.
      while (runTasks() > 0) {
        // until no more comes
      }
      running = false;
      ThreadExecutorMap.setCurrentExecutor(before);
      terminated();
    }
  }

  // ---- what is due

  /** Asked by who is about to block, after it has said so. */
  boolean hasNothingToRun() {
    return !seat.isHandling() // so its worker counts as awake, and must not block
        && queue.isEmpty()
        && patient.isEmpty()
        && !turns.areWaiting()
        && !hasScheduledTasks();
  }

  /** Until the next timer is due; the value given if there is none. */
  long untilDue(long now, long none) {
    return delayNanos(now, none);
  }

  /** When the next timer is due, by {@link #ticker}; -1 if there is none. */
  long nextDue() {
    return nextScheduledTaskDeadlineNanos();
  }

  void cancelTimers() {
    cancelScheduledTasks();
  }

  // ---- from any thread

  @Override
  public void execute(Runnable command) {
    Objects.requireNonNull(command, "command");
    if (isShutdown()) {
      throw new RejectedExecutionException("the executor was closed");
    }
    queue.add(command);
    wakeUpIfBlocked();
  }

  /** As {@link #execute}, for what may be much at once and can wait: see {@link PatientTasks}. */
  public void executeLater(Runnable command) {
    if (isShutdown()) {
      throw new RejectedExecutionException("the executor was closed");
    }
    patient.add(command);
    wakeUpIfBlocked();
  }

  private void wakeUpIfBlocked() {
    if (!seat.isInUse()) {
      seat.wakeIfFree();
    } else if (!seat.isInside(Thread.currentThread()) && !isShutdown()) {
      handler.wakeup();
    }
  }

  @Override
  void count(Channel channel) {
    channels.add(channel);
  }

  /** A channel was closed without having been registered; then Netty tells nobody. */
  void discount(Channel channel) {
    channels.remove(channel);
  }

  /** More or fewer of the channels do not keep the loop alive. By who is inside. */
  void unreferenced(int change) {
    channels.unreferenced(change);
  }

  /** True if some channel keeps the loop alive. By who is inside. */
  boolean hasReferenced() {
    return channels.hasReferenced();
  }

  /** See {@link DriverSeat#isReserve}. */
  public boolean isReserve() {
    return seat.isReserve();
  }

  /** How many channels there are. */
  public int channels() {
    return channels.size();
  }

  /** See {@link dev.weft.scheduler.io.Driver#isUnused}. */
  boolean isUnused() {
    return use.isNone();
  }

  /** Of those, how many have had something to do of late. From any thread. */
  int activeChannels(long now) {
    return Math.min(channels.size(), activity.active(now));
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

  /** How channels of a kind of their own are registered. From inside. */
  Registrations registrations() {
    return registrations;
  }

  private void register(IoHandle handle, Promise<IoRegistration> promise) {
    if (isShuttingDown()) { // nobody would close it any more
      promise.setFailure(new RejectedExecutionException("the executor is being closed"));
      return;
    }
    IoRegistration registration;
    try {
      registration = registrations.register(handle);
      use.noteHandle(handle);
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
}
