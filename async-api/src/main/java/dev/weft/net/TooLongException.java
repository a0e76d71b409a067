package dev.weft.net;

import java.io.IOException;

/**
 * A peer has sent more than a reader allows: a line, or what comes before a delimiter, or the
 * whole. Nothing was taken; who wants to go on skips it, and most close the stream.
 *
 * <p>Without a stack trace: peers can cause it in thousands, and the message says all.
 *
 * <pre>{@code
 * try {
 *   String line = await(socket.readLine(1024), TooLongException.class);
 *   await(socket.writeAll(line + "\n"));
 * } catch (TooLongException e) {
 *   await(socket.writeAll("500 line too long\n"));
 * }
 * }</pre>
 */
public final class TooLongException extends IOException {
  private static final long serialVersionUID = 1;

  TooLongException(String message) {
    super(message);
  }

  /** None. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
