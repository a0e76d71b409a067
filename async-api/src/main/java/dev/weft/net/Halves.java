package dev.weft.net;

import dev.weft.Task;
import io.netty.buffer.ByteBuf;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The two halves of a stream, for two owners. Tokio's {@code into_split}.
 *
 * <pre>{@code
 * static CompletableFuture<Void> send(Halves.Writer out, AsyncStream<String> lines) {
 *   try (out) {
 *     for (String line; (line = await(lines.next())) != null; ) {
 *       await(out.writeAll(line + "\n"));
 *     }
 *   }
 *   return done();
 * }
 *
 * static CompletableFuture<Void> chat(TcpStream socket, AsyncStream<String> others) {
 *   Halves halves = socket.split();
 *   Task<Void> sending = Async.spawn(() -> send(halves.writer(), others));
 *   try (Halves.Reader in = halves.reader()) {
 *     for (String line; (line = await(in.readLine(1024))) != null; ) {
 *       System.out.println(line);
 *     }
 *   }
 *   await(sending);
 *   return done();
 * }
 * }</pre>
 */
public final class Halves {
  private final ByteStream stream;
  private final Reader reader;
  private final Writer writer;
  private final AtomicInteger open = new AtomicInteger(2);

  Halves(ByteStream stream) {
    this.stream = stream;
    this.reader = new Reader();
    this.writer = new Writer();
  }

  /** The reading half; the same one every time. */
  public Reader reader() {
    return reader;
  }

  /** The writing half; the same one every time. */
  public Writer writer() {
    return writer;
  }

  private void closeOne() {
    if (open.decrementAndGet() == 0) {
      stream.close();
    }
  }

  /**
   * The incoming direction.
   *
   * <pre>{@code
   * static CompletableFuture<Long> count(Halves.Reader in) {
   *   try (in) {
   *     return done(await(in.skip(Long.MAX_VALUE)));
   *   }
   * }
   * }</pre>
   */
  public final class Reader implements ByteReader, AutoCloseable {
    private boolean closed;

    private Reader() {}

    @Override
    public Task<@Nullable ByteBuf> read() {
      return stream.read();
    }

    @Override
    public Task<ByteBuf> readExactly(int bytes) {
      return stream.readExactly(bytes);
    }

    @Override
    public Task<@Nullable ByteBuf> readUntil(byte[] delimiter, int limit) {
      return stream.readUntil(delimiter, limit);
    }

    @Override
    public Task<@Nullable String> readLine(int limit, Charset charset) {
      return stream.readLine(limit, charset);
    }

    @Override
    public Task<ByteBuf> readAll(int limit) {
      return stream.readAll(limit);
    }

    @Override
    public Task<ByteBuf> peek(int bytes) {
      return stream.peek(bytes);
    }

    @Override
    public Task<Long> skip(long bytes) {
      return stream.skip(bytes);
    }

    /** Nobody reads any more. The stream is closed if the other half is, too. */
    @Override
    public void close() {
      synchronized (this) {
        if (closed) {
          return;
        }
        closed = true;
      }
      closeOne();
    }
  }

  /**
   * The outgoing direction.
   *
   * <pre>{@code
   * static CompletableFuture<Void> greet(Halves.Writer out) {
   *   try (out) { // the peer sees the end after it, and may still send
   *     await(out.writeAll("hello\n"));
   *   }
   *   return done();
   * }
   * }</pre>
   */
  public final class Writer implements ByteWriter, AutoCloseable {
    private boolean closed;

    private Writer() {}

    @Override
    public Task<@Nullable Void> write(ByteBuf buf) {
      return stream.write(buf);
    }

    @Override
    public Task<@Nullable Void> writeAll(List<ByteBuf> bufs) {
      return stream.writeAll(bufs);
    }

    @Override
    public Task<@Nullable Void> writeAll(byte[] bytes) {
      return stream.writeAll(bytes);
    }

    @Override
    public Task<@Nullable Void> sendFile(Path file, long position, long count) {
      return stream.sendFile(file, position, count);
    }

    @Override
    public Task<@Nullable Void> shutdownOutput() {
      return stream.shutdownOutput();
    }

    /**
     * Ends the outgoing direction, in the background. The stream is closed if the other half is,
     * too.
     */
    @Override
    public void close() {
      synchronized (this) {
        if (closed) {
          return;
        }
        closed = true;
      }
      stream.shutdownOutput();
      closeOne();
    }
  }
}
