package dev.weft.net;

import io.netty.channel.Channel;
import java.util.concurrent.RejectedExecutionException;

/**
 * Whether a socket keeps the event loop of a {@code NodeExecutor} from ending, as it does at first:
 * Node's {@code socket.ref()} and {@code unref()}.
 */
final class LoopReference {
  private final SocketDriver driver;
  private volatile boolean wanted = true;

  // Confined to the loop's thread.
  private boolean given = true;
  private boolean closed;

  /**
   * @param channel which was {@linkplain WorkerEventLoop#count counted} before
   */
  LoopReference(SocketDriver driver, Channel channel) {
    this.driver = driver;
    channel.closeFuture().addListener(done -> end());
  }

  /** Gives or takes the reference. From any thread, soon; the last call counts. */
  void set(boolean on) {
    wanted = on;
    try {
      driver.execute(this::apply); // which wakes the loop, so that it looks whether it is to end
    } catch (RejectedExecutionException loopHasEnded) {
      // and needs no reference
    }
  }

  private void apply() {
    if (!closed && given != wanted) {
      given = wanted;
      driver.loop().unreferenced(given ? -1 : 1);
    }
  }

  private void end() {
    closed = true;
    if (!given) {
      driver.loop().unreferenced(-1);
    }
  }
}
