package dev.weft.io;

import dev.weft.stream.AsyncStream;
import java.io.IOException;
import java.nio.file.Path;

/** The beginning of a watch. */
final class Watching extends Opened<AsyncStream<FileChange>> {
  private final Path directory;

  Watching(Path directory) {
    this.directory = directory;
  }

  @Override
  protected AsyncStream<FileChange> open() throws IOException {
    return FileWatches.add(directory).map(change -> change);
  }

  @Override
  protected void discard(AsyncStream<FileChange> changes) {
    changes.closeAsync();
  }
}
