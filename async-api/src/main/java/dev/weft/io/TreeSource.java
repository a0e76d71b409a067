package dev.weft.io;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is in a directory, and in those below it to a depth: a directory before what is in it. One
 * directory is open for each level. Links are not followed. A directory that is gone by the time it
 * is its turn is passed over: in a tree that others write to that is nothing out of the way.
 */
final class TreeSource implements BlockingStream.Source<Path> {
  /** Guessed: what a thread of the pool is asked for at a time. */
  private static final int BATCH = 128;

  private record Level(DirectoryStream<Path> directory, Iterator<Path> entries) {}

  private final int depth;
  private final Deque<Level> levels = new ArrayDeque<>();

  /**
   * Opens the first directory.
   *
   * @param depth 1 for what is in it alone
   */
  TreeSource(Path start, int depth) throws IOException {
    this.depth = depth;
    enter(start);
  }

  @SuppressWarnings("StreamResourceLeak") // closed with its level
  private void enter(Path path) throws IOException {
    DirectoryStream<Path> directory = Files.newDirectoryStream(path);
    levels.push(new Level(directory, directory.iterator()));
  }

  @Override
  public @Nullable List<Path> read() throws IOException, InterruptedException {
    List<Path> batch = new ArrayList<>();
    try {
      while (batch.size() < BATCH && !levels.isEmpty()) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        Level level = levels.element();
        if (level.entries.hasNext()) {
          Path path = level.entries.next();
          batch.add(path);
          descend(path);
        } else {
          levels.remove();
          level.directory.close();
        }
      }
    } catch (DirectoryIteratorException wrapped) {
      throw wrapped.getCause();
    }
    return batch.isEmpty() ? null : batch;
  }

  private void descend(Path path) throws IOException {
    if (levels.size() >= depth || !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try {
      enter(path);
    } catch (NoSuchFileException | NotDirectoryException gone) {
      // since it was listed
    }
  }

  @Override
  public void close() throws IOException {
    IOException failure = null;
    for (Level level; (level = levels.poll()) != null; ) {
      try {
        level.directory.close();
      } catch (IOException error) {
        failure = error;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }
}
