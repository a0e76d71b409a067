package dev.weft.net;

import dev.weft.net.loop.SocketDriver;
import dev.weft.net.memory.ConnectionMemory;
import dev.weft.net.memory.Piece;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import java.util.concurrent.TimeUnit;

/**
 * Counts what waits to be sent on one connection in buffers that are not of its own memory. Netty
 * tells nobody when it has sent a part, so this looks again after a while; and little is not
 * counted, since most writes are sent at once.
 *
 * <p>On the loop's thread.
 */
final class ForeignBytes {
  /** Less than this is not counted: a connection that is served holds it for microseconds. */
  private static final long ACCOUNTED = 16 * 1024;

  private static final long LOOK_MILLIS = 100;

  private final SocketDriver driver;
  private final DuplexChannel channel;
  private final ConnectionMemory memory;

  /** At most so many bytes of what waits to be sent are in buffers from elsewhere. */
  private long most;

  private boolean accounted;

  ForeignBytes(SocketDriver driver, DuplexChannel channel, ConnectionMemory memory) {
    this.driver = driver;
    this.channel = channel;
    this.memory = memory;
  }

  /** A buffer is about to be written that is no {@link Piece}. */
  void add(int bytes) {
    most += bytes;
  }

  /** What was written has been flushed: counts what is left of it. */
  void account() {
    if (most == 0) {
      return;
    }
    ChannelOutboundBuffer pending = channel.unsafe().outboundBuffer();
    most = Math.min(most, pending == null ? 0 : pending.totalPendingWriteBytes());
    boolean much = most >= ACCOUNTED;
    if (much || accounted) {
      memory.foreign(much ? most : 0);
    }
    if (much && !accounted) {
      accountLater();
    }
    accounted = much;
  }

  private void accountLater() {
    driver
        .loop()
        .schedule(
            () -> {
              account();
              if (accounted) {
                accountLater();
              }
            },
            LOOK_MILLIS,
            TimeUnit.MILLISECONDS);
  }
}
