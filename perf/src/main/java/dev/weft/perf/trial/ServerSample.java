package dev.weft.perf.trial;

import dev.weft.perf.load.ProcessUsage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a process holds, from Linux's {@code /proc}.
 *
 * @param residentBytes memory that it occupies (RSS)
 * @param descriptors open files and sockets
 * @param threads threads, the JVM's own included
 * @param cpuNanos CPU time so far, user and system
 */
record ServerSample(long residentBytes, int descriptors, int threads, long cpuNanos) {

  /**
   * Looks at a process.
   *
   * @throws IOException if it has ended
   */
  static ServerSample of(long pid) throws IOException {
    Path folder = Path.of("/proc", Long.toString(pid));
    ProcessUsage usage = ProcessUsage.of(pid);
    try (Stream<Path> open = Files.list(folder.resolve("fd"))) {
      return new ServerSample(
          usage.residentBytes(),
          (int) open.count(),
          threads(Files.readAllLines(folder.resolve("status"))),
          usage.userNanos() + usage.systemNanos());
    }
  }

  static int threads(List<String> status) throws IOException {
    for (String line : status) {
      if (line.startsWith("Threads:")) {
        return Integer.parseInt(line.substring("Threads:".length()).strip());
      }
    }
    throw new IOException("/proc/PID/status has no line Threads:");
  }

  /** Percent of one processor between an earlier look and this one. */
  double cpuPercent(ServerSample earlier, Duration between) {
    return 100.0 * (cpuNanos - earlier.cpuNanos) / between.toNanos();
  }
}
