package dev.weft.sync;

/**
 * A message cannot be sent, as nobody will receive it any more; or none comes where one was
 * certain. Tokio's {@code SendError} and {@code RecvError}.
 *
 * <pre>{@code
 * static CompletableFuture<Boolean> offer(MpscSender<String> words, String word) {
 *   try {
 *     await(words.send(word));
 *     return done(true);
 *   } catch (ChannelClosedException e) {
 *     return done(false); // the word was not sent
 *   }
 * }
 * }</pre>
 */
public class ChannelClosedException extends IllegalStateException {
  private static final long serialVersionUID = 1;

  /** An exception that says which end was closed. */
  public ChannelClosedException(String message) {
    super(message);
  }
}
