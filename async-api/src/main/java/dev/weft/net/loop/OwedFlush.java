package dev.weft.net.loop;

/**
 * Who has written to a connection and not flushed that: see {@link SocketDriver#flushLater}. A
 * class and not an interface, and extended twice, so that the JVM calls the one there is where an
 * application has only streams or only sockets for datagrams.
 */
public abstract class OwedFlush {
  /** Flushes what was written, as was promised to the driver. On the loop. */
  protected abstract void flushListed();
}
