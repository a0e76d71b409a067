package dev.weft.net;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.frame.Settled;
import dev.weft.handoff.HandOff;
import dev.weft.net.address.HostName;
import dev.weft.net.address.SocketErrors;
import dev.weft.net.loop.LoopReference;
import dev.weft.net.loop.SocketDriver;
import dev.weft.net.poll.AcceptGate;
import dev.weft.net.poll.AcceptPace;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ServerSocketChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A TCP port on which connections are accepted.
 *
 * <p>At most {@value #UNACCEPTED_LIMIT} connections are taken from the kernel before somebody
 * accepts them; nothing is read from those. Further ones wait in the kernel's queue, of {@link
 * ListenOptions#backlog}. (nio and io_uring also hand over those that they have under way: up to 15
 * with nio, what had arrived at that moment with io_uring.) How many may be open at a time, and
 * what happens to others, is said by {@link ListenOptions}.
 *
 * <p>If the process or the system is out of file descriptors, the listener logs it and tries again
 * when one of its connections is closed, or after a second; {@link #accept} goes on waiting.
 *
 * <p>Every method may be called from any thread and none blocks.
 *
 * <pre>{@code
 * static CompletableFuture<Void> serve(int port) {
 *   try (TcpListener listener = await(TcpListener.bind("0.0.0.0", port))) {
 *     for (TcpStream socket; (socket = await(listener.accept())) != null; ) {
 *       TcpStream accepted = socket;
 *       Async.spawn(() -> echo(accepted));
 *     }
 *   }
 *   return done();
 * }
 * }</pre>
 */
public final class TcpListener implements AutoCloseable {
  /** Guessed: about one poll's worth, so that a burst costs the accepting task few wake-ups. */
  static final int UNACCEPTED_LIMIT = 64;

  private final SocketDriver driver;
  private final ServerSocketChannel channel;
  private final LoopReference reference;
  private final ListenOptions options;
  private final Unaccepted unaccepted = new Unaccepted();
  private final Admission admission;
  private final AcceptGate gate;
  private final AcceptPace pace = new AcceptPace();
  private volatile InetSocketAddress address;

  // Confined to the loop's thread.
  private boolean pausing;
  private boolean draining;
  private int offered;

  private TcpListener(
      SocketDriver driver,
      ServerSocketChannel channel,
      InetSocketAddress address,
      ListenOptions options) {
    this.driver = driver;
    this.channel = channel;
    this.reference = LoopReference.to(driver, channel);
    this.address = address;
    this.options = options;
    this.gate = new AcceptGate(channel);
    this.admission = new Admission(this, driver, options, unaccepted::put, this::resume);
  }

  /**
   * Listens on a host's address and a port, on the current executor or else the shared one.
   *
   * @param host a name or a number; {@code 0.0.0.0} for every IPv4 address, {@code ::} for every
   *     address of both kinds
   * @param port 0 for any free one: see {@link #localAddress}
   * @return the listener; fails with {@link java.net.BindException}, {@link
   *     java.net.UnknownHostException}
   */
  public static Task<TcpListener> bind(String host, int port) {
    return bind(host, port, TcpOptions.defaults());
  }

  /** As {@link #bind(String, int)}, with options of the accepted connections. */
  public static Task<TcpListener> bind(String host, int port, TcpOptions options) {
    return bind(host, port, ListenOptions.defaults().connections(options));
  }

  /** As {@link #bind(String, int)}, with limits and other options of the listener. */
  public static Task<TcpListener> bind(String host, int port, ListenOptions options) {
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
    return bind(executor, address, ListenOptions.defaults().connections(options));
  }

  /** As {@link #bind(String, int)}, on an executor of one's own. */
  public static Task<TcpListener> bind(
      AsyncExecutor executor, InetSocketAddress address, ListenOptions options) {
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

  /**
   * Stops listening, once what the kernel has accepted is taken in: {@link #accept} hands those out
   * that there is a place for, and then null. For a server that wants to end without turning down a
   * client that is connected already; one whose connection reaches the kernel in the instant of
   * closing is reset by it all the same (on Linux, {@code net.ipv4.tcp_migrate_req} gives it to
   * another listener of the port). Returns at once; does nothing after {@link #close}.
   */
  public void drain() {
    try {
      driver.execute(this::acceptTheRest);
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
    boolean wanted = !draining && !pausing && !unaccepted.isFull() && !admission.isFull();
    if (wanted) {
      gate.shut(false);
    }
    channel.config().setAutoRead(wanted);
    gate.shut(!wanted); // not before: an accept that is armed has been cancelled by now
  }

  private void resume() {
    pausing = false;
    applyInterest();
  }

  private void acceptTheRest() {
    if (channel.isOpen() && !draining) {
      try {
        driver.loop().takeAccepted();
        int before;
        do {
          before = offered;
          driver.backend().acceptTheRest(channel);
        } while (offered != before);
      } finally { // also if there is no memory for one of them
        draining = true;
        channel.close();
        gate.shut(true); // not before: likewise
      }
    }
  }

  private final class Unaccepted extends HandOff<TcpStream> {
    Unaccepted() {
      super(UNACCEPTED_LIMIT);
    }

    @Override
    protected int weigh(TcpStream item) {
      return 1;
    }

    @Override
    protected void discard(TcpStream item) {
      item.discard();
    }

    @Override
    protected void onFullChanged() {
      updateInterest();
    }

    @Override
    protected void onWaiting() {}

    @Override
    protected String wanted() {
      return "a connection at " + TcpListener.this;
    }

    @Override
    protected String busy() {
      return TcpListener.this
          + ": accept() while another accept of the same listener is waiting; await that one first";
    }
  }

  /** Takes what Netty accepts. All methods run on the loop's thread. */
  private final class Acceptor extends LastHandler {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      pace.begin(System.nanoTime());
      offered++;
      admission.offer((SocketChannel) message);
      if (admission.isFull()) {
        applyInterest();
      }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
      pace.end(System.nanoTime());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable error) {
      if (SocketErrors.isOfOneConnection(error)) {
        return; // which has gone; the others are not to wait for that
      }
      SocketLog.cannotAccept(TcpListener.this, error);
      if (!pausing) {
        pausing = true; // else the kernel would report the same connection again at once
        applyInterest();
        driver
            .loop()
            .schedule(
                TcpListener.this::resume,
                options.acceptBackOff().toMillis(),
                TimeUnit.MILLISECONDS);
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      admission.end();
      if (draining) {
        afterNextPoll(() -> unaccepted.end(() -> null));
      } else {
        unaccepted.close(() -> null);
      }
    }

    /**
     * The kernel listens until then: the JDK closes a socket when its selector is asked next, and
     * io_uring when it is told. Who knows that the drain is over is to find nobody listening.
     */
    private void afterNextPoll(Runnable action) {
      try {
        driver
            .loop()
            .schedule(() -> {}, 0, TimeUnit.NANOSECONDS) // what is due runs after a poll
            .addListener(doneOrCancelled -> action.run());
      } catch (RejectedExecutionException loopHasEnded) {
        action.run();
      }
    }
  }

  /** A listener that is being opened. */
  private static final class Binding extends Opening<TcpListener> {
    private final ListenOptions options;

    Binding(ListenOptions options) {
      this.options = options;
    }

    @Override
    void open(SocketDriver driver, InetSocketAddress address) {
      ServerSocketChannel channel = driver.backend().newServerSocket();
      TcpListener listener =
          register(
              driver,
              channel,
              () -> listener(driver, channel, address),
              made -> driver.register(channel, made.gate),
              (made, refused) -> made.admission.end());
      channel.bind(address).addListener(bound -> finish(bound, listener));
    }

    private TcpListener listener(
        SocketDriver driver, ServerSocketChannel channel, InetSocketAddress address) {
      TcpListener listener = new TcpListener(driver, channel, address, options);
      channel.config().setBacklog(options.backlog());
      channel.config().setOption(ChannelOption.SO_REUSEADDR, true);
      if (options.reusePort()) {
        driver.backend().reusePort(channel);
      }
      if (!driver.backend().acceptsOnItsOwn()) { // else it is the loop that puts them off
        listener.pace.keep(channel);
      }
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
    protected void giveUp() {}

    @Override
    protected void discard(TcpListener opened) {
      opened.close();
    }
  }
}
