package dev.weft.net;

import dev.weft.Task;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The incoming bytes of a stream: as they arrive ({@link #read}), or by count, by line and by
 * delimiter. The methods can be mixed: each goes on where the one before has ended, as with Tokio's
 * {@code AsyncBufRead} and {@code AsyncReadExt}.
 *
 * <pre>{@code
 * static CompletableFuture<byte[]> request(ByteReader in) {
 *   String head = await(in.readLine(80)); // "PUT 1234", say
 *   if (head == null) {
 *     return done(null); // the end of the stream
 *   }
 *   ByteBuf body = await(in.readExactly(Integer.parseInt(head.substring(4))));
 *   byte[] bytes = ByteBufUtil.getBytes(body);
 *   body.release();
 *   return done(bytes);
 * }
 * }</pre>
 *
 * <p><b>All or nothing.</b> A method takes what it hands out and nothing else. If it fails, for a
 * limit, a time, the end of the stream, or is cancelled, what had arrived is still there for the
 * next one. Tokio's and Kotlin's lose in such a case what they had gathered, which their users find
 * out late (tokio-rs/tokio#1495 asks which of them may be cancelled). Only {@link #skip} cannot
 * take back what it has dropped.
 *
 * <p><b>Memory.</b> What a method gathers counts beyond {@link TcpOptions#receiveLimit}: it takes
 * as much as the caller has asked for or given as a limit, and grows with what arrives, not with
 * what was announced.
 *
 * <p><b>Buffers</b> that are handed out belong to the caller, who releases them or hands them on.
 *
 * <p><b>Threads.</b> As of the stream: from any, none blocks, and one operation may wait at a time.
 * All fail with {@link IOException}s of the stream.
 */
public interface ByteReader {
  /**
   * Reads what has arrived.
   *
   * @return the next bytes, at least one; null at the end of the stream, when the peer has ended
   *     its output and everything before was read. Fails with {@link java.net.SocketException} if
   *     the connection is broken or this side closed it, with {@link
   *     java.net.SocketTimeoutException} if it was {@link TcpOptions#idleTimeout idle} for too
   *     long, after which it can still be used.
   */
  Task<@Nullable ByteBuf> read();

  /**
   * Reads so many bytes.
   *
   * @param bytes 0 or more
   * @return a buffer with just these; fails with {@link java.io.EOFException} if the stream ends
   *     before
   */
  Task<ByteBuf> readExactly(int bytes);

  /**
   * Reads up to a delimiter.
   *
   * @param delimiter one byte or more
   * @param limit how many bytes there may be before it
   * @return what was read, the delimiter included; what is left if the stream ends without one;
   *     null at its end. Fails with {@link TooLongException} when there is none within the limit
   */
  Task<@Nullable ByteBuf> readUntil(byte[] delimiter, int limit);

  /**
   * Reads a line of UTF-8.
   *
   * @see #readLine(int, Charset)
   */
  default Task<@Nullable String> readLine(int limit) {
    return readLine(limit, StandardCharsets.UTF_8);
  }

  /**
   * Reads a line, up to a line feed. That and a carriage return before it do not belong to the
   * line; a carriage return alone does not end one.
   *
   * @param limit how many bytes a line may have
   * @param charset in which a line feed is the byte 10, as in UTF-8 and the ISO 8859s
   * @return the line; what is left if the stream ends without a line feed; null at its end. Fails
   *     with {@link TooLongException} when the line is longer
   */
  Task<@Nullable String> readLine(int limit, Charset charset);

  /**
   * Reads to the end of the stream.
   *
   * @param limit how many bytes there may be
   * @return all of them; fails with {@link TooLongException} as soon as there are more
   */
  Task<ByteBuf> readAll(int limit);

  /**
   * Looks at what comes next, and leaves it.
   *
   * @param bytes how many to wait for
   * @return a copy of the next bytes: so many, or fewer if the stream ends before
   */
  Task<ByteBuf> peek(int bytes);

  /**
   * Drops what comes next.
   *
   * @param bytes how many
   * @return how many were dropped: fewer if the stream has ended before. Cancelled, it has dropped
   *     some of them
   */
  Task<Long> skip(long bytes);
}
