package dev.weft.sync;

import dev.weft.Async;
import dev.weft.Task;
import org.jspecify.annotations.Nullable;

/**
 * A channel for one message. What a {@link Task} that somebody completes does not tell: the sender
 * learns that nobody waits for the answer any more, and the receiver that there will be none.
 * Tokio's {@code oneshot::channel}.
 *
 * <pre>{@code
 * static CompletableFuture<Integer> ask(MpscSender<OneshotSender<Integer>> counter) {
 *   Oneshot<Integer> answer = new Oneshot<>();
 *   try (OneshotReceiver<Integer> receiver = answer.receiver()) {
 *     await(counter.send(answer.sender()));
 *     return done(await(receiver.receive()));
 *   }
 * }
 * }</pre>
 *
 * @param <T> the type of the message
 */
public final class Oneshot<T> {
  private final OneshotSender<T> sender;
  private final OneshotReceiver<T> receiver;

  /** A channel without a message. */
  public Oneshot() {
    Core<T> core = new Core<>();
    sender = new OneshotSender<>(core);
    receiver = new OneshotReceiver<>(core);
  }

  /** The end at which the message goes in. */
  public OneshotSender<T> sender() {
    return sender;
  }

  /** The end at which it comes out. */
  public OneshotReceiver<T> receiver() {
    return receiver;
  }

  /** What stands behind both; see {@link Inlet}. */
  static final class Core<T> extends Inlet<T> {
    private @Nullable T message;
    private boolean sent;
    private boolean senderClosed;
    private boolean receiverClosed;
    private final Task<@Nullable Void> closing = new Task<>();

    Core() {
      super(new Object());
    }

    @Override
    @Nullable T poll(dev.weft.select.@Nullable Claim claim) {
      T there = message;
      message = null;
      return there;
    }

    @Override
    boolean isAtEnd() {
      return sent || receiverClosed;
    }

    @Override
    @Nullable RuntimeException failure() {
      return senderClosed && !sent && !receiverClosed
          ? new ChannelClosedException("the sender was closed, and has sent nothing")
          : null;
    }

    boolean send(T value) {
      synchronized (lock) {
        if (sent || senderClosed) {
          throw new IllegalStateException("a message was sent before, or this sender was closed");
        }
        sent = true;
        if (receiverClosed) {
          return false;
        }
        message = value;
      }
      deliver();
      return true;
    }

    void closeSender() {
      synchronized (lock) {
        senderClosed = true;
      }
      deliver();
    }

    void closeReceiver() {
      synchronized (lock) {
        receiverClosed = true;
      }
      closing.complete(null);
      deliver();
    }

    boolean isReceiverClosed() {
      synchronized (lock) {
        return receiverClosed;
      }
    }

    Task<@Nullable Void> whenClosed() {
      return Async.shield(closing);
    }
  }
}
