package dev.weft.perf.load;

import java.io.IOException;

/**
 * Is told when the time that a load measures begins and ends, on the thread that waits for it. A
 * counter that has to be attached to the server is attached here, when the server is warm.
 */
public interface Window {
  /** Before the first look; what is measured begins when this has returned. */
  void begins() throws IOException, InterruptedException;

  /** After the last look, while the load still goes on. */
  void ends() throws IOException, InterruptedException;
}
