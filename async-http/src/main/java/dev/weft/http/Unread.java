package dev.weft.http;

import dev.weft.Async;
import dev.weft.Task;
import io.netty.handler.codec.http.HttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What has come of a stream of HTTP/2 and was not read: as much as its window lets in, and then the
 * end. Room for more is given when something is taken, and at once for what a reader waits for.
 */
final class Unread {
  private final IntConsumer onTaken;

  /** Guarded by this; null until something has to wait. */
  private @Nullable Queue<Object> kept;

  /** Who waits. Guarded by this. */
  private @Nullable Task<@Nullable Object> reader;

  /** Guarded by this. */
  private boolean ended;

  /**
   * @param onTaken told how many bytes were kept and now are not; by the reader
   */
  Unread(IntConsumer onTaken) {
    this.onTaken = onTaken;
  }

  /**
   * The next message; null at the end. Fails with {@link IllegalStateException} if another reader
   * still waits.
   */
  Task<@Nullable Object> next() {
    Object first;
    synchronized (this) {
      first = kept == null ? null : kept.poll();
      if (first == null) {
        if (ended) {
          return Async.done(null);
        }
        Task<@Nullable Object> waiting = new Task<>();
        if (reader != null && !reader.isDone()) {
          waiting.completeExceptionally(
              new IllegalStateException("read() while another read waits; await that one first"));
        } else {
          reader = waiting;
        }
        return waiting;
      }
    }
    if (first instanceof HttpContent content && content.content().isReadable()) {
      onTaken.accept(content.content().readableBytes());
    }
    return Async.done(first);
  }

  /**
   * Takes a message over. A reader that was cancelled does not get it; the next one does.
   *
   * @return false if it is kept
   */
  boolean add(Object message) {
    while (true) {
      Task<@Nullable Object> waiting;
      synchronized (this) {
        if (ended) {
          break;
        }
        waiting = reader;
        reader = null;
        if (waiting == null) {
          if (kept == null) {
            kept = new ArrayDeque<>(4);
          }
          kept.add(message);
          return false;
        }
      }
      if (waiting.complete(message)) {
        return true;
      }
    }
    ReferenceCountUtil.release(message);
    return true;
  }

  /** Nothing more comes; what is kept can still be read. */
  void end() {
    Task<@Nullable Object> waiting;
    synchronized (this) {
      ended = true;
      waiting = reader;
      reader = null;
    }
    if (waiting != null) {
      waiting.complete(null);
    }
  }

  /** Nobody wants it. */
  void close() {
    end();
    Queue<Object> left;
    synchronized (this) {
      left = kept;
      kept = null;
    }
    if (left != null) {
      left.forEach(ReferenceCountUtil::release);
    }
  }
}
