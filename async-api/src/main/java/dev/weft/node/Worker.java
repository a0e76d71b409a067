package dev.weft.node;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.node.host.HostLoop;
import dev.weft.node.host.Uninterrupted;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A second event loop on a thread of its own, for work that computes: Node's {@code
 * worker_threads}. The two loops share nothing and send each other messages.
 *
 * <pre>{@code
 * Worker worker = Worker.start(port ->
 *     port.onMessage(n -> port.postMessage(fibonacci((int) n))));
 * worker.onMessage(result -> System.out.println(result));
 * worker.postMessage(40);
 * }</pre>
 *
 * <p>The worker ends when nothing keeps its loop alive, a port with a listener included; when an
 * exception leaves one of its callbacks; or by {@link #terminate}. Until then it keeps the loop
 * alive that has started it. Methods are for the thread of that loop, except {@link #postMessage},
 * which is for any.
 */
public final class Worker {
  private static final AtomicInteger NUMBER = new AtomicInteger();

  private static final int TERMINATED = 1;

  private final HostLoop parent;
  private final MessagePort port;
  private final Task<Integer> exit = new Task<>();
  private final AsyncExecutor executor;
  private final CountDownLatch connected = new CountDownLatch(1);
  private @Nullable Consumer<? super Throwable> errorHandler;
  private @Nullable IntConsumer exitHandler;
  private boolean keepsAlive;
  private volatile boolean terminated;

  private Worker(HostLoop parent, Consumer<MessagePort> main) {
    this.parent = parent;
    this.port = new MessagePort(parent);
    executor =
        parent.startAnother(
            parent.name() + "-worker-" + NUMBER.getAndIncrement(), () -> begin(main));
    Uninterrupted.await(connected); // else the first messages would find no other end
  }

  /**
   * Starts a worker.
   *
   * @param main called on the worker's thread, with its end of the channel to this loop
   * @throws IllegalStateException if the calling thread is not that of a {@link
   *     dev.weft.NodeExecutor}
   */
  public static Worker start(Consumer<MessagePort> main) {
    HostLoop parent = HostLoop.current("Worker.start");
    Worker worker = new Worker(parent, main);
    worker.ref();
    return worker;
  }

  /** On the worker's thread. */
  private void begin(Consumer<MessagePort> main) {
    HostLoop loop = HostLoop.current("a worker");
    MessagePort inner = new MessagePort(loop);
    MessagePort.connect(port, inner);
    connected.countDown();
    loop.onFatal(error -> parent.post(() -> failed(error)));
    loop.onExited(code -> parent.post(() -> parent.onClosing(() -> ended(code))));
    main.accept(inner);
  }

  /** Sends a message to the worker, as {@link MessagePort#postMessage}. */
  public void postMessage(Object message) {
    port.postMessage(message);
  }

  /** Sets what gets the worker's messages. */
  public void onMessage(Consumer<Object> listener) {
    port.onMessage(listener);
    port.unref(); // it is the worker that keeps the loop alive
  }

  /**
   * Sets what gets the exception that has ended the worker. Without it that is an uncaught
   * exception of this loop.
   */
  public void onError(Consumer<? super Throwable> handler) {
    parent.check();
    errorHandler = handler;
  }

  /** Sets what is called in the closing phase when the worker has ended, with its exit code. */
  public void onExit(IntConsumer handler) {
    parent.check();
    exitHandler = handler;
  }

  /** Ends the worker when its running callback is over. Returns its exit code, which is 1. */
  public Task<Integer> terminate() {
    parent.check();
    terminated = true;
    executor.shutdownNow();
    return exit;
  }

  /** Keeps the loop alive that has started the worker, as it does from the start. */
  public void ref() {
    parent.check();
    if (!keepsAlive && !exit.isDone()) {
      keepsAlive = true;
      parent.reference(1);
    }
  }

  /** Lets that loop end while the worker runs; the worker is terminated then. */
  public void unref() {
    parent.check();
    if (keepsAlive) {
      keepsAlive = false;
      parent.reference(-1);
    }
  }

  private void failed(Throwable error) {
    Consumer<? super Throwable> handler = errorHandler;
    if (handler == null) {
      parent.uncaught(error);
    } else {
      handler.accept(error);
    }
  }

  private void ended(int code) {
    unref();
    port.close();
    parent.forget(executor);
    int shown = terminated ? TERMINATED : code;
    exit.complete(shown);
    IntConsumer handler = exitHandler;
    if (handler != null) {
      handler.accept(shown);
    }
  }

  /** The worker's executor, to spawn tasks on it. From any thread. */
  public AsyncExecutor executor() {
    return executor;
  }
}
