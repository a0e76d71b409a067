package dev.weft.sync;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.frame.Settled;
import dev.weft.handoff.WaitQueue;
import dev.weft.handoff.Waiting;
import dev.weft.select.Claim;
import dev.weft.select.Selectable;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind the ends of an {@link Mpsc}: the messages, and who waits to send. See {@link
 * Inlet} for the lock and for the receiver.
 *
 * <h2>Who waits to send</h2>
 *
 * Those who find no room stand in {@link #line}. Whoever makes room {@linkplain #admit admits} the
 * first of them under the same lock: its message is in the channel then, and nobody who comes later
 * is before it. Their tasks end when the lock is free ({@link #onRoom}), by whichever thread is
 * first to see them in {@link #admitted}.
 *
 * <p>So while somebody stands in the line there is no room, but for a moment in which one who was
 * cancelled has yet to leave it.
 *
 * <h2>A rendezvous</h2>
 *
 * has no room at all: the receiver takes a message from who stands first in the line. Two have to
 * decide then, and each may be cancelled, or a branch of a select, at any moment. The sender is
 * decided first. If it turns out that the receiver does not wait any more, the message comes back
 * as one does that was received by somebody who was halted: it is before all others, and its send
 * has ended. Nobody can tell the one from the other.
 */
final class MpscCore<T> extends Inlet<T> {
  private static final Task<@Nullable Void> SENT = Settled.value(null);

  private final int capacity;
  private final ArrayDeque<T> items = new ArrayDeque<>();
  private final WaitQueue<@Nullable Object> line = new WaitQueue<>();

  /** Those whose turn it was, and whose tasks are yet to end. */
  private @Nullable Offer admitted;

  private @Nullable Offer lastAdmitted;

  /** Permits that are out. */
  private int reserved;

  /** Handles that are not closed. */
  private int senders = 1;

  private boolean closed;
  private boolean dropped;

  private final Task<@Nullable Void> closing = new Task<>();

  MpscCore(int capacity) {
    super(new Object());
    this.capacity = capacity;
  }

  // ---- for the receiver

  @Override
  @Nullable T poll(@Nullable Claim claim) {
    T first = items.poll();
    return first == null && capacity == 0 ? takeOffer(claim) : first;
  }

  private @Nullable T takeOffer(@Nullable Claim claim) {
    Waiting<@Nullable Object> next;
    for (Waiting<@Nullable Object> at = line.peek(); at != null; at = next) {
      next = line.after(at);
      @SuppressWarnings("unchecked")
      Offer offer = (Offer) at;
      if (offer.claim == null || !offer.claim.isRivalOf(claim)) {
        line.remove(offer);
        if (offer.claim()) {
          enter(offer);
          return offer.message;
        }
      }
    }
    return null;
  }

  @Override
  boolean isAtEnd() {
    return dropped || ((closed || senders == 0) && reserved == 0 && line.isEmpty());
  }

  @Override
  void onTaken() {
    admit();
  }

  @Override
  boolean makesRoom() {
    return admitted != null;
  }

  @Override
  void onRoom() {
    while (true) {
      Offer offer;
      synchronized (lock) {
        offer = admitted;
        if (offer == null) {
          return;
        }
        admitted = offer.nextAdmitted;
        offer.nextAdmitted = null;
      }
      offer.grant();
    }
  }

  // ---- under the lock

  private int room() {
    return capacity - items.size() - returned() - reserved;
  }

  /** True if one who comes now may send. */
  private boolean isOpen(@Nullable Claim claim) {
    return line.isEmpty()
        && (room() > 0
            || (capacity == 0 && items.isEmpty() && returned() == 0 && isAwaitedByOther(claim)));
  }

  /** Lets in who waits for room, for as long as there is some. */
  @SuppressWarnings("unchecked")
  private void admit() {
    while (!line.isEmpty() && room() > 0) {
      Offer offer = (Offer) line.claimFirst();
      if (offer == null) {
        return;
      }
      if (offer.message != null) {
        items.add(offer.message);
      } else {
        reserved++;
      }
      enter(offer);
    }
  }

  private void enter(Offer offer) {
    if (admitted == null) {
      admitted = offer;
    } else if (lastAdmitted != null) {
      lastAdmitted.nextAdmitted = offer;
    }
    lastAdmitted = offer;
  }

  // ---- senders

  Task<@Nullable Void> send(T message) {
    Offer offer = null;
    synchronized (lock) {
      if (closed) {
        return refused();
      }
      if (isOpen(null)) {
        items.add(message);
      } else {
        offer = new Offer(message, null);
        line.add(offer);
      }
      if (!isAwaited()) {
        return sent(offer);
      }
    }
    deliver();
    return sent(offer);
  }

  @SuppressWarnings("unchecked")
  private static Task<@Nullable Void> sent(@Nullable Task<?> offer) {
    return offer == null ? SENT : (Task<@Nullable Void>) offer;
  }

  boolean trySend(T message) {
    synchronized (lock) {
      if (closed) {
        throw closed();
      }
      if (!isOpen(null)) {
        return false;
      }
      items.add(message);
    }
    deliver();
    return true;
  }

  Selectable<@Nullable Void> onSend(T message) {
    return new Selectable<@Nullable Void>() {
      @Override
      protected Task<@Nullable Void> start(Claim claim) {
        return send(message, claim, this);
      }
    };
  }

  private Task<@Nullable Void> send(T message, Claim claim, Object operation) {
    Offer offer = null;
    synchronized (lock) {
      if (closed || isOpen(claim)) {
        if (!claim.win(operation)) {
          return beaten();
        }
        if (closed) {
          return refused();
        }
        items.add(message);
      } else {
        offer = new Offer(message, claim);
        line.add(offer);
      }
    }
    deliver();
    return sent(offer);
  }

  @SuppressWarnings("unchecked")
  Task<MpscPermit<T>> reserve() {
    if (capacity == 0) {
      throw new UnsupportedOperationException("a rendezvous has no room that could be reserved");
    }
    Offer offer = new Offer(null, null);
    synchronized (lock) {
      if (closed) {
        return Settled.failure(closed());
      }
      if (!isOpen(null)) {
        line.add(offer);
        return (Task<MpscPermit<T>>) (Task<?>) offer;
      }
      reserved++;
    }
    offer.claim();
    offer.grant();
    return (Task<MpscPermit<T>>) (Task<?>) offer;
  }

  @Nullable MpscPermit<T> tryReserve() {
    synchronized (lock) {
      if (closed) {
        throw closed();
      }
      if (capacity == 0 || !isOpen(null)) {
        return null;
      }
      reserved++;
    }
    return new MpscPermit<>(this);
  }

  void sendReserved(T message) {
    synchronized (lock) {
      reserved--;
      if (!dropped) {
        items.add(message);
      }
    }
    deliver();
  }

  void giveBackPermit() {
    synchronized (lock) {
      reserved--;
      admit();
    }
    onRoom();
    deliver();
  }

  void addSender() {
    synchronized (lock) {
      senders++;
    }
  }

  void removeSender() {
    synchronized (lock) {
      senders--;
    }
    deliver(); // the end, if it was the last one
  }

  private static <V extends @Nullable Object> Task<V> refused() {
    return Settled.failure(closed());
  }

  private static ChannelClosedException closed() {
    return new ChannelClosedException("the receiver was closed: nobody will have the message");
  }

  // ---- closing

  void close() {
    synchronized (lock) {
      closed = true;
    }
    while (true) {
      Waiting<@Nullable Object> offer;
      synchronized (lock) {
        offer = line.claimFirst();
      }
      if (offer == null) {
        break;
      }
      offer.refuse(closed());
    }
    closing.complete(null);
    deliver(); // the end, if nothing is here
  }

  /** Closes it, and forgets what is here and what permits still bring. */
  void drop() {
    close();
    synchronized (lock) {
      dropped = true;
      items.clear();
      dropReturned();
    }
    deliver();
  }

  Task<@Nullable Void> whenClosed() {
    return Async.shield(closing);
  }

  boolean isClosed() {
    synchronized (lock) {
      return closed;
    }
  }

  boolean isEnding() {
    synchronized (lock) {
      return closed || senders == 0;
    }
  }

  int size() {
    synchronized (lock) {
      return items.size() + returned();
    }
  }

  int freePlaces() {
    synchronized (lock) {
      return Math.max(0, room());
    }
  }

  /** Who waits to send a message, or for a permit. */
  private final class Offer extends Waiting<@Nullable Object> {
    /** What is to be sent; null for a permit. */
    final @Nullable T message;

    final @Nullable Claim claim;

    /** The next one in {@link #admitted}. */
    @Nullable Offer nextAdmitted;

    Offer(@Nullable T message, @Nullable Claim claim) {
      super(claim);
      this.message = message;
      this.claim = claim;
    }

    @Override
    protected String describeWait() {
      return "room in a channel that is full";
    }

    @SuppressWarnings("NullAway") // null stands for Void
    void grant() {
      grant(message == null ? new MpscPermit<>(MpscCore.this) : null);
    }

    @Override
    protected void onWithdrawn() {
      synchronized (lock) {
        line.remove(this);
        admit(); // those behind it, if it stood there when room was made
      }
      onRoom();
      deliver(); // the end, if it was the last one
    }

    /** {@inheritDoc} A permit; a message was sent, and stays where it is. */
    @Override
    protected void giveBack(@Nullable Object permit) {
      if (permit instanceof MpscPermit<?> unused) {
        unused.close();
      }
    }
  }
}
