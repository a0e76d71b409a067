package dev.weft.net;

import io.netty.channel.ChannelFuture;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What stands between a stream and its socket and has an end of its own in each direction, which is
 * not the socket's. On the loop's thread.
 */
abstract class Layer {
  /** It is in place. */
  abstract void begun();

  /** Whether an event of the pipeline says that the peer has ended its output in order. */
  abstract boolean isEndOfInput(Object event);

  /** Why it is a failure if the socket's input ends before that. */
  abstract IOException truncated();

  /** Tells the peer that there is no more output. What was written before is sent before. */
  abstract ChannelFuture endOutput();

  /** What the user is told when the pipeline has failed with this. */
  abstract @Nullable Throwable failure(@Nullable Throwable cause);
}
