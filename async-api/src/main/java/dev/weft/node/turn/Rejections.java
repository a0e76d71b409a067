package dev.weft.node.turn;

import dev.weft.Task;
import dev.weft.log.LimitedLog;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Failed tasks that nobody waits for: Node's unhandled rejections, in its default mode. They are
 * reported once ticks and microtasks are drained, so whoever awaits the task before that has heard
 * of the failure; who does it later is reported as well. Confined to the loop's thread.
 */
public final class Rejections {
  private static final LimitedLog log = LimitedLog.of(LoggerFactory.getLogger(Rejections.class));

  private final Turn turn;

  private record Failure(CompletableFuture<?> task, Throwable reason) {}

  /** Failed since the last report, in order, by task; tasks compare by identity. */
  private Map<Object, Failure> pending = new LinkedHashMap<>();

  /** Reported, and not heard of since. Weak: most of them are garbage already. */
  private final Map<Object, Boolean> reported = new WeakHashMap<>();

  private final List<CompletableFuture<?>> heardLate = new ArrayList<>();

  /** Node's {@code kHasRejectionToWarn}: something was entered since the last drain. */
  private boolean work;

  private @Nullable BiConsumer<? super Throwable, ? super CompletableFuture<?>> unhandled;
  private @Nullable Consumer<? super CompletableFuture<?>> handledLate;

  Rejections(Turn turn) {
    this.turn = turn;
  }

  /** Sets what gets them; without it they are uncaught exceptions. */
  public void onUnhandled(BiConsumer<? super Throwable, ? super CompletableFuture<?>> handler) {
    unhandled = handler;
  }

  /** Sets what is told if somebody waits for such a task after all. */
  public void onHandledLate(Consumer<? super CompletableFuture<?>> handler) {
    handledLate = handler;
  }

  boolean hasWork() {
    return work;
  }

  void reset() {
    work = false;
  }

  /** A task has failed, and nobody waits for it so far. */
  public void failed(Task<?> task, Throwable error) {
    Throwable cause = error instanceof CompletionException ? error.getCause() : null;
    pending.put(task, new Failure(task, cause != null ? cause : error)); // as an await throws it
    work = true;
  }

  /** Somebody waits for a task that has failed. */
  public void heard(CompletableFuture<?> task) {
    Object key = task; // by identity, which is all the equality that futures have
    if (pending.remove(key) == null && reported.remove(key) != null) {
      heardLate.add(task);
      work = true;
    }
  }

  /**
   * Reports.
   *
   * @return true if handlers ran, which may have queued something
   */
  boolean report() {
    boolean ran = !heardLate.isEmpty();
    List<CompletableFuture<?>> late = List.copyOf(heardLate);
    heardLate.clear();
    for (CompletableFuture<?> task : late) {
      reportLate(task);
    }
    Map<Object, Failure> failures = pending;
    pending = new LinkedHashMap<>();
    for (Failure failure : failures.values()) {
      if (turn.isStopped()) {
        return false;
      }
      ran = true;
      reported.put(failure.task, true);
      reportUnhandled(failure.task, failure.reason);
    }
    return ran || !pending.isEmpty();
  }

  private void reportLate(CompletableFuture<?> task) {
    if (handledLate == null) {
      log.warn("A failure that was reported as unhandled was handled after all: {}", task);
      return;
    }
    try {
      handledLate.accept(task);
    } catch (Throwable error) {
      turn.uncaught(error);
    } finally {
      turn.makeProgress();
    }
  }

  private void reportUnhandled(CompletableFuture<?> task, Throwable reason) {
    if (unhandled == null) {
      turn.uncaught(reason);
      return;
    }
    try {
      unhandled.accept(reason, task);
    } catch (Throwable error) {
      turn.uncaught(error);
    } finally {
      turn.makeProgress();
    }
  }
}
