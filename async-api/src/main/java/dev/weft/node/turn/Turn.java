package dev.weft.node.turn;

import dev.weft.frame.Carrier;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * One callback, and what Node does around it ({@code InternalCallbackScope}): when it is over the
 * queues are worked off, and what it throws goes to the hooks, or ends the loop. Confined to the
 * loop's thread, but for {@link #exitCode} and {@link #progress}.
 */
public final class Turn {
  private static final VarHandle PROGRESS;

  static {
    try {
      PROGRESS = MethodHandles.lookup().findVarHandle(Turn.class, "progress", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Carrier carrier;
  private final LoopState state;
  private final Runnable oneMoreIteration;
  private final MicrotaskQueue microtasks = new MicrotaskQueue(this);
  private final Rejections rejections = new Rejections(this);
  private final TickQueue ticks = new TickQueue(this, microtasks, rejections);
  private final ExitHooks hooks = new ExitHooks();
  private boolean handlingIo;

  /** Grows with each callback and each iteration. Opaque: its monitor compares two looks at it. */
  @SuppressWarnings("unused") // through PROGRESS
  private long progress;

  private volatile int exitCode;

  /**
   * @param carrier the loop's
   * @param oneMoreIteration keeps the loop alive until the next iteration
   */
  public Turn(Carrier carrier, LoopState state, Runnable oneMoreIteration) {
    this.carrier = carrier;
    this.state = state;
    this.oneMoreIteration = oneMoreIteration;
  }

  /** What {@code nextTick} was given. */
  public TickQueue ticks() {
    return ticks;
  }

  /** Continuations of awaits, and what {@code queueMicrotask} was given. */
  public MicrotaskQueue microtasks() {
    return microtasks;
  }

  /** Failures that nobody has heard of. */
  public Rejections rejections() {
    return rejections;
  }

  /** What the program wants to be told of. */
  public ExitHooks hooks() {
    return hooks;
  }

  // ---- callbacks

  /** Runs one callback and works the queues off. After one that threw, they wait for the next. */
  public void call(Runnable callback) {
    try {
      callback.run();
    } catch (Throwable error) {
      uncaught(error);
      return;
    } finally {
      forgetPolled();
    }
    drain();
  }

  /** To be called after each callback. False if a tick threw. */
  public boolean drain() {
    makeProgress();
    return !ticks.hasWork() || ticks.drain();
  }

  /** As {@link #drain}, ticks first: after the main script. */
  public void drainTicksFirst() {
    ticks.drainTicksFirst();
  }

  /** True if a drain would find something. */
  public boolean hasWork() {
    return ticks.hasWork();
  }

  /** What has run may have called async methods. */
  public void forgetPolled() {
    carrier.forgetPolled();
    makeProgress();
  }

  /** Whatever ran before this has not kept the loop from going on. */
  public void makeProgress() {
    PROGRESS.setOpaque(this, progress + 1);
  }

  /** Not the same after each callback. From any thread. */
  public long progress() {
    return (long) PROGRESS.getOpaque(this);
  }

  /** The handling of I/O begins or ends, as part of the poll phase. */
  public void handlingIo(boolean begins) {
    handlingIo = begins;
  }

  /** See {@link Carrier#onIoEvent}. Here the queues are worked off, as after every callback. */
  public void onIoEvent() {
    makeProgress();
    if (handlingIo && ticks.hasWork()) {
      handlingIo = false; // what runs now may cause events itself, and those are no callbacks
      drain();
      handlingIo = true;
    }
  }

  // ---- failures

  /** An exception that has left a callback. */
  public void uncaught(Throwable error) {
    makeProgress(); // a callback that throws is not always followed by a drain
    if (isExited()) {
      return; // a process that has exited has nobody to tell
    }
    int code = hooks.uncaught(error);
    if (code == 0) {
      oneMoreIteration.run(); // for the ticks that the callback has left
    } else {
      exit(code);
    }
  }

  // ---- the exit

  /** Calls the exit hooks. Nothing is run after that. */
  public void exit(int code) {
    exitCode = code;
    hooks.exit(code);
    state.stop();
  }

  /** The exit has come, however the loop came to it: nothing more is run. */
  public void stop() {
    state.stop();
  }

  /** The exit hooks were called. */
  public boolean isExited() {
    return state.isExited();
  }

  /** Nothing more is run; what is left is dropped or rejected. */
  public boolean isStopped() {
    return state.isStopped();
  }

  /** 0 until the loop has exited. From any thread. */
  public int exitCode() {
    return exitCode;
  }
}
