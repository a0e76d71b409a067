package dev.weft.net.poll;

/**
 * A stream that takes its input from the kernel by itself where nothing stands between the two. A
 * message touches fewer objects so than on its way through Netty's read loop and pipeline, and with
 * thousands of connections none of those is in the processor's nearest cache.
 */
public interface DirectInput {
  /**
   * There is input, and nothing else to tell of. On the loop.
   *
   * @return true if what has happened was dealt with; false if Netty is to go on, as there may be
   *     more, or it is not plain input
   */
  boolean receive();
}
