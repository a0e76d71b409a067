package dev.weft.sync;

/**
 * A receiver of a {@link Broadcast} was so slow that messages it had not seen were overwritten.
 * Thrown once; the next receive gets the oldest message that is still there. Tokio's {@code
 * RecvError::Lagged}.
 *
 * <pre>{@code
 * static CompletableFuture<Void> follow(BroadcastReceiver<String> words) {
 *   while (true) {
 *     try {
 *       String word = await(words.receive());
 *       if (word == null) {
 *         return done();
 *       }
 *       System.out.println(word);
 *     } catch (LaggedException e) {
 *       System.out.println(e.missed() + " words were missed");
 *     }
 *   }
 * }
 * }</pre>
 */
public class LaggedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final long missed;

  /** An exception for so many messages that are lost to the receiver. */
  public LaggedException(long missed) {
    super("the receiver was too slow, and has missed messages: " + missed);
    this.missed = missed;
  }

  /** How many messages the receiver has missed. */
  public long missed() {
    return missed;
  }
}
