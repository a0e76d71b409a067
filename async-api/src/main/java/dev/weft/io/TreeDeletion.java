package dev.weft.io;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** Deletes a directory with all that is in it. An interrupt ends it between two files. */
final class TreeDeletion extends SimpleFileVisitor<Path> {
  private boolean interrupted;

  private TreeDeletion() {}

  static @Nullable Void run(Path path) throws IOException, InterruptedException {
    TreeDeletion deletion = new TreeDeletion();
    Files.walkFileTree(path, deletion);
    if (deletion.interrupted) {
      throw new InterruptedException("the deletion of " + path);
    }
    return null;
  }

  private FileVisitResult delete(Path path) throws IOException {
    interrupted = Thread.interrupted();
    if (interrupted) {
      return FileVisitResult.TERMINATE;
    }
    Files.deleteIfExists(path);
    return FileVisitResult.CONTINUE;
  }

  @Override
  public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
    return delete(file);
  }

  @Override
  public FileVisitResult visitFileFailed(Path file, IOException error) throws IOException {
    if (error instanceof NoSuchFileException) {
      return FileVisitResult.CONTINUE;
    }
    throw error;
  }

  @Override
  public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException error)
      throws IOException {
    if (error != null) {
      throw error;
    }
    return delete(directory);
  }
}
