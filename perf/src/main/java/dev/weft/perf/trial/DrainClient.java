package dev.weft.perf.trial;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

/**
 * A connection of which it is known how many bytes the kernel had taken when the server was told to
 * end. Used by one thread, that of its selector.
 */
final class DrainClient {
  /** What became of it. */
  enum Outcome {
    /** Not ended yet. */
    OPEN,
    /** All that the kernel had taken before SIGTERM came back, then the stream ended. */
    FULL,
    /** The connection was reset: the client knows that something is missing. */
    RESET,
    /** The stream ended in order, with less: the client takes that for all. */
    SHORT,
    /** A byte was not the one sent. */
    WRONG
  }

  private static final int PIECE = 16 << 10;

  private final SocketChannel channel;
  private final SelectionKey key;
  private final Payload payload;
  private final ByteBuffer buffer = ByteBuffer.allocate(PIECE);
  private long goal; // how much is to be sent
  private long sent;
  private long sentBefore;
  private long received;
  private Outcome end = Outcome.OPEN;

  DrainClient(InetSocketAddress server, Selector selector, long seed) throws IOException {
    payload = new Payload(seed);
    channel = SocketChannel.open(server);
    channel.configureBlocking(false);
    key = channel.register(selector, SelectionKey.OP_READ, this);
  }

  /** So many bytes more are to be sent: at once, as far as the kernel takes them, or later. */
  void send(long bytes) {
    goal += bytes;
    write();
  }

  /** Whether it reads what comes. */
  void reads(boolean whether) {
    if (key.isValid()) {
      key.interestOps(whether ? SelectionKey.OP_READ : 0);
    }
  }

  /** The server is about to be told to end: what has been sent until now is to come back. */
  void mark() {
    sentBefore = sent;
  }

  /** Sends and receives what can be. */
  void ready() {
    if (key.isValid() && key.isReadable()) {
      read();
    }
    if (key.isValid() && key.isWritable()) {
      write();
    }
  }

  private void write() {
    try {
      while (sent < goal) {
        int count = (int) Math.min(PIECE, goal - sent);
        int taken = channel.write(ByteBuffer.wrap(payload.bytes(sent, count)));
        sent += taken;
        if (taken < count) {
          key.interestOpsOr(SelectionKey.OP_WRITE);
          return;
        }
      }
      key.interestOpsAnd(~SelectionKey.OP_WRITE);
    } catch (IOException e) {
      // "Broken pipe" is the answer to what was sent behind the server's end of the stream. What
      // the
      // server sent before is still to be read. Of a reset without an end only this call tells.
      if (String.valueOf(e.getMessage()).contains("reset")) {
        end(Outcome.RESET);
      } else {
        goal = sent;
        key.interestOps(SelectionKey.OP_READ);
      }
    }
  }

  private void read() {
    try {
      int count = channel.read(buffer.clear());
      if (count < 0) {
        end(received < sentBefore ? Outcome.SHORT : Outcome.FULL);
      } else if (received + count > sent
          || payload.mismatch(received, buffer.array(), count) >= 0) {
        end(Outcome.WRONG);
      } else {
        received += count;
      }
    } catch (IOException e) {
      end(Outcome.RESET);
    }
  }

  private void end(Outcome outcome) {
    end = outcome;
    close();
  }

  /** Whether all that was sent has come back. */
  boolean isEven() {
    return received == sent && sent == goal;
  }

  /** Whether the kernel has taken all that was to be sent. */
  boolean hasSentAll() {
    return sent == goal;
  }

  Outcome outcome() {
    return end;
  }

  void close() {
    try {
      channel.close();
    } catch (IOException ignored) {
      // its outcome is known
    }
  }
}
