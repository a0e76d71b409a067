package dev.weft.http;

import io.netty.channel.Channel;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Flushes what the streams of a connection have written, once for all that do so at about the same
 * time: a system call for each answer would cost more than all else of it.
 *
 * <pre>
 *   stream: queues its write for the loop;  asks, unless somebody has asked and was not heard yet
 *   loop:   hears it;  queues the flush, behind all writes of those who did not ask
 * </pre>
 */
final class ConnectionFlushes {
  private final Channel connection;
  private final AtomicBoolean asked = new AtomicBoolean();

  ConnectionFlushes(Channel connection) {
    this.connection = connection;
  }

  /** What the caller has written is flushed in a moment. From any thread. */
  void flushSoon() {
    if (!asked.get() && asked.compareAndSet(false, true)) {
      onLoop(this::onAsked);
    }
  }

  private void onAsked() {
    asked.set(false);
    onLoop(connection::flush);
  }

  private void onLoop(Runnable action) {
    try {
      connection.eventLoop().execute(action);
    } catch (RejectedExecutionException closed) {
      // with the executor, and what was written has failed
    }
  }
}
