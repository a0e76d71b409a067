package dev.weft.net;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.frame.Settled;
import dev.weft.handoff.Acquiring;
import dev.weft.net.address.SocketErrors;
import dev.weft.net.loop.SocketDriver;
import dev.weft.net.memory.MemoryBudget;
import io.netty.channel.ChannelFuture;
import io.netty.channel.socket.DuplexChannel;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A connection to a Unix domain socket that is being made. */
final class UnixOpening extends Acquiring<UnixStream> {
  /** Between two looks whether there is more memory: it takes less to allocate it. Guessed. */
  private static final long GROWTH_MILLIS = 2;

  private final SocketDriver driver;
  private final Path path;
  private final TcpOptions options;

  /**
   * Set on the loop's thread before it looks whether it is cancelled; a canceller does the reverse.
   */
  private volatile @Nullable UnixStream stream;

  private UnixOpening(SocketDriver driver, Path path, TcpOptions options) {
    this.driver = driver;
    this.path = path;
    this.options = options;
  }

  static Task<UnixStream> connect(AsyncExecutor executor, Path path, TcpOptions options) {
    if (NettyRequirement.problem() != null) {
      return Settled.failure(new IllegalStateException(NettyRequirement.problem()));
    }
    UnixOpening opening;
    try {
      opening = new UnixOpening(SocketDriver.of(executor), path, options);
      opening.driver.execute(opening::attempt);
    } catch (RuntimeException closed) {
      return Settled.failure(closed);
    }
    return opening;
  }

  /** On the loop. */
  private void attempt() {
    if (isDone()) {
      return; // cancelled before it began
    }
    try {
      MemoryBudget.Answer answer = driver.memory().ask(null);
      if (answer == MemoryBudget.Answer.PROMISED) {
        open();
      } else if (answer == MemoryBudget.Answer.LATER) {
        driver.loop().schedule(this::attempt, GROWTH_MILLIS, TimeUnit.MILLISECONDS);
      } else {
        completeExceptionally(SocketErrors.noMemory("unix:" + path, driver.memory().limit()));
      }
    } catch (Throwable error) { // no more file descriptors, for example
      completeExceptionally(SocketErrors.broken("unix:" + path, error).get());
    }
  }

  private void open() {
    UnixStream opened = open(driver, path, options);
    stream = opened;
    if (isDone()) {
      opened.discard();
      return;
    }
    ChannelFuture connecting = opened.channel().connect(driver.backend().unixAddress(path));
    connecting.addListener(
        connected -> {
          if (connected.isSuccess()) {
            deliver(opened);
          } else {
            opened.discard();
            completeExceptionally(SocketErrors.connectFailed(opened.toString(), connected.cause()));
          }
        });
  }

  private static UnixStream open(SocketDriver driver, Path path, TcpOptions options) {
    DuplexChannel channel;
    try {
      channel = driver.backend().newUnixSocket();
    } catch (Throwable refused) {
      driver.memory().unpromise(null);
      throw refused;
    }
    return register(driver, channel, path, options);
  }

  /**
   * Makes the stream of a channel to which memory was promised, and registers it. On the loop.
   *
   * @throws RuntimeException if it cannot be; then nothing is left of it
   */
  static UnixStream register(
      SocketDriver driver, DuplexChannel channel, Path path, TcpOptions options) {
    UnixStream made;
    try {
      made = new UnixStream(driver, channel, path, options);
    } catch (Throwable refused) {
      driver.memory().unpromise(null);
      driver.discard(channel);
      throw refused;
    }
    try {
      driver.register(channel, made.intake().turn());
      return made;
    } catch (Throwable refused) { // by a loop that ends
      driver.discard(channel);
      made.onNeverRegistered(refused);
      throw refused;
    }
  }

  @Override
  protected void giveUp() {
    UnixStream opening = stream;
    if (opening != null) {
      opening.discard();
    }
  }

  @Override
  protected void discard(UnixStream opened) {
    opened.discard();
  }
}
