package dev.weft.io;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.handoff.HandOff;
import dev.weft.stream.AsyncStream;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * A stream of what calls bring that block: one call at a time, made only when the consumer waits
 * and nothing is left of the call before.
 *
 * <p>Who waits for an element does not wait for the call: it stands in a queue, and what the call
 * brings goes there. So a consumer that is cancelled goes on at once, however long the call blocks,
 * and what that brings is the next element. Closing interrupts the call, and ends when it has
 * returned and the source is closed.
 *
 * <pre>
 *   consumer            onWaiting: begins a call, if none is under way
 *   thread of the call  read: opens the source first; at the end, and after a failure, closes it
 *   when it has ended   arrived: fills the queue, and begins another call if somebody waits still
 * </pre>
 *
 * Who closes sees either that a call is under way, which then closes the source when it is back, or
 * that none is, and closes it itself: {@link #busy} and {@link #closed} are under the lock.
 */
final class BlockingStream<T> implements AsyncStream<T> {
  /** What is read. Used by one thread at a time; each sees what the one before has done. */
  interface Source<T> {
    /** Blocks for the next elements; null after the last ones. */
    @Nullable List<T> read() throws Exception;

    /** Once. */
    void close() throws IOException;

    /**
     * True if it is to be closed while a call is in {@link #read}: for one that no interrupt ends.
     */
    default boolean closesWhileReading() {
      return false;
    }
  }

  /** Makes the source, when the first element is asked for. */
  interface Opening<T> {
    Source<T> open() throws Exception;
  }

  /** On which threads to block. */
  interface Threads {
    <R> Task<R> run(Callable<R> call);
  }

  /** What one call has come to. */
  private record Batch<T>(@Nullable List<T> elements, @Nullable Throwable error) {}

  private final Opening<T> opening;
  private final Threads threads;
  private final Queue queue = new Queue();
  private final AtomicBoolean reading = new AtomicBoolean();
  private final Task<@Nullable Void> closing = new Closing();

  /** The call that is under way, or was the last one. */
  private volatile @Nullable Task<?> call;

  /** Nothing is to be read any more. */
  private volatile boolean ended;

  // ---- guarded by this

  private @Nullable Source<T> source;
  private boolean busy;
  private boolean closed;

  private BlockingStream(Opening<T> opening, Threads threads) {
    this.opening = opening;
    this.threads = threads;
  }

  /** One whose calls are made on the blocking threads of whose who ask. */
  static <T> AsyncStream<T> of(Opening<T> opening) {
    return on(
            new Threads() {
              @Override
              public <R> Task<R> run(Callable<R> call) {
                return AsyncExecutor.currentOrShared().spawnBlocking(call);
              }
            },
            opening)
        .asStream();
  }

  static <T> BlockingStream<T> on(Threads threads, Opening<T> opening) {
    return new BlockingStream<>(opening, threads);
  }

  /** The stream for programs: an operator adds what the contract says of failures and closing. */
  AsyncStream<T> asStream() {
    return map(element -> element);
  }

  // ---- the consumer

  @Override
  public Task<@Nullable T> next() {
    return queue.take();
  }

  private void begin() {
    if (ended || !reading.compareAndSet(false, true)) {
      return;
    }
    Task<Batch<T>> begun = threads.run(this::read);
    call = begun;
    if (isClosed()) {
      begun.cancel(true);
    }
    begun.whenComplete(this::arrived);
  }

  private void arrived(@Nullable Batch<T> batch, @Nullable Throwable error) {
    Throwable failure = batch == null ? error : batch.error();
    List<T> elements = batch == null ? null : batch.elements();
    if (!ended) {
      if (elements != null) {
        elements.forEach(queue::put);
      } else {
        end(failure instanceof CompletionException wrapped ? wrapped.getCause() : failure);
      }
    }
    reading.set(false);
    if (queue.isAwaited()) {
      begin();
    }
  }

  private void end(@Nullable Throwable failure) {
    ended = true;
    queue.end(() -> failure);
  }

  /** Ends the stream, though a call may yet bring something, and closes the source. */
  void endNow() {
    end(null);
    closeAsync();
  }

  // ---- the thread of the call

  private Batch<T> read() {
    Source<T> from;
    synchronized (this) {
      if (closed) {
        return new Batch<>(null, null);
      }
      busy = true;
      from = source;
    }
    Batch<T> batch = read(from);
    boolean isLast;
    synchronized (this) {
      busy = false;
      isLast = closed;
    }
    if (isLast) {
      finish();
    } else if (batch.elements() == null) {
      try {
        closeSource();
      } catch (IOException error) {
        return new Batch<>(null, batch.error() == null ? error : batch.error());
      }
    }
    return batch;
  }

  private Batch<T> read(@Nullable Source<T> opened) {
    try {
      Source<T> from = opened;
      if (from == null) {
        from = opening.open();
        synchronized (this) {
          source = from;
        }
      }
      List<T> elements = from.read();
      while (elements != null && elements.isEmpty()) {
        elements = from.read();
      }
      return new Batch<>(elements, null);
    } catch (Throwable error) {
      return new Batch<>(null, error);
    }
  }

  private void closeSource() throws IOException {
    Source<T> open;
    synchronized (this) {
      open = source;
      source = null;
    }
    if (open != null) {
      open.close();
    }
  }

  // ---- closing

  private synchronized boolean isClosed() {
    return closed;
  }

  @Override
  public Task<@Nullable Void> closeAsync() {
    boolean isUnderWay;
    synchronized (this) {
      if (closed) {
        return closing;
      }
      closed = true;
      isUnderWay = busy && (source == null || !source.closesWhileReading());
    }
    ended = true;
    queue.close(() -> null);
    if (!isUnderWay) {
      finish();
    }
    Task<?> begun = call;
    if (begun != null) {
      begun.cancel(true);
    }
    return closing;
  }

  private void finish() {
    try {
      closeSource();
      closing.complete(null);
    } catch (Throwable error) {
      closing.completeExceptionally(error);
    }
  }

  /** What was read and not taken. */
  private final class Queue extends HandOff<T> {
    Queue() {
      super(Integer.MAX_VALUE);
    }

    @Override
    protected int weigh(T element) {
      return 1;
    }

    @Override
    protected void discard(T element) {}

    @Override
    protected void onFullChanged() {}

    @Override
    protected void onWaiting() {
      begin();
    }

    @Override
    protected String wanted() {
      return "an element of a blocking stream";
    }

    @Override
    protected String busy() {
      return "a stream has one consumer at a time, and another one waits for the next element";
    }
  }

  /** Nobody can cancel a clean-up. */
  private static final class Closing extends Task<@Nullable Void> {
    @Override
    protected boolean stop() {
      return true;
    }
  }
}
