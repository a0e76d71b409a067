package dev.weft.net;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.net.address.HappyEyeballs;
import dev.weft.net.address.HostName;
import dev.weft.net.address.SocketErrors;
import dev.weft.net.loop.SocketDriver;
import dev.weft.net.memory.MemoryBudget;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A connection that is being made to one address. */
final class Connecting extends Opening<TcpStream> {
  /** Between two looks whether there is more memory: it takes less to allocate it. Guessed. */
  private static final long GROWTH_MILLIS = 2;

  private final TcpOptions options;
  private final Duration limit;

  /**
   * Set on the loop's thread before it looks whether it is cancelled; a canceller does the reverse.
   */
  private volatile @Nullable TcpStream stream;

  /**
   * @param limit for how long to try, whatever the options say
   */
  Connecting(TcpOptions options, Duration limit) {
    this.options = options;
    this.limit = limit;
  }

  /** Connects to an address. */
  static Task<TcpStream> to(
      AsyncExecutor executor, CompletableFuture<InetSocketAddress> address, TcpOptions options) {
    return new Connecting(options, options.connectTimeout()).start(executor, address);
  }

  /**
   * Connects to one of several addresses.
   *
   * @param name what they are the addresses of, for failures
   */
  static Task<TcpStream> toAny(
      AsyncExecutor executor,
      String name,
      CompletableFuture<List<InetSocketAddress>> addresses,
      TcpOptions options) {
    return new HappyEyeballs<>(executor, name, new Attempts(executor, options), TcpStream::discard)
        .start(addresses);
  }

  @Override
  void open(SocketDriver driver, InetSocketAddress address) {
    MemoryBudget.Answer answer = driver.memory().ask(null);
    if (answer != MemoryBudget.Answer.PROMISED) {
      onNoMemory(driver, address, answer);
      return;
    }
    SocketChannel channel;
    try {
      channel = driver.backend().newSocket();
    } catch (Throwable refused) { // no more file descriptors, for example
      driver.memory().unpromise(null);
      throw refused;
    }
    TcpStream opening =
        register(
            driver,
            channel,
            () -> TcpStream.promised(driver, channel, address, options, null),
            made -> driver.register(channel, made.intake().turn()),
            TcpStream::onNeverRegistered);
    channel
        .config()
        .setConnectTimeoutMillis(Math.max(1, (int) limit.toMillis())); // 0 is Netty's "no limit"
    stream = opening;
    if (isDone()) {
      opening.discard();
      return;
    }
    channel.connect(address).addListener(connected -> finish(connected, opening));
  }

  /** Waits for more memory if that is on its way, else fails. */
  private void onNoMemory(
      SocketDriver driver, InetSocketAddress address, MemoryBudget.Answer answer) {
    if (answer == MemoryBudget.Answer.LATER) {
      driver.loop().schedule(() -> attempt(driver, address), GROWTH_MILLIS, TimeUnit.MILLISECONDS);
    } else {
      completeExceptionally(
          SocketErrors.noMemory(SocketErrors.format(address), driver.memory().limit()));
    }
  }

  private void finish(Future<?> connected, TcpStream opened) {
    if (connected.isSuccess()) {
      deliver(opened);
    } else {
      opened.discard();
      completeExceptionally(SocketErrors.connectFailed(opened.toString(), connected.cause()));
    }
  }

  @Override
  protected void giveUp() {
    TcpStream opening = stream;
    if (opening != null) {
      opening.discard();
    }
  }

  @Override
  protected void discard(TcpStream opened) {
    opened.discard();
  }

  /** All attempts to connect to one name share the time that there is for it. */
  private static final class Attempts implements Function<InetSocketAddress, Task<TcpStream>> {
    private final AsyncExecutor executor;
    private final TcpOptions options;

    /** When the first one began; attempts begin one after the other. */
    private @Nullable Long started;

    Attempts(AsyncExecutor executor, TcpOptions options) {
      this.executor = executor;
      this.options = options;
    }

    @Override
    public Task<TcpStream> apply(InetSocketAddress address) {
      long now = System.nanoTime(); // not the executor's: the kernel does not go by that
      if (started == null) {
        started = now;
      }
      Duration left = options.connectTimeout().minusNanos(now - started);
      return new Connecting(options, left).start(executor, HostName.resolved(address));
    }
  }
}
