package dev.weft.net.loop;

import io.netty.channel.Channel;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.DuplexChannel;
import io.netty.channel.socket.ServerSocketChannel;
import java.util.concurrent.RejectedExecutionException;

/**
 * Whether a socket keeps the event loop of a {@code NodeExecutor} from ending, as it does at first:
 * Node's {@code socket.ref()} and {@code unref()}.
 */
public final class LoopReference {
  private final SocketDriver driver;
  private volatile boolean wanted = true;

  // Confined to the loop's thread.
  private boolean given = true;
  private boolean closed;

  /** The same for a listening one. */
  public static LoopReference to(SocketDriver driver, ServerSocketChannel channel) {
    return new LoopReference(driver, channel);
  }

  private LoopReference(SocketDriver driver, Channel channel) {
    driver.loop().count(channel); // now, so that the next one goes elsewhere
    this.driver = driver;
    channel.closeFuture().addListener(done -> end());
  }

  /** Counts a channel that is not registered yet. */
  public static LoopReference to(SocketDriver driver, DuplexChannel channel) {
    return new LoopReference(driver, channel);
  }

  /**
   * The same for a listening one; not one method for both, as without Netty the verifier could not
   * tell that these are channels.
   */
  public static LoopReference to(SocketDriver driver, ServerChannel channel) {
    return new LoopReference(driver, channel);
  }

  /** The same for one for datagrams. */
  public static LoopReference to(SocketDriver driver, DatagramChannel channel) {
    return new LoopReference(driver, channel);
  }

  /** Gives or takes the reference. From any thread, soon; the last call counts. */
  public void set(boolean on) {
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
