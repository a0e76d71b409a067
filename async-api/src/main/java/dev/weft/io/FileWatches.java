package dev.weft.io;

import static java.nio.file.StandardWatchEventKinds.ENTRY_CREATE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_DELETE;
import static java.nio.file.StandardWatchEventKinds.ENTRY_MODIFY;

import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.stream.AsyncStream;
import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystem;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All watches of one file system: one {@link WatchService} and one thread that polls it. Both are
 * made with the first watch and end with the last, so nothing is left then: a service that is not
 * closed keeps a thread and an inotify instance, of which a user has 128.
 *
 * <p>A service has one key for each directory, so two who watch the same share it, and it is for
 * all kinds of changes. Everything is done under the lock of this: registering and cancelling, on
 * threads that may block, and handing out, on the poller; so no change is handed out between the
 * registration of a key and the entry of the watch that it is for.
 */
final class FileWatches {
  /** Those that have a watch. Guarded by itself. */
  private static final Map<FileSystem, FileWatches> ALL = new HashMap<>();

  private final FileSystem system;

  // ---- guarded by ALL

  /** Watches that are there or are about to be. */
  private int users;

  // ---- guarded by this

  private final Map<WatchKey, List<FileWatch>> watches = new HashMap<>();
  private @Nullable WatchService service;

  private FileWatches(FileSystem system) {
    this.system = system;
  }

  static Task<AsyncStream<FileChange>> watch(AsyncExecutor executor, Path directory) {
    return new Watching(directory).begin(executor);
  }

  /** Watches, on the calling thread. */
  static FileWatch add(Path directory) throws IOException {
    FileWatches shared;
    synchronized (ALL) {
      shared = ALL.computeIfAbsent(directory.getFileSystem(), FileWatches::new);
      shared.users++;
    }
    FileWatch watch = new FileWatch(shared, directory);
    boolean added = false;
    try {
      shared.register(watch);
      added = true;
    } finally {
      if (!added) {
        shared.leave();
      }
    }
    return watch;
  }

  private synchronized void register(FileWatch watch) throws IOException {
    WatchService open = service;
    if (open == null) {
      open = system.newWatchService();
      service = open;
      startPoller(open);
    }
    WatchKey key = watch.directory.register(open, ENTRY_CREATE, ENTRY_MODIFY, ENTRY_DELETE);
    watches.computeIfAbsent(key, made -> new ArrayList<>()).add(watch);
  }

  /** Watches no more. Ends when what that leaves over is gone too. */
  Task<@Nullable Void> remove(FileWatch watch) {
    return IoThreads.call(
        () -> {
          if (unregister(watch)) {
            leave();
          }
          return null;
        });
  }

  /** False if it was none any more. */
  private synchronized boolean unregister(FileWatch watch) {
    WatchKey key = null;
    for (Map.Entry<WatchKey, List<FileWatch>> entry : watches.entrySet()) {
      if (entry.getValue().contains(watch)) {
        key = entry.getKey();
      }
    }
    if (key == null) {
      return false;
    }
    List<FileWatch> others = watches.getOrDefault(key, List.of());
    others.remove(watch);
    if (others.isEmpty()) {
      watches.remove(key);
      key.cancel();
    }
    return true;
  }

  /** The last one closes the service. One that comes then begins another. */
  private void leave() throws IOException {
    synchronized (ALL) {
      users--;
      if (users > 0) {
        return;
      }
      ALL.remove(system, this);
    }
    WatchService open;
    synchronized (this) {
      open = service;
      service = null;
    }
    if (open != null) {
      open.close(); // and so ends the poller
    }
  }

  // ---- the poller

  private void startPoller(WatchService open) {
    IoThreads.start("weft-file-watch", () -> poll(open));
  }

  private void poll(WatchService open) {
    try {
      while (true) {
        handOut(open.take());
      }
    } catch (ClosedWatchServiceException | InterruptedException end) {
      endAll(null);
    } catch (Throwable error) { // a service that is no more: who watches is to know
      endAll(error);
    }
  }

  private void handOut(WatchKey key) {
    List<FileWatch> reached;
    List<WatchEvent<?>> events;
    boolean isLast;
    synchronized (this) {
      events = key.pollEvents();
      isLast = !key.reset();
      reached = List.copyOf(watches.getOrDefault(key, List.of()));
    }
    for (FileWatch watch : reached) {
      for (WatchEvent<?> event : events) {
        watch.put(change(watch.directory, event));
      }
      if (isLast) {
        watch.end(null);
      }
    }
  }

  private static FileChange change(Path directory, WatchEvent<?> event) {
    if (!(event.context() instanceof Path name)) {
      return new FileChange(FileChange.Kind.OVERFLOW, directory);
    }
    FileChange.Kind kind =
        event.kind() == ENTRY_CREATE
            ? FileChange.Kind.CREATED
            : event.kind() == ENTRY_DELETE ? FileChange.Kind.DELETED : FileChange.Kind.MODIFIED;
    return new FileChange(kind, directory.resolve(name));
  }

  private void endAll(@Nullable Throwable failure) {
    List<FileWatch> left = new ArrayList<>();
    synchronized (this) {
      watches.values().forEach(left::addAll);
    }
    left.forEach(watch -> watch.end(failure));
  }
}
