package dev.weft.weaver.corpus;

import dev.weft.Task;
import dev.weft.frame.AwaitedFuture;
import dev.weft.frame.Awaiter;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/**
 * Where a shape gets its futures from, and where it leaves its trace. The futures are ready or
 * complete later as {@link Readiness} says; a deferred one is completed only once somebody waits
 * for it, so that the shape is certain to suspend there.
 *
 * <p>The shape calls this from one thread at a time. {@link #completeAwaited} is called by the
 * driver's thread.
 */
public final class Source {
  private static final VarHandle WAITER;

  static {
    try {
      MethodHandles.Lookup inTask =
          MethodHandles.privateLookupIn(AwaitedFuture.class, MethodHandles.lookup());
      WAITER = inTask.findVarHandle(AwaitedFuture.class, "waiter", Awaiter.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Readiness readiness;
  private final int failing;
  private final ConcurrentLinkedQueue<Deferred> pending = new ConcurrentLinkedQueue<>();
  private final List<String> trace = new ArrayList<>();
  private volatile int created;
  private volatile int suspensions;

  /**
   * @param failing the number, from 1, of the future that is to fail instead of succeed; 0 for none
   */
  Source(Readiness readiness, int failing) {
    this.readiness = readiness;
    this.failing = failing;
  }

  private record Deferred(CompletableFuture<?> future, Runnable completion) {
    boolean isAwaited() {
      return future.getNumberOfDependents() > 0
          || (future instanceof Task<?> task && WAITER.getVolatile(task) != null);
    }
  }

  // ---- what shapes call

  /** A future of the value. */
  public <T extends @Nullable Object> CompletableFuture<T> of(T value) {
    int index = nextIndex();
    return readiness.isTask(index) ? make(index, new Task<>(), value) : plain(index, value);
  }

  /** A future of the value that is never a Weft task. */
  public <T extends @Nullable Object> CompletableFuture<T> plain(T value) {
    return plain(nextIndex(), value);
  }

  /** A Weft task of the value. */
  public <T extends @Nullable Object> Task<T> task(T value) {
    return make(nextIndex(), new Task<>(), value);
  }

  /** A stage of the value that is not a {@code CompletableFuture}. */
  public <T extends @Nullable Object> CompletionStage<T> stage(T value) {
    return plain(nextIndex(), value).minimalCompletionStage();
  }

  /** A future that fails. */
  public <T extends @Nullable Object> CompletableFuture<T> fail(Throwable error) {
    int index = nextIndex();
    CompletableFuture<T> future =
        readiness.isTask(index) ? new Task<>() : new CompletableFuture<>();
    completeNowOrLater(index, future, () -> future.completeExceptionally(error));
    return future;
  }

  /** A future that is cancelled. */
  public <T extends @Nullable Object> CompletableFuture<T> cancelled() {
    int index = nextIndex();
    CompletableFuture<T> future =
        readiness.isTask(index) ? new Task<>() : new CompletableFuture<>();
    completeNowOrLater(index, future, () -> future.cancel(false));
    return future;
  }

  /** Adds to the trace, and answers the value, so that it can stand inside an expression. */
  public <T extends @Nullable Object> T log(T value) {
    trace.add(String.valueOf(value));
    return value;
  }

  // ---- what the driver calls

  /** Completes the deferred futures that somebody waits for; false if there was none. */
  boolean completeAwaited() {
    boolean any = false;
    for (Iterator<Deferred> deferred = pending.iterator(); deferred.hasNext(); ) {
      Deferred next = deferred.next();
      if (next.isAwaited()) {
        deferred.remove();
        suspensions++; // by the driver's thread alone
        next.completion.run();
        any = true;
      }
    }
    return any;
  }

  /** How many futures the shape asked for. */
  int created() {
    return created;
  }

  /** How many of them completed while somebody waited for them. */
  int suspensions() {
    return suspensions;
  }

  /** What the shape logged. To be read when the shape has ended. */
  List<String> trace() {
    return trace;
  }

  private int nextIndex() {
    return ++created;
  }

  private <T extends @Nullable Object> CompletableFuture<T> plain(int index, T value) {
    return make(index, new CompletableFuture<>(), value);
  }

  private <T extends @Nullable Object, F extends CompletableFuture<T>> F make(
      int index, F future, T value) {
    completeNowOrLater(
        index,
        future,
        index == failing
            ? () -> future.completeExceptionally(fault(index))
            : () -> future.complete(value));
    return future;
  }

  private void completeNowOrLater(int index, CompletableFuture<?> future, Runnable completion) {
    if (readiness.isReady(index)) {
      completion.run();
    } else {
      pending.add(new Deferred(future, completion));
    }
  }

  /** An unchecked exception, a checked one or an error in turn. */
  private static Throwable fault(int index) {
    String message = "fault " + index;
    return switch (index % 3) {
      case 0 -> new AssertionError(message);
      case 1 -> new IllegalArgumentException(message);
      default -> new IOException(message);
    };
  }
}
