package dev.weft.net;

import dev.weft.Task;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The outgoing bytes of a stream: buffers, arrays, text, a part of a file.
 *
 * <pre>{@code
 * static CompletableFuture<Void> answer(ByteWriter out, Path file) {
 *   long bytes = await(Async.spawnBlocking(() -> Files.size(file)));
 *   await(out.writeAll("200 " + bytes + "\n"));
 *   await(out.sendFile(file, 0, bytes));
 *   await(out.shutdownOutput());
 *   return done();
 * }
 * }</pre>
 *
 * <p><b>Cancellation.</b> What was written before a write was cancelled is sent: of {@link #write}
 * all of it, of the others a part. So after a write that was cancelled or has failed, the peer
 * cannot tell what the next one is; end the stream.
 *
 * <p><b>Threads.</b> As of the stream: from any, none blocks, and one operation may wait at a time.
 */
public interface ByteWriter {
  /**
   * Writes a buffer. The buffer belongs to the stream from here on, also if the write fails.
   *
   * @return complete when the bytes are accepted: when all that is written and not yet sent fits
   *     into {@link TcpOptions#sendLimit}. They are sent soon after, in the order of the calls.
   *     Fails with {@link java.net.SocketException} if the connection is broken, closed, or shut
   *     down by {@link #shutdownOutput}; with {@link java.net.SocketTimeoutException} if it was
   *     idle for too long
   */
  Task<@Nullable Void> write(ByteBuf buf);

  /**
   * Writes buffers, in their order. They belong to the stream from here on, also if the write
   * fails. What is accepted together is sent by one system call, as far as the kernel takes it
   * (writev).
   *
   * @return complete when the last one is accepted, as with {@link #write}
   */
  Task<@Nullable Void> writeAll(List<ByteBuf> bufs);

  /**
   * Writes bytes. They are copied, a part at a time.
   *
   * @param bytes not to be changed before the task is complete
   * @return complete when the last one is accepted, as with {@link #write}
   */
  Task<@Nullable Void> writeAll(byte[] bytes);

  /** Writes text in UTF-8, as {@link #writeAll(byte[])} does. */
  default Task<@Nullable Void> writeAll(String text) {
    return writeAll(text.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Sends a part of a file. The kernel does so by itself where it can: sendfile(2), with epoll and
   * NIO. Where something stands between (TLS, io_uring), the file is read on a blocking thread, 64
   * KiB at a time. With sendfile a page that is not in memory is fetched inside the poll; the
   * sockets of other loops go on.
   *
   * @param position of the first byte
   * @param count how many
   * @return complete when the kernel has taken the last one; fails with {@link
   *     java.nio.file.NoSuchFileException} or another {@link java.io.IOException} if the file
   *     cannot be read, and with {@link java.io.EOFException} if it is shorter
   */
  Task<@Nullable Void> sendFile(Path file, long position, long count);

  /**
   * Ends the outgoing direction: the peer reads what was written before and then the end of the
   * stream. Reading goes on.
   *
   * @return complete when everything written is with the kernel, the end too. The same task every
   *     time.
   */
  Task<@Nullable Void> shutdownOutput();
}
