package dev.weft.io;

import dev.weft.AsyncCloseable;
import dev.weft.Task;
import dev.weft.time.Nanos;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The standard input of a child process.
 *
 * <pre>{@code
 * static CompletableFuture<Void> feed(AsyncProcess sort, AsyncStream<String> lines) {
 *   try (ProcessInput input = sort.stdin()) {
 *     for (String line; (line = await(lines.next())) != null; ) {
 *       await(input.write(line + "\n")); // waits while the child does not read
 *     }
 *   }                                    // it sees the end of its input
 *   return done();
 * }
 * }</pre>
 *
 * <p>Writes are done one after the other, in the order of the calls, on a thread that is no pool's.
 * What the child does not read fails when it has exited, or has closed its input; while it lives
 * and does not read, a write waits, as it does in a shell. Bytes are copied when {@code write} is
 * called, so await one write before the next, or they pile up here.
 *
 * <p><b>Cancellation.</b> A write that has not begun is not done. Who waits for one that has is let
 * go at once: a write into a pipe cannot be called back, so its bytes may still reach the child,
 * all of them and before those of the next write. (If a process that the child has left behind
 * keeps the input open and does not read it, a thread and the pipe stay until that ends: see {@link
 * AsyncProcessBuilder#killDescendants}.)
 */
public final class ProcessInput implements AsyncCloseable {
  private final OutputStream out;
  private final String name;
  private final long pid;

  // ---- guarded by this

  private final Queue<Step> steps = new ArrayDeque<>();

  /** What the thread is at; null if there is no thread. */
  private @Nullable Step current;

  private boolean closed;

  /** The process is no more, and a thread was still stuck in a write when that was over. */
  private boolean lost;

  private final Step closing;

  ProcessInput(OutputStream out, String name, long pid) {
    this.out = out;
    this.name = name;
    this.pid = pid;
    this.closing = new Step(null);
  }

  /**
   * Writes bytes, and flushes them.
   *
   * @return ends when the pipe has taken all of them; fails with an {@link IOException} if the
   *     child does not read any more
   */
  public Task<@Nullable Void> write(byte[] bytes) {
    return add(new Step(bytes.clone()));
  }

  /** As {@link #write(byte[])}: what remains in a buffer, whose position goes to its end. */
  public Task<@Nullable Void> write(ByteBuffer bytes) {
    byte[] own = new byte[bytes.remaining()];
    bytes.get(own);
    return add(new Step(own));
  }

  /** As {@link #write(byte[])}, of UTF-8. */
  public Task<@Nullable Void> write(String text) {
    return add(new Step(text.getBytes(StandardCharsets.UTF_8)));
  }

  /** The child sees the end of its input after what was written. */
  @Override
  public Task<@Nullable Void> closeAsync() {
    return add(closing);
  }

  private Task<@Nullable Void> add(Step step) {
    IOException refused = null;
    boolean begins = false;
    synchronized (this) {
      if (step == closing && closed) {
        return closing;
      }
      if (lost) {
        refused = unread(null);
      } else if (closed) {
        refused = new IOException("the input of process " + name() + " is closed");
      } else {
        begins = current == null;
        if (begins) {
          current = step;
        } else {
          steps.add(step);
        }
      }
      closed |= step == closing;
    }
    if (refused != null) {
      step.refuse(step == closing ? null : refused);
    } else if (begins) {
      IoThreads.POOL.execute(this::run);
    }
    return step;
  }

  private String name() {
    return name + " (" + pid + ")";
  }

  private IOException unread(@Nullable Throwable cause) {
    return new IOException(
        "process " + name() + " does not read its input any more: it has exited, or has closed it",
        cause);
  }

  // ---- the thread that writes

  private void run() {
    for (Step step = begun(); step != null; step = next()) {
      try {
        if (step.bytes == null) {
          out.close();
        } else if (!step.isDone()) {
          out.write(step.bytes);
          out.flush();
        }
        step.complete(null);
      } catch (IOException error) {
        step.refuse(step == closing ? null : unread(error));
      }
    }
  }

  private synchronized @Nullable Step begun() {
    return current;
  }

  private synchronized @Nullable Step next() {
    current = steps.poll();
    return current;
  }

  // ---- the process

  /**
   * It has exited. A write fails by that, unless a process that it has left behind has the other
   * end of the pipe.
   */
  void exited(Duration linger) {
    List<Step> stuck = new ArrayList<>();
    synchronized (this) {
      if (current == null) {
        return;
      }
    }
    CompletableFuture<?> timer = IoThreads.after(Nanos.of(linger));
    timer.thenRunAsync(
        () -> {
          synchronized (this) {
            lost = true;
            if (current != null) {
              stuck.add(current);
            }
            stuck.addAll(steps);
            steps.clear();
          }
          stuck.forEach(step -> step.refuse(step == closing ? null : unread(null)));
        },
        IoThreads.POOL);
  }

  /** A write; the closing, if it has no bytes. */
  private static final class Step extends Task<@Nullable Void> {
    final byte @Nullable [] bytes;

    Step(byte @Nullable [] bytes) {
      this.bytes = bytes;
    }

    void refuse(@Nullable Throwable error) {
      if (error == null) {
        complete(null);
      } else {
        completeExceptionally(error);
      }
    }

    @Override
    protected boolean stop() {
      return bytes == null || cancel(false) || isDone();
    }
  }
}
