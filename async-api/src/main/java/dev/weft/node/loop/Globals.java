package dev.weft.node.loop;

import dev.weft.frame.LocalContext;
import dev.weft.node.Immediate;
import dev.weft.node.LoopDelay;
import dev.weft.node.Timeout;
import dev.weft.node.host.LoopThread;
import dev.weft.node.phase.Phases;
import dev.weft.node.timer.DelayHistogram;
import dev.weft.node.timer.LoopTime;
import dev.weft.node.timer.TimersPhase;
import dev.weft.node.turn.ExitHooks;
import dev.weft.node.turn.Turn;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * What Node offers to a program: its globals, {@code process.on(..)} and what measures the loop.
 * {@link dev.weft.NodeExecutor} says what each does. All throw {@link IllegalStateException} on
 * another thread than the loop's.
 */
public final class Globals {
  private final LoopThread thread;
  private final Turn turn;
  private final Phases phases;
  private final LoopTime time;

  Globals(LoopThread thread, Turn turn, Phases phases, LoopTime time) {
    this.thread = thread;
    this.turn = turn;
    this.phases = phases;
    this.time = time;
  }

  /** Before everything else. */
  public void nextTick(Runnable callback) {
    thread.check();
    turn.ticks().add(LocalContext.bind(callback));
  }

  /** After those that are queued. */
  public void queueMicrotask(Runnable callback) {
    thread.check();
    turn.microtasks().add(LocalContext.bind(callback));
  }

  /** In the timers phase. */
  public Timeout setTimeout(Runnable callback, double millis, boolean repeats) {
    thread.check();
    return phases
        .timers()
        .start(LocalContext.bind(callback), TimersPhase.duration(millis), repeats);
  }

  /** In the check phase. */
  public Immediate setImmediate(Runnable callback) {
    thread.check();
    return phases.check().add(LocalContext.bind(callback));
  }

  /** What the program wants to be told of. */
  public ExitHooks hooks() {
    thread.check();
    return turn.hooks();
  }

  /** What gets the failures that nobody hears of. */
  public void onUnhandledRejection(
      BiConsumer<? super Throwable, ? super CompletableFuture<?>> handler) {
    thread.check();
    turn.rejections().onUnhandled(handler);
  }

  /** What is told if somebody does after all. */
  public void onRejectionHandled(Consumer<? super CompletableFuture<?>> handler) {
    thread.check();
    turn.rejections().onHandledLate(handler);
  }

  /** Begins to measure how late the loop is. */
  public LoopDelay monitorDelay(int resolutionMillis) {
    thread.check();
    return new DelayHistogram(phases.timers(), time, resolutionMillis);
  }
}
