package dev.weft.io;

import dev.weft.time.Nanos;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Ends a process, once: asks it to terminate, and kills it when it has not in time.
 *
 * <p>Through its handle, and not by {@link Process#destroy}, which closes the pipes as well: what
 * the program still writes when it is asked to end is there to be read. The handle knows the
 * process by its start time too, so no other one is hit that has got its number.
 *
 * <p>Descendants are looked up before the first signal, as those of a process that is gone are
 * known no more; and once more before they are killed. One that was started in between by a process
 * which has ended since is missed: the JDK cannot make a process group. Those that were killed are
 * not waited for: who has to reap them is the init process, and in a container there may be none.
 */
final class Killing {
  private final Process process;
  private final Duration grace;
  private final boolean all;
  private final CompletableFuture<@Nullable Void> gone = new CompletableFuture<>();

  // ---- guarded by this

  private boolean begun;

  /**
   * Does nothing yet.
   *
   * @param all its descendants too
   */
  Killing(Process process, Duration grace, boolean all) {
    this.process = process;
    this.grace = grace;
    this.all = all;
  }

  /**
   * Completes when the process is gone, and its descendants are or were killed. From any thread;
   * blocks none.
   */
  CompletableFuture<@Nullable Void> begin() {
    synchronized (this) {
      if (begun) {
        return gone;
      }
      begun = true;
    }
    if (all) {
      IoThreads.POOL.execute(() -> terminate(process.descendants().toList()));
    } else {
      terminate(List.of());
    }
    return gone;
  }

  private void terminate(List<ProcessHandle> descendants) {
    List<ProcessHandle> handles = new ArrayList<>(descendants);
    handles.add(process.toHandle());
    List<CompletableFuture<?>> ends = new ArrayList<>();
    descendants.forEach(handle -> ends.add(handle.onExit()));
    ends.add(process.onExit());
    CompletableFuture<?> timer = IoThreads.after(Nanos.of(grace));
    timer.thenRunAsync(() -> kill(handles), IoThreads.POOL);
    CompletableFuture.allOf(ends.toArray(CompletableFuture<?>[]::new))
        .whenComplete(
            (nothing, never) -> {
              timer.cancel(false);
              gone.complete(null);
            });
    if (!grace.isNegative() && !grace.isZero()) {
      handles.forEach(ProcessHandle::destroy);
    }
  }

  private void kill(List<ProcessHandle> handles) {
    if (all) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
    }
    handles.forEach(ProcessHandle::destroyForcibly);
    process.onExit().thenRun(() -> gone.complete(null));
  }
}
