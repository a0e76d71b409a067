package dev.weft.net;

import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** A connection that is being made. */
final class Connecting extends Opening<TcpStream> {
  private final TcpOptions options;

  /**
   * Set on the loop's thread before it looks whether it is cancelled; a canceller does the reverse.
   */
  private volatile @Nullable TcpStream stream;

  Connecting(TcpOptions options) {
    this.options = options;
  }

  @Override
  void open(SocketDriver driver, InetSocketAddress address) {
    SocketChannel channel = driver.transport().newSocket();
    TcpStream opening = new TcpStream(driver, channel, address, options);
    channel
        .config()
        .setConnectTimeoutMillis(
            Math.max(1, (int) options.connectTimeout().toMillis())); // 0 is Netty's "no limit"
    driver.register(channel);
    stream = opening;
    if (isDone()) {
      opening.close();
      return;
    }
    channel.connect(address).addListener(connected -> finish(connected, opening));
  }

  private void finish(Future<?> connected, TcpStream opened) {
    if (connected.isSuccess()) {
      deliver(opened);
    } else {
      opened.close();
      completeExceptionally(SocketErrors.connectFailed(opened.toString(), connected.cause()));
    }
  }

  @Override
  void discard(TcpStream opened) {
    opened.close();
  }

  /** Gives the attempt up. */
  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean cancelled = super.cancel(mayInterruptIfRunning);
    TcpStream opening = stream;
    if (cancelled && opening != null) {
      opening.close();
    }
    return cancelled;
  }
}
