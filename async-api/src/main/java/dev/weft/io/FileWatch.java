package dev.weft.io;

import dev.weft.Task;
import dev.weft.handoff.HandOff;
import dev.weft.stream.AsyncStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The changes in one directory, for one consumer. Filled by the thread that polls. */
final class FileWatch implements AsyncStream<FileChange> {
  /** Twice what the JDK keeps for each directory. */
  static final int MOST = 1024;

  final Path directory;
  private final FileWatches watches;
  private final Queue queue = new Queue();

  /** Some have been lost, and it was told. The poller's. */
  private boolean isLosing;

  FileWatch(FileWatches watches, Path directory) {
    this.watches = watches;
    this.directory = directory;
  }

  @Override
  public Task<@Nullable FileChange> next() {
    return queue.take();
  }

  /** By the poller. */
  void put(FileChange change) {
    if (!queue.isFull()) {
      isLosing = false;
      queue.put(change);
    } else if (!isLosing) {
      isLosing = true;
      queue.put(new FileChange(FileChange.Kind.OVERFLOW, directory));
    }
  }

  /** By the poller: there will be no more. */
  void end(@Nullable Throwable failure) {
    queue.end(() -> failure);
  }

  @Override
  public Task<@Nullable Void> closeAsync() {
    queue.close(() -> null);
    return watches.remove(this);
  }

  private static final class Queue extends HandOff<FileChange> {
    Queue() {
      super(MOST);
    }

    @Override
    protected int weigh(FileChange change) {
      return 1;
    }

    @Override
    protected void discard(FileChange change) {}

    @Override
    protected void onFullChanged() {}

    @Override
    protected void onWaiting() {}

    @Override
    protected String wanted() {
      return "a change of a watched file";
    }

    @Override
    protected String busy() {
      return "a stream has one consumer at a time, and another one waits for the next change";
    }
  }
}
