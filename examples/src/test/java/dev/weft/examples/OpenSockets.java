package dev.weft.examples;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The sockets of a server, as the kernel lists them: the one that listens, and those that it has
 * accepted. Other than a count of descriptors, that leaves out what an HTTP client does with its
 * own: that of JDK 17 now and then keeps one whose request was cancelled. Linux alone; elsewhere
 * there are none.
 */
final class OpenSockets {
  private static final List<Path> LISTS =
      List.of(Path.of("/proc/self/net/tcp"), Path.of("/proc/self/net/tcp6"));

  private OpenSockets() {}

  /** How many have this local port and belong to a process. */
  static long of(int port) {
    return count(1, port);
  }

  /** How many are connected to this port and belong to a process. */
  static long to(int port) {
    return count(2, port);
  }

  private static long count(int field, int port) {
    String end = String.format(Locale.ROOT, ":%04X", port);
    return LISTS.stream()
        .filter(Files::isReadable)
        .mapToLong(list -> count(list, field, end))
        .sum();
  }

  private static long count(Path list, int field, String end) {
    try (Stream<String> lines = Files.lines(list)) {
      return lines
          .map(line -> line.strip().split("\\s+"))
          .filter(fields -> fields[field].endsWith(end) && !fields[9].equals("0")) // its inode
          .count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
