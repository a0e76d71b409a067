package dev.weft.net;

import dev.weft.AsyncExecutor;
import dev.weft.IoDriver;
import dev.weft.net.loop.SocketDriver;
import dev.weft.net.poll.Backend;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.uring.IoUring;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What an executor's workers wait for I/O with. An executor that is not told uses {@link #AUTO};
 * one that is to use another is built with that one's {@link #driver()}.
 *
 * <pre>{@code
 * Transport transport = Transport.IO_URING.isAvailable() ? Transport.IO_URING : Transport.AUTO;
 * AsyncExecutor executor = WorkStealingExecutor.builder().driver(transport.driver()).build();
 * }</pre>
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
    Backend backend() {
      return chosen().backend();
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
    Backend backend() {
      return Backend.ioUring();
    }
  },

  /** Linux epoll, through Netty's native library. */
  EPOLL {
    @Override
    @Nullable Throwable obstacle() {
      return Epoll.unavailabilityCause();
    }

    @Override
    Backend backend() {
      return Backend.epoll();
    }
  },

  /** The JDK's selectors: everywhere. */
  NIO {
    @Override
    Backend backend() {
      return Backend.nio();
    }
  };

  /** A chunk of the memory's budget, which is not named here as it needs Netty. */
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
      chosen
          .backend()
          .handlerType(); // is not there if only this transport's artifact is of another version
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
  public final IoDriver driver() {
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
  public final IoDriver driver(long memoryBytes) {
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

  /** How sockets are served with it; of {@link #AUTO}, with what that stands for. */
  abstract Backend backend();

  /**
   * What an executor's workers wait with.
   *
   * @throws IllegalStateException if it has no driver of this package
   */
  public static Transport of(AsyncExecutor executor) {
    NettyRequirement.check();
    return valueOf(SocketDriver.backendOf(executor).toString().toUpperCase(Locale.ROOT));
  }

  /**
   * A new Netty channel for a connection, for the {@code channelFactory} of a bootstrap whose group
   * is {@link dev.weft.WorkStealingExecutor#eventLoopGroup}.
   */
  public SocketChannel newSocket() {
    return backend().newSocket();
  }

  /** The same for a listening socket. */
  public ServerSocketChannel newServerSocket() {
    return backend().newServerSocket();
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
