package dev.weft.net.address;

import java.net.SocketException;

/**
 * The peer has reset the connection, by a crash, say, or a network that lost it. Without a stack
 * trace, which would be that of a loop and say nothing of who was reading or writing: thousands of
 * peers may do this at once, and as long as what they were connected to is garbage that was not
 * collected yet, each would keep 2 KB of traces with it.
 */
final class ConnectionResetException extends SocketException {
  private static final long serialVersionUID = 1;

  ConnectionResetException(String message) {
    super(message);
  }

  @Override
  public Throwable fillInStackTrace() {
    return this;
  }
}
