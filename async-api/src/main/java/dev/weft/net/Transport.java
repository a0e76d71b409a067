package dev.weft.net;

import dev.weft.AsyncExecutor;
import dev.weft.scheduler.io.Driver;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringSocketChannel;
import java.util.Locale;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What an executor's workers wait for I/O with. An executor that is not told uses {@link #AUTO};
 * one that is to use another is built with that one's {@link #driver()}.
 */
public enum Transport {
  /**
   * {@link #EPOLL} where its native library can be loaded, else {@link #NIO}: with either, an idle
   * worker takes the I/O over from one that is busy with a long task. Never {@link #IO_URING}: see
   * there.
   */
  AUTO {
    @Override
    Transport chosen() {
      return EPOLL.isAvailable() ? EPOLL : NIO;
    }

    @Override
    public SocketChannel newSocket() {
      return chosen().newSocket();
    }

    @Override
    public ServerSocketChannel newServerSocket() {
      return chosen().newServerSocket();
    }
  },

  /**
   * Linux io_uring, on request only. It costs the least CPU per message, but a ring belongs for
   * ever to the thread that made it, so no other worker can take the I/O over while that thread is
   * busy with a long task: every connection waits that long. For handlers that are known to be
   * short. Many containers forbid it (seccomp).
   */
  IO_URING {
    @Override
    @Nullable Throwable obstacle() {
      return IoUring.unavailabilityCause();
    }

    @Override
    IoHandlerFactory handlers(int maxEvents) {
      return RetriedIoUring.factory();
    }

    @Override
    Class<? extends IoHandler> handlerType() {
      return IoUringIoHandler.class;
    }

    @Override
    public SocketChannel newSocket() {
      return NettyChannels.ioUringSocket();
    }

    @Override
    public ServerSocketChannel newServerSocket() {
      return NettyChannels.ioUringServerSocket();
    }

    @Override
    long quietNanos() {
      return TimeUnit.MILLISECONDS.toNanos(5);
    }

    /**
     * A turn only queues what the kernel has to do; it does that when it is asked for more.
     * Measured with 4,500 of them on two cores, p99 of another: median 29 ms with 0.4 ms (nine
     * runs), 22 ms with this (seven, later).
     */
    @Override
    long heavyNanos() {
      return TimeUnit.MICROSECONDS.toNanos(150);
    }

    @Override
    boolean acceptsOnItsOwn() {
      return true;
    }

    /**
     * A send and a receive can both be with the kernel when a reset comes. The send then takes the
     * error, and the receive, whose result may be the first to arrive, finds the end of the stream.
     * That the connection has failed is certain then; if the peer had ended its output before, the
     * reader is told of the failure and not of that end.
     */
    @Override
    boolean wasReset(SocketChannel channel) {
      return ((IoUringSocketChannel) channel).tcpInfo().state() == TCP_CLOSE;
    }
  },

  /** Linux epoll, through Netty's native library. */
  EPOLL {
    @Override
    @Nullable Throwable obstacle() {
      return Epoll.unavailabilityCause();
    }

    @Override
    IoHandlerFactory handlers(int maxEvents) {
      return RearmedEpoll.factory(maxEvents);
    }

    @Override
    Class<? extends IoHandler> handlerType() {
      return EpollIoHandler.class;
    }

    @Override
    public SocketChannel newSocket() {
      return NettyChannels.epollSocket();
    }

    @Override
    public ServerSocketChannel newServerSocket() {
      return NettyChannels.epollServerSocket();
    }

    @Override
    void acceptTheRest(ServerSocketChannel listener) {
      NettyChannels.acceptTheRest(listener);
    }

    /** Its read loop goes on to the end of the stream once the peer has hung up, full or not. */
    @Override
    boolean readsOnAfterHangUp() {
      return true;
    }
  },

  /** The JDK's selectors: everywhere. */
  NIO {
    @Override
    boolean endsByNothing() {
      return true;
    }

    @Override
    void cutInput(SocketChannel channel) {
      if (channel.config().isAutoRead()) {
        NettyChannels.readNow(channel);
      }
    }

    @Override
    void readOn(SocketChannel channel, Executor loop) {
      loop.execute(() -> cutInput(channel));
    }

    @Override
    void acceptTheRest(ServerSocketChannel listener) {
      NettyChannels.acceptNow(listener);
    }

    @Override
    void reusePort(ServerSocketChannel listener) {
      NettyChannels.reusePortOfNio(listener);
    }
  };

  /** A state of a TCP socket in Linux (net/tcp_states.h): not connected. */
  private static final int TCP_CLOSE = 7;

  /** A chunk of {@link MemoryBudget}, which is not named here as it needs Netty. */
  private static final long LEAST_MEMORY = 256 * 1024;

  /**
   * Whether it can be used here.
   *
   * @see #unavailabilityReason()
   */
  public final boolean isAvailable() {
    return unavailabilityReason() == null;
  }

  /** Why it cannot be used here, in a line; null if it can. */
  public final @Nullable String unavailabilityReason() {
    String problem = NettyRequirement.problem();
    if (problem != null) {
      return problem;
    }
    try {
      Transport chosen = chosen();
      chosen.handlerType(); // is not there if only this transport's artifact is of another version
      Throwable obstacle = chosen.obstacle();
      return obstacle == null ? null : rootOf(obstacle);
    } catch (LinkageError missing) { // the artifact is not on the class path
      return rootOf(missing);
    }
  }

  /**
   * Opens drivers of this kind, for the builder of an executor.
   *
   * @throws IllegalStateException if the class path has no Netty, or a version that cannot be used
   */
  public final Driver.Provider driver() {
    NettyRequirement.check();
    return new SocketDriverProvider(this, SocketDriverProvider.DEFAULT_LIMIT);
  }

  /**
   * As {@link #driver()}, with a limit to the memory that all connections of the executor may hold
   * together: what they have received and nobody has taken, and what was written and not sent.
   * While it is used up, connections that hold much are not read from until they hold less, and the
   * others go on; see {@link ListenOptions#whenFull} for new ones. Without a limit of your own it
   * is a quarter of the direct memory that the JVM allows ({@code -XX:MaxDirectMemorySize}, else
   * the greatest size of the heap).
   *
   * @param memoryBytes at least 256 KiB, of which 512 bytes are kept for each connection
   * @throws IllegalArgumentException if it is less
   */
  public final Driver.Provider driver(long memoryBytes) {
    if (memoryBytes < LEAST_MEMORY) {
      throw new IllegalArgumentException(
          "memoryBytes must be at least " + LEAST_MEMORY + ", not " + memoryBytes);
    }
    NettyRequirement.check();
    return new SocketDriverProvider(this, memoryBytes);
  }

  /** The name in lower case, as it is written in options: {@code io_uring}. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** What {@link #AUTO} stands for here; of any other constant, itself. */
  Transport chosen() {
    return this;
  }

  @Nullable Throwable obstacle() {
    return null;
  }

  /**
   * Makes what a loop waits for I/O with.
   *
   * @param maxEvents how many sockets that are ready it handles at most before it goes on with
   *     other work; for epoll
   */
  IoHandlerFactory handlers(int maxEvents) {
    return NioIoHandler.newFactory();
  }

  /** Netty's class of handler, by which Netty code asks what a loop can do. */
  Class<? extends IoHandler> handlerType() {
    return NioIoHandler.class;
  }

  /**
   * What an executor's workers wait with.
   *
   * @throws IllegalStateException if it has no driver of this package
   */
  public static Transport of(AsyncExecutor executor) {
    NettyRequirement.check();
    return SocketDriver.of(executor).transport();
  }

  /**
   * A new Netty channel for a connection, for the {@code channelFactory} of a bootstrap whose group
   * is {@link dev.weft.WorkStealingExecutor#eventLoopGroup}.
   */
  public SocketChannel newSocket() {
    return NettyChannels.nioSocket();
  }

  /** The same for a listening socket. */
  public ServerSocketChannel newServerSocket() {
    return NettyChannels.nioServerSocket();
  }

  /**
   * Whether reading must be stopped by force when the inbox is full: see {@link ReceiveBuffers}.
   */
  boolean readsOnAfterHangUp() {
    return false;
  }

  /**
   * Has the stream's input end after what the kernel has received so far. {@link
   * TcpStream#onNothingToRead} or {@link TcpStream#onInputEnded} follows, now or later. On the
   * loop.
   */
  void cutInput(SocketChannel channel) {
    NettyChannels.shutDownInput(channel);
  }

  /** Whether a cut input ends when nothing is there to read; else the kernel reports its end. */
  boolean endsByNothing() {
    return false;
  }

  /** Goes on reading what may be there, once the present round is over. On the loop. */
  void readOn(SocketChannel channel, Executor loop) {
    // the end of the input, which the kernel has in store, is an event of its own
  }

  /**
   * Accepts some of what the kernel has in its queue, if there is anything. With io_uring there is
   * nothing in it: an accept is always armed, unless no connection is wanted. On the loop.
   */
  void acceptTheRest(ServerSocketChannel listener) {}

  /** Whether Netty arms accepts that nobody has asked for: see {@link AcceptGate}. */
  boolean acceptsOnItsOwn() {
    return false;
  }

  /** Sets SO_REUSEPORT of a listener that is not bound yet. */
  void reusePort(ServerSocketChannel listener) {
    NettyChannels.reusePort(listener);
  }

  /**
   * After how long without an event a loop whose channels are closed can take it that the kernel
   * has ended all that it did for them; 0 if closing a channel ends it at once. Guessed.
   */
  long quietNanos() {
    return 0;
  }

  /**
   * For how long heavy connections are handled in a poll (see {@link Turns}); their tasks take
   * several times as long. Measured with 4,500 of them and NIO on two cores, p99 of another: 275 ms
   * with 1 ms (one run), 19 to 34 ms with this (three).
   */
  long heavyNanos() {
    return TimeUnit.MICROSECONDS.toNanos(400);
  }

  /**
   * Whether what was reported as the end of the input, while there is output that the kernel has
   * not taken, was a reset: the kernel has no connection any more, though this side has not ended
   * its output.
   */
  boolean wasReset(SocketChannel channel) {
    return false; // the error would have come in place of the end
  }

  private static String rootOf(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    String message = root.getMessage();
    return message == null
        ? root.getClass().getSimpleName()
        : root.getClass().getSimpleName() + ": " + message.lines().findFirst().orElse("");
  }
}
