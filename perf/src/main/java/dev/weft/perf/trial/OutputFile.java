package dev.weft.perf.trial;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file that a process writes its output to. Used by one thread. */
final class OutputFile implements AutoCloseable {
  private final Path path;
  private final boolean kept;
  private long read;
  private long lines;

  private OutputFile(Path path, boolean kept) {
    this.path = path;
    this.kept = kept;
  }

  /** A new file: in a folder, to be kept, or if that is null elsewhere and not. */
  static OutputFile create(@Nullable Path folder, String name) throws IOException {
    Path path =
        folder == null
            ? Files.createTempFile(name + "-", ".log")
            : Files.createTempFile(folder, name + "-", ".log");
    return new OutputFile(path, folder != null);
  }

  Path path() {
    return path;
  }

  /** All of it; for little output. */
  String text() throws IOException {
    return Files.readString(path, StandardCharsets.ISO_8859_1);
  }

  /** Lines so far. Reads only what has come since the last look: there may be gigabytes. */
  long lines() throws IOException {
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(path)) {
      in.skipNBytes(read);
      for (int count; (count = in.read(buffer)) > 0; ) {
        read += count;
        for (int i = 0; i < count; i++) {
          lines += buffer[i] == '\n' ? 1 : 0;
        }
      }
    }
    return lines;
  }

  /** Deletes it, unless it is kept. */
  @Override
  public void close() {
    try {
      if (!kept) {
        Files.deleteIfExists(path);
      }
    } catch (IOException left) {
      // for the system to clean up
    }
  }
}
