package dev.weft.net;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.frame.Settled;
import dev.weft.net.address.SocketErrors;
import io.netty.buffer.ByteBuf;
import io.netty.channel.DefaultFileRegion;
import io.netty.channel.FileRegion;
import io.netty.util.concurrent.Future;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A part of a file that is being sent. The file is opened on a blocking thread; then the kernel
 * sends it, or blocking threads read it for the stream to write, part by part.
 */
final class FileSending extends Task<@Nullable Void> {
  private final ByteStream stream;
  private final AsyncExecutor executor;
  private final Outbox outbox;
  private final Path path;
  private final long end;
  private long position;
  private volatile @Nullable Task<?> current;

  private FileSending(
      ByteStream stream,
      AsyncExecutor executor,
      Outbox outbox,
      Path path,
      long position,
      long count) {
    this.stream = stream;
    this.executor = executor;
    this.outbox = outbox;
    this.path = path;
    this.position = position;
    this.end = position + count;
  }

  static Task<@Nullable Void> start(
      ByteStream stream,
      AsyncExecutor executor,
      Outbox outbox,
      Path path,
      long position,
      long count) {
    if (position < 0 || count < 0 || position + count < 0) {
      throw new IllegalArgumentException(
          "position and count must not be negative, nor too large together: "
              + position
              + ", "
              + count);
    }
    FileSending sending = new FileSending(stream, executor, outbox, path, position, count);
    sending.open();
    return sending;
  }

  private void open() {
    await(
        executor.spawnBlocking(
            () -> {
              FileChannel file = FileChannel.open(path, StandardOpenOption.READ);
              try {
                if (file.size() < end) {
                  throw new EOFException(
                      path + ": Has " + file.size() + " bytes, and is to be sent up to " + end);
                }
                if (isDone()) { // cancelled: nobody closes it later
                  file.close();
                }
                return file;
              } catch (Throwable unusable) {
                file.close();
                throw unusable;
              }
            }),
        this::opened);
  }

  private void opened(FileChannel file) {
    if (isDone()) {
      close(file);
    } else if (position == end) {
      close(file);
      complete(null);
    } else if (stream.isTransparent()) {
      // it belongs to the region from here on, which closes it
      await(
          transfer(new DefaultFileRegion(file, position, end - position)), sent -> complete(null));
    } else {
      readNext(file);
    }
  }

  /** Complete when the kernel has it all. */
  private Task<@Nullable Void> transfer(FileRegion region) {
    PendingWrite sent = new PendingWrite(true);
    Throwable refusal = outbox.beginWaiting(sent);
    if (refusal != null) {
      region.release();
      return Settled.failure(refusal);
    }
    try {
      stream
          .driver()
          .execute(
              () -> {
                if (sent.isDone()) {
                  region.release(); // it was cancelled, or its loop has ended
                } else {
                  outbox.send(region).addListener(done -> onTransferred(sent, done));
                }
              });
    } catch (RejectedExecutionException loopHasEnded) {
      outbox.endWaiting(sent);
      if (sent.completeExceptionally(SocketErrors.closed(stream.toString()))) {
        region.release();
      }
    }
    return sent;
  }

  private void onTransferred(PendingWrite sent, Future<?> done) {
    outbox.endWaiting(sent);
    stream.touch();
    if (done.isSuccess()) {
      sent.complete(null);
    } else {
      stream.onBroken(done.cause()); // Netty tells nobody else
      sent.completeExceptionally(SocketErrors.broken(stream.toString(), done.cause()).get());
    }
  }

  private void readNext(FileChannel file) {
    if (isDone() || position == end) {
      close(file);
      complete(null);
      return;
    }
    int part = (int) Math.min(WritingAll.PART, end - position);
    Task<ByteBuf> reading = executor.spawnBlocking(() -> read(file, part));
    current = reading;
    reading.handle(
        (buf, error) -> {
          if (error != null) {
            close(file);
            completeExceptionally(error);
          } else {
            position += part;
            write(file, buf);
          }
          return null;
        });
  }

  private ByteBuf read(FileChannel file, int part) throws IOException {
    ByteBuf buf = stream.channel().alloc().buffer(part, part);
    try {
      while (buf.isWritable()) {
        if (buf.writeBytes(file, position + buf.readableBytes(), buf.writableBytes()) < 0) {
          throw new EOFException(path + ": Has become shorter while it was sent");
        }
      }
      return buf;
    } catch (Throwable unreadable) {
      buf.release();
      throw unreadable;
    }
  }

  private void write(FileChannel file, ByteBuf buf) {
    if (isDone()) {
      buf.release();
      close(file);
      return;
    }
    Task<@Nullable Void> write = stream.write(buf);
    current = write;
    write.handle(
        (accepted, error) -> {
          if (error != null) {
            close(file);
            completeExceptionally(error);
          } else {
            readNext(file);
          }
          return null;
        });
    if (isDone()) { // or who cancels it sees what it waits for
      write.cancel(false);
    }
  }

  private <T extends @Nullable Object> void await(Task<T> step, Consumer<T> next) {
    current = step;
    step.handle(
        (value, error) -> {
          if (error != null) {
            completeExceptionally(error);
          } else {
            next.accept(value);
          }
          return null;
        });
  }

  private static void close(FileChannel file) {
    try {
      file.close();
    } catch (IOException readOnly) {
      // nothing is lost by that
    }
  }

  @Override
  public boolean cancel(boolean mayInterruptIfRunning) {
    boolean cancelled = super.cancel(mayInterruptIfRunning);
    Task<?> step = current;
    if (cancelled && step != null && !step.isDone() && step instanceof PendingWrite) {
      step.cancel(false);
    }
    return cancelled;
  }

  @Override
  protected boolean stop() {
    return cancel(false) || isDone();
  }
}
