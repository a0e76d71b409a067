package dev.weft.net;

import dev.weft.net.address.SocketErrors;
import dev.weft.net.loop.SocketDriver;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Breaks an accepted connection off whose peer has not become welcome in time: see {@link
 * TcpOptions#handshakeTimeout}. All but the constructor runs on the loop's thread.
 */
final class HandshakeTimer implements Runnable {
  private final ByteStream stream;
  private final SocketDriver driver;
  private final Duration timeout;
  private @Nullable Future<?> scheduled;
  private boolean over;

  HandshakeTimer(ByteStream stream, SocketDriver driver, Duration timeout) {
    this.stream = stream;
    this.driver = driver;
    this.timeout = timeout;
  }

  void start() {
    if (!over) {
      scheduled = driver.loop().schedule(this, timeout.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /** The peer is welcome, or the connection has ended. */
  void end() {
    over = true;
    if (scheduled != null) {
      scheduled.cancel(false);
      scheduled = null;
    }
  }

  @Override
  public void run() {
    Supplier<IOException> reason = () -> SocketErrors.handshake(stream.toString(), timeout);
    stream.breakOff(reason);
  }
}
