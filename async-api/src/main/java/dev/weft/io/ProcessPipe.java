package dev.weft.io;

import dev.weft.stream.AsyncStream;
import dev.weft.time.Nanos;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A stream from a child process. No interrupt ends a read of a pipe, so it is closed under a read
 * that is to be given up: the thread stays in the kernel until the pipe ends, or something comes.
 *
 * <p>When the child has exited, the JDK takes out of the pipe what is there and closes it, unless a
 * read is under way. That one comes to the pipe's end as a rule. If a process that the child has
 * left behind keeps the pipe open it does not; so a read that goes on for a time after the exit,
 * and brings nothing, is taken for the end.
 */
final class ProcessPipe implements BlockingStream.Source<ByteBuffer> {
  /** What the JDK reads at a time. */
  private static final int CHUNK = 8192;

  private final InputStream in;
  private final String name;
  private final long linger;

  // ---- guarded by this

  private @Nullable BlockingStream<?> stream;
  private boolean reading;
  private boolean exited;
  private boolean closed;
  private @Nullable CompletableFuture<?> timer;

  ProcessPipe(InputStream in, String name, Duration linger) {
    this.in = in;
    this.name = name;
    this.linger = Nanos.of(linger);
  }

  AsyncStream<ByteBuffer> chunks() {
    return take(own -> own);
  }

  AsyncStream<String> lines(LineSplitter splitter) {
    return take(own -> new LineSource(own, splitter));
  }

  private synchronized <T> AsyncStream<T> take(
      Function<ProcessPipe, BlockingStream.Source<T>> source) {
    if (stream != null) {
      throw new IllegalStateException(
          name + " of a process has one consumer: it was asked for before");
    }
    BlockingStream<T> taken = BlockingStream.on(IoThreads.ALL, () -> source.apply(this));
    stream = taken;
    return taken.asStream();
  }

  // ---- the thread that reads

  @Override
  public @Nullable List<ByteBuffer> read() throws IOException {
    byte[] chunk = new byte[CHUNK];
    beginRead();
    int length;
    try {
      length = in.read(chunk);
    } finally {
      endRead();
    }
    return length < 0 ? null : List.of(ByteBuffer.wrap(chunk, 0, length));
  }

  private synchronized void beginRead() {
    reading = true;
    if (exited) {
      startTimer();
    }
  }

  private synchronized void endRead() {
    reading = false;
    if (timer != null) {
      timer.cancel(false);
      timer = null;
    }
  }

  @Override
  public boolean closesWhileReading() {
    return true;
  }

  @Override
  public void close() throws IOException {
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
    }
    in.close();
  }

  // ---- the process

  /** It has exited. */
  synchronized void exited() {
    exited = true;
    if (reading) {
      startTimer();
    }
  }

  private void startTimer() {
    CompletableFuture<?> started = IoThreads.after(linger);
    timer = started;
    started.thenRunAsync(() -> endIfSilent(started), IoThreads.POOL);
  }

  private void endIfSilent(CompletableFuture<?> which) {
    BlockingStream<?> silent;
    synchronized (this) {
      if (timer != which) {
        return;
      }
      silent = stream;
    }
    if (silent != null) {
      silent.endNow();
    }
  }

  /** Closes it, also if nobody has asked for it. Ends a consumer's stream. */
  void end() {
    BlockingStream<?> taken;
    synchronized (this) {
      taken = stream;
    }
    if (taken != null) {
      taken.closeAsync();
    }
    try {
      close();
    } catch (IOException unread) {
      // nothing is lost that somebody wants
    }
  }
}
