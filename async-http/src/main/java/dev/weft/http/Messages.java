package dev.weft.http;

import dev.weft.Task;
import org.jspecify.annotations.Nullable;

/** What requests come from and answers go to: a connection of HTTP/1.1, or a stream of HTTP/2. */
interface Messages {
  /** The next one of Netty's HTTP objects; null at the end. One at a time. */
  Task<@Nullable Object> read();

  /** Takes an HTTP object over; complete when the next one may come. */
  Task<@Nullable Void> write(Object message);

  /**
   * The same with the last of an answer. Does not wait for what would have to be waited for before
   * the next answer only.
   */
  default Task<@Nullable Void> writeLast(Object message) {
    return write(message);
  }

  /** Gives up, so that the client sees that it has not got all. From any thread. */
  void reset();
}
