package dev.weft.net;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.handoff.Acquiring;
import dev.weft.net.address.SocketErrors;
import dev.weft.net.loop.SocketDriver;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A socket that is being opened.
 *
 * @param <T> {@link TcpStream}, {@link TcpListener} or {@link UdpSocket}
 */
abstract class Opening<T> extends Acquiring<T> {
  /** Opens the socket on the executor's loop, once the address is known. */
  final Task<T> start(AsyncExecutor executor, CompletableFuture<InetSocketAddress> address) {
    address
        .thenAccept(
            known -> {
              SocketDriver driver = SocketDriver.of(executor);
              driver.execute(() -> attempt(driver, known));
            })
        .whenComplete(
            (started, error) -> {
              if (error != null) {
                completeExceptionally(causeOf(error));
              }
            });
    return this;
  }

  /** Starts to open it; ends with {@link #deliver} or a failure. On the loop's thread. */
  abstract void open(SocketDriver driver, InetSocketAddress address);

  /** Opens it, unless it was cancelled. On the loop's thread. */
  final void attempt(SocketDriver driver, InetSocketAddress address) {
    if (isDone()) {
      return; // cancelled before it began
    }
    try {
      open(driver, address);
    } catch (Throwable error) { // no more file descriptors, for example
      completeExceptionally(SocketErrors.broken(SocketErrors.format(address), error).get());
    }
  }

  /**
   * Sets a new channel up and registers it, or else closes it. On the loop's thread.
   *
   * @param register registers it, or throws
   * @param undo for what was set up, if it could not be registered
   */
  static <S> S register(
      SocketDriver driver,
      Channel channel,
      Supplier<S> setUp,
      Consumer<S> register,
      BiConsumer<S, Throwable> undo) {
    S socket = null;
    try {
      socket = setUp.get();
      register.accept(socket);
      return socket;
    } catch (Throwable refused) { // by the kernel an option, or by a loop that closes the channel
      driver.discard(channel);
      if (socket != null) {
        undo.accept(socket, refused);
      }
      throw refused;
    }
  }
}
