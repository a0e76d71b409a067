package dev.weft.net;

import dev.weft.Task;
import io.netty.channel.ChannelHandler;
import org.jspecify.annotations.Nullable;

/**
 * A stream that carries messages instead of bytes, by Netty's codecs or one's own: {@code
 * LineBasedFrameDecoder}, {@code LengthFieldBasedFrameDecoder}, {@code HttpServerCodec},
 * protobuf's, whatever is a {@link ChannelHandler}. Tokio's {@code Framed}.
 *
 * <pre>{@code
 * static CompletableFuture<Void> upperCase(TcpStream socket) {
 *   FramedStream<String, String> lines =
 *       await(
 *           FramedStream.over(
 *               socket,
 *               new LineBasedFrameDecoder(8192),
 *               new StringDecoder(StandardCharsets.UTF_8),
 *               new LineEncoder(StandardCharsets.UTF_8)));
 *   try (lines) {
 *     for (String line; (line = await(lines.read())) != null; ) {
 *       await(lines.write(line.toUpperCase(Locale.ROOT)));
 *     }
 *   }
 *   return done();
 * }
 * }</pre>
 *
 * <p>The handlers run on the stream's loop, inside the poll: they are to be short, and are not to
 * block. What they decode is kept for readers up to {@link TcpOptions#receiveLimit}; the peer waits
 * then. What they encode counts towards {@link TcpOptions#sendLimit}. A message that holds a buffer
 * belongs to who reads it, and one that is written belongs to the stream, as buffers do.
 *
 * <p><b>Threads, failures, cancellation</b> as of {@link ByteStream}: a read that is cancelled
 * loses no message. A decoder that fails ends the reading after what it has decoded before, as with
 * Tokio, since nobody knows where the next message begins; writing goes on, to tell the peer. An
 * encoder that fails fails the write, and nothing of that message is sent that it has not passed
 * on.
 *
 * @param <I> the type of the messages that are read
 * @param <O> the type of those that are written
 */
public final class FramedStream<I, O> implements AutoCloseable {
  private final ByteStream stream;
  private final Framing framing;

  FramedStream(ByteStream stream, Framing framing) {
    this.stream = stream;
    this.framing = framing;
  }

  /**
   * Puts codecs before a stream. What the stream has received and nobody has read goes through
   * them; what was written before is sent as it is.
   *
   * @param stream of which no read and no write waits; its own reading and writing methods fail
   *     with {@link IllegalStateException} from now on, until {@link #unframed}
   * @param codecs the one next to the socket first; of this stream alone, unless sharable
   * @param <I> what they decode to; not checked
   * @param <O> what they encode; not checked
   * @return the framed stream, when the codecs are in place; at once on the stream's loop. Fails if
   *     the stream is closed, with {@link IllegalStateException} if it is framed already, or with
   *     what a handler's {@code handlerAdded} has thrown
   */
  public static <I, O> Task<FramedStream<I, O>> over(ByteStream stream, ChannelHandler... codecs) {
    return Framing.begin(stream, codecs);
  }

  /**
   * Reads the next message.
   *
   * @return the message; null at the end of the stream. Fails with {@link java.io.IOException} if
   *     the connection or a decoder has failed
   */
  @SuppressWarnings("unchecked") // the codecs decode to it, says who has chosen them
  public Task<@Nullable I> read() {
    return (Task<@Nullable I>) framing.read();
  }

  /**
   * Writes a message, which belongs to the stream from here on.
   *
   * @return complete when it is accepted: see {@link ByteWriter#write}. Fails with what an encoder
   *     has thrown, if it has
   */
  public Task<@Nullable Void> write(O message) {
    return framing.write(message);
  }

  /** As {@link ByteWriter#shutdownOutput}. */
  public Task<@Nullable Void> shutdownOutput() {
    return stream.shutdownOutput();
  }

  /**
   * Takes the codecs away again: for a protocol that changes, as HTTP does to WebSocket. What a
   * decoder has received and not decoded is read as bytes then, if it is one of Netty's {@code
   * ByteToMessageDecoder}s.
   *
   * @return the stream; fails with {@link IllegalStateException} if there are messages that were
   *     not read, or a read or a write waits
   */
  public Task<ByteStream> unframed() {
    return framing.end();
  }

  /** What carries it: for addresses, and to keep a node program alive or not. */
  public ByteStream stream() {
    return stream;
  }

  /** As {@link ByteStream#reset}. */
  public void reset() {
    stream.reset();
  }

  /** As {@link ByteStream#close}: what was written before is still sent. */
  @Override
  public void close() {
    stream.close();
  }

  /** The peer's address. */
  @Override
  public String toString() {
    return stream.toString();
  }
}
