package dev.weft.sync;

/**
 * A channel with many senders and one receiver, in the order of sending. Tokio's {@code
 * mpsc::channel}.
 *
 * <pre>{@code
 * static CompletableFuture<Integer> letters(List<String> words) {
 *   Mpsc<String> channel = Mpsc.bounded(16);
 *   Task<Void> producer = Async.spawn(() -> produce(channel.sender(), words));
 *   int letters = 0;
 *   for (String word; (word = await(channel.receiver().receive())) != null; ) {
 *     letters += word.length();
 *   }
 *   await(producer);
 *   return done(letters);
 * }
 *
 * static CompletableFuture<Void> produce(MpscSender<String> sender, List<String> words) {
 *   try (sender) {                       // the end of the loop above
 *     for (String word : words) {
 *       await(sender.send(word));        // waits while there are 16
 *     }
 *   }
 *   return done();
 * }
 * }</pre>
 *
 * <h2>How it ends</h2>
 *
 * <ul>
 *   <li>The receiver gets null when every sender was closed and it has got all messages. Tokio
 *       knows by {@code Drop} when the last sender has gone; Java has none, so {@linkplain
 *       MpscSender#close closing} is explicit, and a sender stands in a try-with-resources
 *       statement. One sender may be used by any number of tasks and be closed once, as a channel
 *       of Kotlin or Go is. Where several end independently of each other, each has a {@linkplain
 *       MpscSender#copy copy}: nobody has to know who is last, which is what users of Go ask about
 *       most.
 *   <li>The {@linkplain MpscReceiver#close receiver closes} too. Sends fail from then on, with
 *       {@link ChannelClosedException}; what is there, and what permits still bring, can be
 *       received.
 * </ul>
 *
 * <h2>What is kept</h2>
 *
 * No message is lost, doubled or overtaken, whatever is cancelled. A receive that is cancelled has
 * taken nothing, and one whose method is halted puts the message back before all others. A send
 * that is cancelled has not sent; if it had, its await returns, and the cancellation comes at the
 * next one. (Kotlin promises that a cancelled receive does not return, and loses the message: hence
 * its {@code onUndeliveredElement}.) Who waits to send is served in the order of coming.
 *
 * <p>Messages are not null. A send that finds room, and a receive that finds a message, neither
 * suspend nor allocate; nor does a receive that has to wait. From any thread.
 *
 * @param <T> the type of the messages
 */
public final class Mpsc<T> {
  private final MpscSender<T> sender;
  private final MpscReceiver<T> receiver;

  private Mpsc(int capacity) {
    MpscCore<T> core = new MpscCore<>(capacity);
    sender = new MpscSender<>(core);
    receiver = new MpscReceiver<>(core);
  }

  /**
   * A channel that holds so many messages; who sends more waits.
   *
   * @throws IllegalArgumentException if the capacity is less than 1
   */
  public static <T> Mpsc<T> bounded(int capacity) {
    if (capacity < 1) {
      throw new IllegalArgumentException(
          "the capacity is " + capacity + ", and has to be 1 or more");
    }
    return new Mpsc<>(capacity);
  }

  /**
   * A channel on which nobody ever waits to send. A receiver that is slower than its senders lets
   * it grow without a limit: {@link #bounded} is what to use where that can happen.
   */
  public static <T> Mpsc<T> unbounded() {
    return new Mpsc<>(Integer.MAX_VALUE);
  }

  /**
   * A channel that holds nothing: a send ends when the message was received. {@code trySend}
   * succeeds if somebody waits for it; there is nothing to {@code reserve}. Go's {@code make(chan
   * T)}.
   */
  public static <T> Mpsc<T> rendezvous() {
    return new Mpsc<>(0);
  }

  /** The first sender; the same one each time. */
  public MpscSender<T> sender() {
    return sender;
  }

  /** The receiver. */
  public MpscReceiver<T> receiver() {
    return receiver;
  }
}
