package dev.weft.sync;

import dev.weft.Task;
import dev.weft.frame.Settled;
import dev.weft.handoff.Present;
import dev.weft.handoff.Recurring;
import dev.weft.handoff.Waiting;
import dev.weft.select.Claim;
import dev.weft.select.Selectable;
import java.util.ArrayDeque;
import java.util.concurrent.CancellationException;
import org.jspecify.annotations.Nullable;

/**
 * The end of a channel from which one consumer at a time takes messages: how it waits for one, gets
 * it, and how what reaches nobody comes back. Where the messages come from is the subclass's.
 *
 * <h2>One lock, and nothing is called under it</h2>
 *
 * Everything here is guarded by {@link #lock}, which is the channel's. Under it is decided who gets
 * what ({@link Waiting#claim}); outcomes are given without it, as that runs what hangs on them.
 *
 * <h2>No message is lost or overtaken</h2>
 *
 * A message that is on its way to a consumer ({@link #delivering}) may come back, because nobody
 * awaits it any more. Until that is known nobody takes the next one: who asks for one waits, and
 * gets it from whoever delivers, when that looks again. What comes back goes before all others.
 *
 * <pre>
 *   sender: claims op1 for "A"           consumer: halted at op1, another one receives
 *           op1.grant("A") finds it            must not get "B": waits as op2
 *           abandoned: "A" comes back
 *           looks again: op2 gets "A"
 * </pre>
 *
 * @param <T> the type of the messages
 */
abstract class Inlet<T> {
  final Object lock;

  /** What came back, before what is in the channel. Null until something does. */
  private @Nullable ArrayDeque<T> returned;

  private @Nullable Waiting<T> waiting;
  private boolean delivering;

  /** What is used for one message after the other. */
  private Receiving receiving = new Receiving();

  private Ready ready = new Ready();

  Inlet(Object lock) {
    this.lock = lock;
  }

  // ---- the channel behind it; all but the last are called under the lock

  /**
   * Takes the next message out.
   *
   * @param claim of the select that asks, or null: not to be matched with itself
   * @return null if there is none
   */
  abstract @Nullable T poll(@Nullable Claim claim);

  /** True if there will be no message any more, once {@link #poll} has none. */
  abstract boolean isAtEnd();

  /** Why a consumer gets a failure before the next message; null if there is no reason. */
  @Nullable RuntimeException failure() {
    return null;
  }

  /** The failure was handed over: it comes once. */
  void onFailureTaken() {}

  /** A message was taken out. */
  void onTaken() {}

  /** A message that reached nobody comes back. */
  void putBack(T message) {
    if (returned == null) {
      returned = new ArrayDeque<>(2);
    }
    returned.addFirst(message);
  }

  /** Somebody is about to wait here. */
  void onWaiting() {}

  /** True if others can go on because a message was taken. */
  boolean makesRoom() {
    return false;
  }

  /** Lets them. Without the lock. */
  void onRoom() {}

  // ---- the consumer

  /** See {@link MpscReceiver#receive}. */
  @SuppressWarnings("NullAway") // a task of messages is one of messages or the end
  final Task<@Nullable T> receive() {
    Task<@Nullable T> received;
    boolean room = false;
    synchronized (lock) {
      if (isAwaited()) {
        return Settled.failure(busy());
      }
      T message = null;
      if (!delivering) {
        RuntimeException failure = failure();
        if (failure != null) {
          onFailureTaken();
          return Settled.failure(failure);
        }
        message = next(null);
        if (message == null && isAtEnd()) {
          return end();
        }
      }
      if (message == null) {
        return await();
      }
      received = ready(message);
      room = makesRoom();
    }
    if (room) {
      onRoom();
    }
    return received;
  }

  /** Takes a message if there is one; throws what comes in place of it. */
  final @Nullable T tryReceive() {
    T message = null;
    boolean room = false;
    synchronized (lock) {
      if (!delivering && !isAwaited()) {
        RuntimeException failure = failure();
        if (failure != null) {
          onFailureTaken();
          throw failure;
        }
        message = next(null);
        room = message != null && makesRoom();
      }
    }
    if (room) {
      onRoom();
    }
    return message;
  }

  final Selectable<T> onReceive() {
    return new Selectable<T>() {
      @Override
      protected Task<T> start(Claim claim) {
        return receive(claim, this);
      }
    };
  }

  private Task<T> receive(Claim claim, Object operation) {
    Task<T> received;
    boolean room;
    synchronized (lock) {
      if (isAwaited()) {
        return claim.win(operation) ? Settled.failure(busy()) : beaten();
      }
      Throwable failure = delivering ? null : failure();
      if (failure != null) {
        if (!claim.win(operation)) {
          return beaten();
        }
        onFailureTaken();
        return Settled.failure(failure);
      }
      T message = delivering ? null : next(claim);
      if (message == null && (delivering || !isAtEnd())) {
        SelectedReceiving selected = new SelectedReceiving(claim);
        waiting = selected;
        onWaiting();
        return selected;
      }
      boolean won = claim.win(operation);
      if (won) {
        received = message == null ? end() : ready(message);
      } else {
        received = beaten();
        if (message != null) {
          putBack(message);
        }
      }
      room = makesRoom();
    }
    if (room) {
      onRoom();
    }
    return received;
  }

  /** What an operation of a select is whose claim another has. */
  static <V extends @Nullable Object> Task<V> beaten() {
    return Settled.failure(new CancellationException("another operation of the select is it"));
  }

  private static IllegalStateException busy() {
    return new IllegalStateException(
        "another receive on this receiver has not ended: one consumer at a time");
  }

  // ---- under the lock

  /** True if somebody waits here. */
  final boolean isAwaited() {
    return waiting != null && !waiting.isDone();
  }

  private @Nullable T next(@Nullable Claim claim) {
    T first = returned == null ? null : returned.poll();
    if (first == null) {
      first = poll(claim);
    }
    if (first != null) {
      onTaken();
    }
    return first;
  }

  final int returned() {
    return returned == null ? 0 : returned.size();
  }

  /** Drops what came back. */
  final void dropReturned() {
    returned = null;
  }

  /** True if somebody waits for a message, and would not be matched with itself. */
  final boolean isAwaitedByOther(@Nullable Claim claim) {
    return isAwaited()
        && !delivering
        && !(waiting instanceof Inlet<T>.SelectedReceiving selected
            && selected.claim.isRivalOf(claim));
  }

  @SuppressWarnings("NullAway") // null stands for the end
  private Task<T> end() {
    return Settled.value(null);
  }

  private Task<T> ready(T message) {
    if (!ready.put(message)) {
      ready = new Ready();
      ready.put(message);
    }
    return ready;
  }

  private Task<T> await() {
    if (!receiving.fresh && !receiving.renew()) {
      receiving = new Receiving();
    }
    receiving.fresh = false;
    waiting = receiving;
    onWaiting();
    return receiving;
  }

  // ---- who delivers

  /**
   * Gives who waits what there is for it, until there is nothing. To be called without the lock by
   * whoever has put something in, or made the end come.
   */
  @SuppressWarnings("NullAway") // null stands for the end
  final void deliver() {
    while (true) {
      Waiting<T> receiver;
      T message = null;
      Throwable failure;
      boolean room;
      boolean claimed;
      synchronized (lock) {
        receiver = waiting;
        if (receiver == null || delivering) {
          return; // whoever delivers looks again
        }
        failure = failure();
        if (failure == null) {
          message = next(receiver instanceof Inlet<T>.SelectedReceiving it ? it.claim : null);
          if (message == null && !isAtEnd()) {
            onWaiting(); // it may have been called for one that waits no more, and not for this one
            return;
          }
        }
        waiting = null;
        claimed = receiver.claim();
        if (claimed) {
          delivering = true;
          if (failure != null) {
            onFailureTaken();
          }
        } else if (message != null) {
          putBack(message); // it waits no longer
        }
        room = makesRoom();
      }
      if (room) {
        onRoom();
      }
      if (claimed) {
        if (failure != null) {
          receiver.refuse(failure);
        } else {
          receiver.grant(message);
        }
        synchronized (lock) {
          delivering = false;
        }
      }
    }
  }

  private void giveBack(@Nullable T message) {
    if (message == null) {
      return; // the end
    }
    synchronized (lock) {
      putBack(message);
    }
    deliver();
  }

  private void forget(Waiting<T> receiver) {
    synchronized (lock) {
      if (waiting == receiver) {
        waiting = null;
      }
    }
  }

  /** One that waits, again and again. */
  private final class Receiving extends Recurring<T> {
    boolean fresh = true;

    @Override
    protected String describeWait() {
      return "a message of a channel";
    }

    @Override
    protected void onWithdrawn() {
      forget(this);
    }

    @Override
    protected void giveBack(T message) {
      Inlet.this.giveBack(message);
    }
  }

  /** One that waits in a select. */
  private final class SelectedReceiving extends Waiting<T> {
    final Claim claim;

    SelectedReceiving(Claim claim) {
      super(claim);
      this.claim = claim;
    }

    @Override
    protected String describeWait() {
      return "a message of a channel";
    }

    @Override
    protected void onWithdrawn() {
      forget(this);
    }

    @Override
    protected void giveBack(T message) {
      Inlet.this.giveBack(message);
    }
  }

  /** One that need not wait. */
  private final class Ready extends Present<T> {
    @Override
    protected void giveBack(T message) {
      Inlet.this.giveBack(message);
    }
  }
}
