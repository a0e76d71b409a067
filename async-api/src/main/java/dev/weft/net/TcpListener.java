package dev.weft.net;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.frame.Settled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A TCP port on which connections are accepted.
 *
 * <p>At most {@value #UNACCEPTED_LIMIT} connections are taken from the kernel before somebody
 * accepts them; nothing is read from those. Further ones wait in the kernel's queue, of {@link
 * TcpOptions#backlog}. (nio and io_uring also hand over those that they have under way: up to 15
 * with nio, what had arrived at that moment with io_uring.)
 *
 * <p>If the process or the system is out of file descriptors, the listener logs it and tries again
 * after a second; {@link #accept} goes on waiting.
 *
 * <p>Every method may be called from any thread and none blocks.
 */
public final class TcpListener implements AutoCloseable {
  /** Guessed: about one poll's worth, so that a burst costs the accepting task few wake-ups. */
  static final int UNACCEPTED_LIMIT = 64;

  private static final Logger LOG = LoggerFactory.getLogger(TcpListener.class);

  private final SocketDriver driver;
  private final ServerSocketChannel channel;
  private final LoopReference reference;
  private final TcpOptions options;
  private final Unaccepted unaccepted = new Unaccepted();
  private volatile InetSocketAddress address;

  /** Confined to the loop's thread. */
  private boolean pausing;

  private TcpListener(
      SocketDriver driver,
      ServerSocketChannel channel,
      InetSocketAddress address,
      TcpOptions options) {
    this.driver = driver;
    this.channel = channel;
    this.reference = LoopReference.to(driver, channel);
    this.address = address;
    this.options = options;
  }

  /**
   * Listens on a host's address and a port, on the current executor or else the shared one.
   *
   * @param host a name or a number; {@code 0.0.0.0} for every address
   * @param port 0 for any free one: see {@link #localAddress}
   * @return the listener; fails with {@link java.net.BindException}, {@link
   *     java.net.UnknownHostException}
   */
  public static Task<TcpListener> bind(String host, int port) {
    return bind(host, port, TcpOptions.defaults());
  }

  /** As {@link #bind(String, int)}, with options, which the accepted connections have too. */
  public static Task<TcpListener> bind(String host, int port, TcpOptions options) {
    if (NettyRequirement.problem() != null) {
      return Settled.failure(new IllegalStateException(NettyRequirement.problem()));
    }
    AsyncExecutor executor = AsyncExecutor.currentOrShared();
    return new Binding(options)
        .start(executor, HostName.resolve(executor, host, port).thenApply(found -> found.get(0)));
  }

  /** As {@link #bind(String, int)}, on an executor of one's own. */
  public static Task<TcpListener> bind(
      AsyncExecutor executor, InetSocketAddress address, TcpOptions options) {
    if (NettyRequirement.problem() != null) {
      return Settled.failure(new IllegalStateException(NettyRequirement.problem()));
    }
    return new Binding(options).start(executor, HostName.resolved(address));
  }

  /**
   * Waits for the next connection.
   *
   * @return the connection, which now is the caller's to close; null once the listener is closed.
   *     Cancelling it loses no connection: the next call gets it. Fails with {@link
   *     IllegalStateException} while another accept waits
   */
  public Task<@Nullable TcpStream> accept() {
    return unaccepted.take();
  }

  /**
   * Has this listener keep the event loop of a {@code NodeExecutor} alive, as it does from the
   * start. Without effect on other executors, which live until they are closed. From any thread.
   */
  public TcpListener ref() {
    reference.set(true);
    return this;
  }

  /** Lets that loop end although this listener is open. Node's {@code server.unref()}. */
  public TcpListener unref() {
    reference.set(false);
    return this;
  }

  /** Where it listens, with the real port. */
  public InetSocketAddress localAddress() {
    return address;
  }

  /**
   * Stops listening and closes the connections that nobody has accepted yet. An accept that waits
   * completes with null. Those accepted before are not touched. Returns at once; does nothing the
   * second time.
   */
  @Override
  public void close() {
    unaccepted.close(() -> null);
    try {
      driver.execute(() -> channel.close());
    } catch (RejectedExecutionException loopHasEnded) {
      // and has closed the channel
    }
  }

  /** The address as {@code 127.0.0.1:8080}. */
  @Override
  public String toString() {
    return SocketErrors.format(address);
  }

  /** For tests: how many connections nobody has accepted yet. */
  int unaccepted() {
    return unaccepted.held();
  }

  private void updateInterest() {
    try {
      driver.execute(this::applyInterest);
    } catch (RejectedExecutionException loopHasEnded) {
      // and has closed the channel
    }
  }

  private void applyInterest() {
    channel.config().setAutoRead(!pausing && !unaccepted.isFull());
  }

  private void resume() {
    pausing = false;
    applyInterest();
  }

  private final class Unaccepted extends HandOff<TcpStream> {
    Unaccepted() {
      super(UNACCEPTED_LIMIT);
    }

    @Override
    int weigh(TcpStream item) {
      return 1;
    }

    @Override
    void discard(TcpStream item) {
      item.discard();
    }

    @Override
    void onFullChanged() {
      updateInterest();
    }

    @Override
    void onWaiting() {}

    @Override
    String busy() {
      return TcpListener.this
          + ": accept() while another accept of the same listener is waiting; await that one first";
    }
  }

  /** Takes what Netty accepts. All methods run on the loop's thread. */
  private final class Acceptor extends ChannelInboundHandlerAdapter {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      SocketChannel accepted = (SocketChannel) message;
      InetSocketAddress remote = accepted.remoteAddress();
      if (remote == null) { // gone already
        accepted.unsafe().closeForcibly();
        return;
      }
      SocketDriver home = driver;
      TcpStream stream;
      try {
        home = driver.next();
        stream = new TcpStream(home, accepted, remote, options);
        if (home == driver) {
          driver.register(accepted);
        } else {
          // Whatever is done to the stream comes after this: it is queued, or drains the queue.
          SocketDriver other = home;
          home.execute(() -> register(other, accepted, stream));
        }
      } catch (Throwable e) { // the kernel refuses an option, or the registration
        LOG.warn(
            "{}: Dropped a connection from {}", TcpListener.this, SocketErrors.format(remote), e);
        home.discard(accepted);
        return;
      }
      unaccepted.put(stream);
    }

    /** Somebody may have the stream already. */
    private void register(SocketDriver home, SocketChannel accepted, TcpStream stream) {
      try {
        home.register(accepted);
      } catch (RuntimeException e) {
        stream.onBroken(e);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable error) {
      LOG.warn("{}: Cannot accept for now: {}", TcpListener.this, error.getMessage());
      if (!pausing) {
        pausing = true; // else the kernel would report the same connection again at once
        applyInterest();
        driver.loop().schedule(TcpListener.this::resume, 1, TimeUnit.SECONDS);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      unaccepted.close(() -> null);
    }
  }

  /** A listener that is being opened. */
  private static final class Binding extends Opening<TcpListener> {
    private final TcpOptions options;

    Binding(TcpOptions options) {
      this.options = options;
    }

    @Override
    void open(SocketDriver driver, InetSocketAddress address) {
      ServerSocketChannel channel = driver.transport().newServerSocket();
      TcpListener listener = register(driver, channel, () -> listener(driver, channel, address));
      channel.bind(address).addListener(bound -> finish(bound, listener));
    }

    private TcpListener listener(
        SocketDriver driver, ServerSocketChannel channel, InetSocketAddress address) {
      TcpListener listener = new TcpListener(driver, channel, address, options);
      channel.config().setBacklog(options.backlog());
      channel.config().setOption(ChannelOption.SO_REUSEADDR, true);
      channel.pipeline().addLast(listener.new Acceptor());
      return listener;
    }

    private void finish(Future<?> bound, TcpListener listener) {
      if (bound.isSuccess()) {
        listener.address = listener.channel.localAddress();
        deliver(listener);
      } else {
        listener.channel.close();
        completeExceptionally(SocketErrors.bindFailed(listener.toString(), bound.cause()));
      }
    }

    /** Binding does not wait for anything: it has not begun, or is over. */
    @Override
    void giveUp() {}

    @Override
    void discard(TcpListener opened) {
      opened.close();
    }
  }
}
