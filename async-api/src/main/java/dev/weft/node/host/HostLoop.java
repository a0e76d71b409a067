package dev.weft.node.host;

import dev.weft.AsyncExecutor;
import dev.weft.frame.Carrier;
import java.util.function.Consumer;
import java.util.function.IntConsumer;

/**
 * What a worker and the ends of its channel ask of the event loop that they belong to. For the
 * loop's thread, but for {@link #post} and {@link #name}.
 */
public interface HostLoop extends LoopThread {
  /**
   * The loop whose thread this is.
   *
   * @throws IllegalStateException on any other thread
   */
  static HostLoop current(String caller) {
    if (Carrier.current() instanceof HostLoop loop) {
      return loop;
    }
    throw new IllegalStateException(
        caller
            + " is for the thread of a NodeExecutor, and this is "
            + Thread.currentThread().getName());
  }

  /** That of its thread. */
  String name();

  /** Keeps the loop alive, or does no longer. */
  void reference(int difference);

  /** An exception that has left a callback. */
  void uncaught(Throwable error);

  /** Has a callback run in the closing phase. */
  void onClosing(Runnable callback);

  /** Sets what is told of the exception that ends the loop, in place of the log. */
  void onFatal(Consumer<? super Throwable> listener);

  /** Sets what is told last, after all exit hooks, with the exit code. */
  void onExited(IntConsumer listener);

  /**
   * Starts a second loop, which is ended with this one unless it was {@linkplain #forget forgotten}
   * by then. Its thread is a daemon: this loop keeps the JVM alive, for as long as it lives.
   *
   * @param main its main script
   */
  AsyncExecutor startAnother(String name, Runnable main);

  /** Such a loop has ended. */
  void forget(AsyncExecutor another);
}
