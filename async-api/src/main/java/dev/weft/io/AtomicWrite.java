package dev.weft.io;

import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFileAttributeView;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Writes a file beside another, and moves it into that one's place. */
final class AtomicWrite {
  private AtomicWrite() {}

  static @Nullable Void run(Path path, ByteBuffer bytes) throws IOException {
    Path target = Files.isSymbolicLink(path) ? targetOf(path) : path;
    Path written = null;
    boolean moved = false;
    try {
      written = create(target);
      copyPermissions(target, written);
      fill(written, bytes);
      Files.move(
          written, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      moved = true;
    } finally {
      if (written != null && !moved) {
        Files.deleteIfExists(written);
      }
    }
    return null;
  }

  /** What a link points to, which need not be there. */
  private static Path targetOf(Path link) throws IOException {
    return Files.exists(link)
        ? link.toRealPath()
        : link.resolveSibling(Files.readSymbolicLink(link));
  }

  /** With the permissions of any new file, unlike those for short use. */
  private static Path create(Path target) throws IOException {
    while (true) {
      String name =
          "."
              + target.getFileName()
              + "."
              + Long.toHexString(ThreadLocalRandom.current().nextLong());
      try {
        return Files.createFile(target.resolveSibling(name));
      } catch (FileAlreadyExistsException taken) {
        // draws again
      }
    }
  }

  private static void copyPermissions(Path from, Path to) throws IOException {
    PosixFileAttributeView old = Files.getFileAttributeView(from, PosixFileAttributeView.class);
    PosixFileAttributeView made = Files.getFileAttributeView(to, PosixFileAttributeView.class);
    if (old != null && made != null && Files.exists(from, LinkOption.NOFOLLOW_LINKS)) {
      made.setPermissions(old.readAttributes().permissions());
    }
  }

  private static void fill(Path path, ByteBuffer bytes) throws IOException {
    WholeFile.write(path, bytes);
    if (path.getFileSystem() == FileSystems.getDefault()) {
      // Not by a FileChannel, which an interrupt would close.
      try (FileOutputStream file = new FileOutputStream(path.toFile(), true)) {
        file.getFD().sync();
      }
    }
  }
}
