package dev.weft.stream;

import dev.weft.Task;
import dev.weft.frame.Await;
import dev.weft.frame.Carrier;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Blocks a plain thread for each element. */
final class BlockingIterator<T> implements Iterator<T> {
  private final AsyncStream<T> stream;
  private @Nullable T element;
  private boolean ended;

  BlockingIterator(AsyncStream<T> stream) {
    this.stream = stream;
  }

  @Override
  public boolean hasNext() {
    if (element == null && !ended) {
      element = fetch();
      ended = element == null;
    }
    return element != null;
  }

  @Override
  public T next() {
    if (!hasNext() || element == null) {
      throw new NoSuchElementException();
    }
    T next = element;
    element = null;
    return next;
  }

  private @Nullable T fetch() {
    refuseOnCarrier();
    Task<@Nullable T> next = stream.next();
    try {
      return next.isFinished() ? Await.take(next) : next.get();
    } catch (InterruptedException interrupted) {
      next.cancel(true);
      Thread.currentThread().interrupt();
      CancellationException cancelled = new CancellationException("interrupted");
      cancelled.initCause(interrupted);
      throw cancelled;
    } catch (ExecutionException failed) {
      throw unchecked(failed.getCause() == null ? failed : failed.getCause());
    } catch (Exception failed) { // of the ready path, undeclared
      throw unchecked(failed);
    }
  }

  private static RuntimeException unchecked(Throwable error) {
    if (error instanceof Error fatal) {
      throw fatal;
    }
    return error instanceof RuntimeException runtime ? runtime : new CompletionException(error);
  }

  static void refuseOnCarrier() {
    Carrier carrier = Carrier.current();
    if (carrier != null && !carrier.mayBlock()) {
      throw new IllegalStateException(
          "toStream() blocks for each element, and this is the executor thread "
              + Thread.currentThread().getName()
              + ": it could wait forever for itself. Await next() instead, or call from"
              + " spawnBlocking.");
    }
  }
}
