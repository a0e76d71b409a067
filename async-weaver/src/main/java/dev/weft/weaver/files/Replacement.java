package dev.weft.weaver.files;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/**
 * Replaces a file in one step: whoever opens it sees the old content or the new, never half of it.
 * Several may replace one file at once, from this JVM or another: each writes a temporary file of
 * its own, and the last one's content stays.
 */
final class Replacement {
  /** Writes the new content of a file. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  private static final String TEMPORARY = ".weft-tmp";

  /** No write of one file takes so long, so whoever wrote a temporary file of this age is dead. */
  private static final Duration ABANDONED = Duration.ofHours(1);

  private Replacement() {}

  /** True for a temporary file that a run has left behind which was killed. */
  static boolean isAbandoned(Path file, FileTime written, Instant now) {
    return file.toString().endsWith(TEMPORARY)
        && written.toInstant().isBefore(now.minus(ABANDONED));
  }

  static void write(Path file, byte[] content) throws IOException {
    write(file, out -> out.write(content));
  }

  static void write(Path file, Content content) throws IOException {
    // Beside the target, since a move is atomic within a file system only; and not by
    // createTempFile, which would make the file readable by its owner only.
    String name = file.getFileName() + "." + UUID.randomUUID() + TEMPORARY;
    Path written = file.resolveSibling(name);
    try {
      try (OutputStream out = Files.newOutputStream(written, StandardOpenOption.CREATE_NEW)) {
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
