package dev.weft.net;

import dev.weft.net.memory.ConnectionMemory;
import dev.weft.net.memory.MemoryBudget;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DuplexChannel;

/** How much may wait to be sent on one connection: less while memory is short. On the loop. */
final class SendLimit {
  private final DuplexChannel channel;
  private final ConnectionMemory memory;
  private final int most;

  /** The high-water mark that the channel has now. */
  private int now;

  SendLimit(DuplexChannel channel, ConnectionMemory memory, int most) {
    this.channel = channel;
    this.memory = memory;
    this.most = most;
    this.now = most;
  }

  /** What it never goes below, in bytes. */
  int least() {
    return Math.min(most, MemoryBudget.LEAST_SEND);
  }

  /** Sets the channel's marks anew if the limit is another now; says what it is, in bytes. */
  int follow() {
    int wanted = Math.min(most, memory.sendLimit());
    if (wanted != now) {
      now = wanted;
      channel.config().setWriteBufferWaterMark(new WriteBufferWaterMark(wanted / 2, wanted));
    }
    return wanted;
  }
}
