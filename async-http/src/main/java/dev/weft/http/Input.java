package dev.weft.http;

import dev.weft.Async;
import io.netty.util.ReferenceCountUtil;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * What comes in, read one message ahead while a handler runs: that is how it is seen that the
 * client has gone. Go's server does the same once it has the body; here it begins with the handler,
 * as a client that goes in the middle of an upload has gone, too. What is not seen is the end
 * behind messages that nobody reads, but with HTTP/2, where it is told apart: {@link #onGone}.
 */
final class Input {
  private final Messages messages;

  /** Read and not taken. Guarded by this. */
  private @Nullable CompletableFuture<@Nullable Object> ahead;

  /** The last one that was handed out; somebody may still wait for it. Guarded by this. */
  private @Nullable CompletableFuture<@Nullable Object> handedOut;

  /** Is told of the end. Guarded by this. */
  private @Nullable Runnable onEnd;

  /** The client has gone, whatever was not read. Guarded by this. */
  private boolean gone;

  /**
   * Nobody reads any more. Guarded by this: an executor that closes ends a task while a worker is
   * still in the middle of it.
   */
  private boolean closed;

  Input(Messages messages) {
    this.messages = messages;
  }

  /** The next message, for the one who reads. */
  synchronized CompletableFuture<@Nullable Object> next() {
    CompletableFuture<@Nullable Object> first = ahead;
    ahead = null;
    if (first == null) {
      first = closed ? Async.done(null) : messages.read();
    }
    handedOut = first;
    return first;
  }

  /** From here on, until {@link #unwatch}, the end is noticed without anybody reading. */
  void watch(Runnable toTell) {
    boolean late;
    synchronized (this) {
      onEnd = toTell;
      late = gone;
    }
    if (late) {
      tell();
    } else {
      lookAhead();
    }
  }

  /** The client has gone, and that is known before what it has sent is read. From any thread. */
  void onGone() {
    synchronized (this) {
      gone = true;
    }
    tell();
  }

  /** Of the watched input, a message was taken, or is waited for. */
  void lookAhead() {
    CompletableFuture<@Nullable Object> started;
    synchronized (this) {
      if (onEnd == null || ahead != null || closed) {
        return;
      }
      started = handedOut;
      if (started == null || started.isDone()) {
        started = messages.read();
        ahead = started;
      }
    }
    // Outside the lock, as it may run at once. A message that has come is left where it is.
    started.whenComplete(
        (message, error) -> {
          if (message == null && !(error instanceof CancellationException)) {
            tell();
          }
        });
  }

  synchronized void unwatch() {
    onEnd = null;
  }

  /** Who has asked for a message and still waits does not get it. */
  void takeBack() {
    CompletableFuture<@Nullable Object> asked;
    synchronized (this) {
      asked = handedOut;
      handedOut = null;
    }
    if (asked != null && !asked.isDone()) {
      asked.cancel(false);
    }
  }

  private void tell() {
    Runnable toTell;
    synchronized (this) {
      toTell = onEnd;
    }
    if (toTell != null) {
      toTell.run();
    }
  }

  /** Nobody reads any more. */
  void close() {
    CompletableFuture<@Nullable Object> left;
    synchronized (this) {
      closed = true;
      onEnd = null;
      left = ahead;
      ahead = null;
    }
    if (left != null && !left.cancel(false)) {
      left.thenAccept(ReferenceCountUtil::release);
    }
  }
}
