package dev.weft.net;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.frame.Settled;
import dev.weft.handoff.Acquiring;
import dev.weft.handoff.HandOff;
import dev.weft.net.address.SocketErrors;
import dev.weft.net.loop.LoopReference;
import dev.weft.net.loop.SocketDriver;
import dev.weft.net.memory.MemoryBudget;
import dev.weft.net.poll.AcceptGate;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DuplexChannel;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Listens on a Unix domain socket. Who may connect is the file's and its folder's permissions: make
 * it in a folder that only those can enter.
 *
 * <pre>{@code
 * static CompletableFuture<Void> serve(Path path) {
 *   try (UnixListener listener = await(UnixListener.bind(path))) {
 *     for (UnixStream socket; (socket = await(listener.accept())) != null; ) {
 *       UnixStream accepted = socket;
 *       Async.spawn(() -> echo(accepted));
 *     }
 *   }
 *   return done();
 * }
 * }</pre>
 *
 * <p>Every method may be called from any thread. A file that a server has left behind is not
 * removed: nobody but the user knows whether another one still listens on it.
 */
public final class UnixListener implements AutoCloseable {
  /** Connections that are accepted and that nobody has asked for yet. As for TCP. */
  private static final int UNACCEPTED_LIMIT = 64;

  private static final long BACK_OFF_MILLIS = 100;

  /** Between two looks whether there is more memory: it takes less to allocate it. Guessed. */
  private static final long GROWTH_MILLIS = 2;

  private final SocketDriver driver;
  private final ServerChannel channel;
  private final Path path;
  private final TcpOptions options;
  private final LoopReference reference;
  private final AcceptGate gate;
  private final Unaccepted unaccepted = new Unaccepted();

  // Confined to the loop's thread.
  private boolean pausing;
  private boolean bound;

  /** Accepted, and there is no memory for them yet. */
  private final Set<DuplexChannel> held = new HashSet<>();

  private UnixListener(SocketDriver driver, ServerChannel channel, Path path, TcpOptions options) {
    this.driver = driver;
    this.channel = channel;
    this.path = path;
    this.options = options;
    this.reference = LoopReference.to(driver, channel);
    this.gate = new AcceptGate(channel);
    channel.pipeline().addLast(new Acceptor());
  }

  /** Listens, on the current executor or else the shared one. */
  public static Task<UnixListener> bind(Path path) {
    return bind(AsyncExecutor.currentOrShared(), path, TcpOptions.defaults());
  }

  /**
   * Listens.
   *
   * @param path of the socket, which must not exist; 107 bytes at most on Linux
   * @param options of the accepted connections; what of them is about TCP is not looked at
   * @return the listener; fails with {@link java.net.BindException} if the file exists, or cannot
   *     be made
   */
  public static Task<UnixListener> bind(AsyncExecutor executor, Path path, TcpOptions options) {
    if (NettyRequirement.problem() != null) {
      return Settled.failure(new IllegalStateException(NettyRequirement.problem()));
    }
    Binding binding = new Binding(path, options);
    try {
      SocketDriver driver = SocketDriver.of(executor);
      driver.execute(() -> binding.open(driver));
    } catch (RuntimeException closed) {
      return Settled.failure(closed);
    }
    return binding;
  }

  /**
   * Waits for the next connection.
   *
   * @return the connection, which now is the caller's to close; null once the listener is closed.
   *     Cancelling it loses no connection: the next call gets it. Fails with {@link
   *     IllegalStateException} while another accept waits
   */
  public Task<@Nullable UnixStream> accept() {
    return unaccepted.take();
  }

  /** As {@link TcpListener#ref}. */
  public UnixListener ref() {
    reference.set(true);
    return this;
  }

  /** As {@link TcpListener#unref}. */
  public UnixListener unref() {
    reference.set(false);
    return this;
  }

  /** Where it listens. */
  public Path path() {
    return path;
  }

  /**
   * Stops listening, removes the file, and closes the connections that nobody has accepted yet. An
   * accept that waits completes with null. Those accepted before are not touched. Returns at once;
   * does nothing the second time.
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

  /** The path as {@code unix:/run/server.sock}. */
  @Override
  public String toString() {
    return "unix:" + path;
  }

  // ---- on the loop

  private void updateInterest() {
    try {
      driver.execute(this::applyInterest);
    } catch (RejectedExecutionException loopHasEnded) {
      // and has closed the channel
    }
  }

  private void applyInterest() {
    boolean wanted = !pausing && !unaccepted.isFull();
    if (wanted) {
      gate.shut(false);
    }
    channel.config().setAutoRead(wanted);
    gate.shut(!wanted); // not before: an accept that is armed has been cancelled by now
  }

  private void pause() {
    if (!pausing) {
      pausing = true; // else the kernel would report the same connection again at once
      applyInterest();
      driver
          .loop()
          .schedule(
              () -> {
                pausing = false;
                applyInterest();
              },
              BACK_OFF_MILLIS,
              TimeUnit.MILLISECONDS);
    }
  }

  /** Has the loop that has the fewest serve it, once there is memory for it. */
  private void admit(DuplexChannel accepted) {
    if (driver.loop().isShuttingDown()) {
      driver.discard(accepted);
      return;
    }
    SocketDriver home = driver.next();
    MemoryBudget.Answer answer = home.memory().ask(null);
    if (answer == MemoryBudget.Answer.PROMISED) {
      try {
        home.execute(() -> serve(home, accepted));
      } catch (RejectedExecutionException loopHasEnded) {
        accepted.unsafe().closeForcibly(); // the memory ends with the executor
      }
    } else if (answer == MemoryBudget.Answer.LATER && !unaccepted.isClosed()) {
      held.add(accepted);
      driver
          .loop()
          .schedule(
              () -> {
                if (held.remove(accepted)) {
                  admit(accepted);
                }
              },
              GROWTH_MILLIS,
              TimeUnit.MILLISECONDS);
    } else {
      driver.discard(accepted);
      SocketLog.cannotAccept(this, SocketErrors.noMemory(toString(), home.memory().limit()));
      pause();
    }
  }

  private void serve(SocketDriver home, DuplexChannel accepted) {
    UnixStream stream;
    try {
      stream = UnixOpening.register(home, accepted, path, options);
    } catch (RuntimeException gone) {
      if (!home.loop().isShuttingDown()) {
        SocketLog.cannotAccept(this, gone);
      }
      return;
    }
    unaccepted.put(stream);
  }

  private void removeFile() {
    if (bound) {
      bound = false;
      try {
        Files.deleteIfExists(path);
      } catch (IOException left) {
        SocketLog.cannotAccept(this, left);
      }
    }
  }

  private final class Unaccepted extends HandOff<UnixStream> {
    Unaccepted() {
      super(UNACCEPTED_LIMIT);
    }

    @Override
    protected int weigh(UnixStream item) {
      return 1;
    }

    @Override
    protected void discard(UnixStream item) {
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
      return "a connection at " + UnixListener.this;
    }

    @Override
    protected String busy() {
      return UnixListener.this
          + ": accept() while another accept of the same listener is waiting; await that one first";
    }
  }

  /** Takes what Netty accepts. All methods run on the loop's thread. */
  private final class Acceptor extends LastHandler {
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      admit((DuplexChannel) message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable error) {
      if (!SocketErrors.isOfOneConnection(error)) {
        SocketLog.cannotAccept(UnixListener.this, error);
        pause();
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      removeFile();
      held.forEach(driver::discard);
      held.clear();
      unaccepted.close(() -> null);
    }
  }

  /** A listener that is being opened. */
  private static final class Binding extends Acquiring<UnixListener> {
    private final Path path;
    private final TcpOptions options;

    Binding(Path path, TcpOptions options) {
      this.path = path;
      this.options = options;
    }

    /** On the loop. */
    void open(SocketDriver driver) {
      if (isDone()) {
        return; // cancelled before it began
      }
      if (Files.exists(
          path, LinkOption.NOFOLLOW_LINKS)) { // which Netty would remove, whatever it is
        completeExceptionally(
            new BindException(
                "unix:"
                    + path
                    + ": The file exists; if it was left behind by a server that has ended, remove it"));
        return;
      }
      try {
        ServerChannel channel = driver.backend().newUnixServerSocket();
        UnixListener listener = new UnixListener(driver, channel, path, options);
        try {
          channel.config().setOption(ChannelOption.SO_BACKLOG, 4096);
          driver.register(channel, listener.gate);
        } catch (Throwable refused) {
          driver.discard(channel);
          throw refused;
        }
        channel
            .bind(driver.backend().unixAddress(path))
            .addListener(done -> finish(done.isSuccess() ? null : done.cause(), listener));
      } catch (Throwable error) { // no more file descriptors, for example
        completeExceptionally(SocketErrors.broken("unix:" + path, error).get());
      }
    }

    private void finish(@Nullable Throwable error, UnixListener listener) {
      if (error == null) {
        listener.bound = true;
        deliver(listener);
      } else {
        listener.channel.close();
        completeExceptionally(SocketErrors.bindFailed(listener.toString(), error));
      }
    }

    /** Binding does not wait for anything: it has not begun, or is over. */
    @Override
    protected void giveUp() {}

    @Override
    protected void discard(UnixListener opened) {
      opened.close();
    }
  }
}
