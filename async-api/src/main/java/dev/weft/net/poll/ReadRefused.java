package dev.weft.net.poll;

/**
 * Says to Netty that a connection must not read now, in place of the receive buffer that it asks
 * for. Flow control, so it has no trace.
 *
 * <p>Netty stops reading when auto-read is off, with one exception: with epoll, once the peer has
 * hung up, it reads to the end of the stream at once, which may be megabytes out of the kernel's
 * buffer, however full the inbox is. The only way to make it stop is to refuse the buffer. It then
 * reports this to the pipeline, drops its interest in input, and reads on when auto-read is
 * switched on again.
 */
public final class ReadRefused extends RuntimeException {
  /** The only one. */
  @SuppressWarnings("StaticAssignmentOfThrowable") // it has no trace that could mislead
  public static final ReadRefused INSTANCE = new ReadRefused();

  private static final long serialVersionUID = 1;

  private ReadRefused() {
    super("the connection must not read now", null, false, false);
  }
}
