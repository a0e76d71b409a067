package dev.weft.net.loop;

/**
 * Who has written to a connection and not flushed that: see {@link SocketDriver#flushLater}. A
 * class and not an interface, and extended twice, so that the JVM calls the one there is where an
 * application has only streams or only sockets for datagrams.
 */
public abstract class OwedFlush {
  /** Whether something was written and not flushed. Confined to the loop. */
  protected boolean dirty;

  /** Whether the driver flushes it before the next poll. The driver's. */
  boolean listed;

  /** Flushes what was written, if anything was. On the loop. */
  protected abstract void flush();
}
