package dev.weft.weaver.files;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Replaces a file in one step: whoever opens it sees the old content or the new, never half of it.
 */
final class Replacement {
  /** Writes the new content of a file. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private Replacement() {}

  static void write(Path file, byte[] content) throws IOException {
    write(file, out -> out.write(content));
  }

  static void write(Path file, Content content) throws IOException {
    // Beside the target, since a move is atomic within a file system only; and not by
    // createTempFile, which would make the file readable by its owner only.
    Path written = file.resolveSibling(file.getFileName() + ".weft-tmp");
    try {
      try (OutputStream out = Files.newOutputStream(written)) {
        content.writeTo(out);
      }
      move(written, file);
    } finally {
      Files.deleteIfExists(written);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
