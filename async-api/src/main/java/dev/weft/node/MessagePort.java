package dev.weft.node;

import dev.weft.node.host.HostLoop;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One end of a channel between two event loops: Node's {@code MessagePort}. A message is handed
 * over as it is, not copied, so send what nobody changes any more. Messages arrive in the order in
 * which they were sent, each as a callback of the poll phase; those that come before somebody
 * listens wait.
 *
 * <p>{@link #postMessage} may be called from any thread, the rest on the thread of the loop that
 * the port belongs to, else {@link IllegalStateException}.
 *
 * <pre>{@code
 * Worker squares =
 *     Worker.start(
 *         (MessagePort port) ->
 *             port.onMessage(
 *                 number -> {
 *                   port.postMessage((int) number * (int) number);
 *                   port.close(); // nothing keeps the worker alive any more
 *                 }));
 * squares.onMessage(square -> System.out.println(square));
 * squares.postMessage(7);
 * }</pre>
 */
public final class MessagePort {
  private final HostLoop owner;
  private volatile @Nullable MessagePort peer;

  // Confined to the owner's thread.
  private final ArrayDeque<Object> waiting = new ArrayDeque<>();
  private @Nullable Consumer<Object> listener;
  private boolean keepsAlive;
  private boolean closed;

  MessagePort(HostLoop owner) {
    this.owner = owner;
  }

  /** Connects two ports; before either is handed out. */
  static void connect(MessagePort one, MessagePort other) {
    one.peer = other;
    other.peer = one;
  }

  /** Sends a message to the other end. It is dropped if that has been closed, or its loop ended. */
  public void postMessage(Object message) {
    Objects.requireNonNull(message, "message"); // here, and not on the receiver's loop
    MessagePort other = peer;
    if (other != null) {
      other.owner.post(() -> other.deliver(message));
    }
  }

  /**
   * Sets what gets the messages, and keeps this end's loop alive from here on, until {@link #close}
   * or {@link #unref}.
   */
  public void onMessage(Consumer<Object> newListener) {
    owner.check();
    boolean first = listener == null;
    listener = newListener;
    if (first && !closed) {
      ref();
      for (int i = waiting.size(); i > 0; i--) {
        owner.post(this::deliverOne);
      }
    }
  }

  /** Takes no more messages, and lets this end's loop end. */
  public void close() {
    owner.check();
    unref();
    closed = true;
    waiting.clear();
  }

  /** Keeps this end's loop alive. */
  public void ref() {
    owner.check();
    if (!keepsAlive && !closed) {
      keepsAlive = true;
      owner.reference(1);
    }
  }

  /** Lets this end's loop end although somebody listens. */
  public void unref() {
    owner.check();
    if (keepsAlive) {
      keepsAlive = false;
      owner.reference(-1);
    }
  }

  private void deliver(Object message) {
    if (closed) {
      return;
    }
    waiting.add(message);
    if (listener != null) {
      deliverOne();
    }
  }

  private void deliverOne() {
    Object message = waiting.poll();
    Consumer<Object> current = listener;
    if (message != null && current != null) {
      current.accept(message);
    }
  }
}
