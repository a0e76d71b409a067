package dev.weft.net;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/**
 * Many connections to an echo server, from one thread: each sends bytes that follow from its seed,
 * in chunks of random size, checks every byte that comes back, and ends in one of four ways, after
 * which the next one takes its place. Throws an {@link AssertionError} at the first byte that is
 * wrong, or that is missing for half a minute.
 */
final class StressClient implements Callable<StressClient.Result> {
  /** What it has seen. */
  record Result(long connections, long bytes, long resets) {}

  private enum Ending {
    /** Shuts its output down; everything must come back, and then the end. */
    HALF_CLOSE,
    /** Waits for everything, then closes. */
    CLOSE,
    /** Resets while bytes are under way; what came back so far must be right. */
    RESET,
    /** Closes while bytes are under way: the kernel makes a reset of it. */
    CLOSE_EARLY
  }

  private static final int CHUNK = 8 * 1024;
  private static final int LONGEST = 96 * 1024;

  private final InetSocketAddress server;
  private final int connections;
  private final long nanos;
  private final Random random;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
  private final Selector selector;
  private long opened;
  private long bytes;
  private long resets;
  private int alive;
  private long lastProgress = System.nanoTime();

  StressClient(InetSocketAddress server, int connections, long millis, long seed)
      throws IOException {
    this.server = server;
    this.connections = connections;
    this.nanos = TimeUnit.MILLISECONDS.toNanos(millis);
    this.random = new Random(seed);
    this.selector = Selector.open();
  }

  @Override
  public Result call() throws IOException {
    long end = System.nanoTime() + nanos;
    try (selector) {
      for (int i = 0; i < connections; i++) {
        open();
      }
      while (alive > 0) {
        selector.select(100);
        long now = System.nanoTime();
        for (SelectionKey key : selector.selectedKeys()) {
          if (key.isValid()) {
            ((Connection) key.attachment()).proceed(now < end);
          }
        }
        selector.selectedKeys().clear();
        if (now - lastProgress > TimeUnit.SECONDS.toNanos(Net.SECONDS)) {
          throw new AssertionError("no byte for " + Net.SECONDS + " s; " + describe());
        }
      }
    }
    return new Result(opened, bytes, resets);
  }

  private String describe() {
    StringBuilder text = new StringBuilder();
    for (SelectionKey key : selector.keys()) {
      text.append(key.attachment()).append("; ");
    }
    return text.toString();
  }

  private void open() throws IOException {
    SocketChannel channel = SocketChannel.open(server);
    channel.configureBlocking(false);
    channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
    opened++;
    alive++;
    new Connection(channel);
  }

  /** The byte at a position of a connection's stream. */
  static byte at(long seed, long position) {
    return (byte) (((position + seed) * 0x9E3779B97F4A7C15L) >>> 56);
  }

  private final class Connection {
    private final SocketChannel channel;
    private final SelectionKey key;
    private final long seed = random.nextLong();
    private final Ending ending = Ending.values()[random.nextInt(Ending.values().length)];
    private final int length = 1 + random.nextInt(LONGEST);
    private final int cut = random.nextInt(length); // where an early ending comes
    private int sent;
    private int received;

    Connection(SocketChannel channel) throws IOException {
      this.channel = channel;
      this.key = channel.register(selector, SelectionKey.OP_READ | SelectionKey.OP_WRITE, this);
    }

    void proceed(boolean more) throws IOException {
      boolean over;
      try {
        over = receive();
        if (!over && sent < length) {
          send();
        }
      } catch (IOException e) {
        throw new AssertionError("the server broke " + this, e);
      }
      boolean early = ending == Ending.RESET || ending == Ending.CLOSE_EARLY;
      if (over || (early && sent > cut) || (ending == Ending.CLOSE && received == length)) {
        end();
        if (more) {
          open();
        }
      }
    }

    private void send() throws IOException {
      int size = Math.min(1 + random.nextInt(CHUNK), length - sent);
      buffer.clear();
      for (int i = 0; i < size; i++) {
        buffer.put(at(seed, sent + i));
      }
      buffer.flip();
      sent += channel.write(buffer);
      if (sent == length) {
        if (ending == Ending.HALF_CLOSE) {
          channel.shutdownOutput();
        }
        key.interestOps(SelectionKey.OP_READ);
      }
    }

    /** True when the end of the stream has come. */
    private boolean receive() throws IOException {
      buffer.clear();
      int size = channel.read(buffer);
      if (size < 0) {
        if (ending != Ending.HALF_CLOSE || received != length) {
          throw new AssertionError("the stream ended too early: " + this);
        }
        return true;
      }
      for (int i = 0; i < size; i++) {
        if (buffer.get(i) != at(seed, received + i)) {
          throw new AssertionError("wrong byte at " + (received + i) + " of " + this);
        }
      }
      received += size;
      if (received > sent) {
        throw new AssertionError("more came back than was sent: " + this);
      }
      bytes += size;
      if (size > 0) {
        lastProgress = System.nanoTime();
      }
      return false;
    }

    private void end() throws IOException {
      if (ending == Ending.RESET) {
        channel.setOption(StandardSocketOptions.SO_LINGER, 0);
        resets++;
      }
      channel.close();
      alive--;
    }

    @Override
    public String toString() {
      return ending + " sent " + sent + " of " + length + ", received " + received;
    }
  }
}
