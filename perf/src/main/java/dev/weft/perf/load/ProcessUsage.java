package dev.weft.perf.load;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * What a process and its children have used, read from Linux's {@code /proc}. The sum of user and
 * system time is exact to some microseconds; how the kernel divides it between the two is a guess
 * by sampling, at 100 or so samples a second.
 *
 * @param userNanos CPU time in the program
 * @param systemNanos CPU time in the kernel on its behalf
 * @param sleeps how often a thread of it has gone to sleep: the kernel's voluntary context
 *     switches, of the threads that are alive
 * @param preemptions how often a thread has had to leave its processor to another
 * @param residentBytes memory that it occupies now (RSS)
 * @param peakBytes the most that it has occupied
 */
public record ProcessUsage(
    long userNanos,
    long systemNanos,
    long sleeps,
    long preemptions,
    long residentBytes,
    long peakBytes) {
  /** USER_HZ, which is 100 on every Linux that Java runs on. */
  private static final long NANOS_PER_TICK = 10_000_000;

  private static final Path PROC = Path.of("/proc");

  /** Whether this machine tells. */
  public static boolean isAvailable() {
    return Files.isReadable(PROC.resolve("self/stat"));
  }

  /**
   * Looks at a process and all that descend from it. A child that has ended and was waited for
   * counts through its parent.
   *
   * @throws IOException if there is no such process, or no {@code /proc}
   */
  public static ProcessUsage of(long pid) throws IOException {
    ProcessUsage usage = ofOne(pid);
    ProcessHandle process = ProcessHandle.of(pid).orElse(null);
    List<ProcessHandle> children = process == null ? List.of() : process.descendants().toList();
    for (ProcessHandle child : children) {
      try {
        usage = usage.plus(ofOne(child.pid()));
      } catch (IOException ended) {
        // and counts through its parent
      }
    }
    return usage;
  }

  private static ProcessUsage ofOne(long pid) throws IOException {
    Path folder = PROC.resolve(Long.toString(pid));
    String stat = Files.readString(folder.resolve("stat"));
    // The second field is the program's name in parentheses, and may hold spaces and parentheses.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    long user = ticks(fields, 14) + ticks(fields, 16);
    long system = ticks(fields, 15) + ticks(fields, 17);
    long resident = 0;
    long peak = 0;
    for (String line : Files.readAllLines(folder.resolve("status"))) {
      if (line.startsWith("VmRSS:")) {
        resident = kilobytes(line);
      } else if (line.startsWith("VmHWM:")) {
        peak = kilobytes(line);
      }
    }
    long[] switches = switches(folder.resolve("task"));
    return new ProcessUsage(
        user * NANOS_PER_TICK, system * NANOS_PER_TICK, switches[0], switches[1], resident, peak);
  }

  /** Voluntary and other context switches of all threads. */
  private static long[] switches(Path threads) throws IOException {
    long[] sums = new long[2];
    try (DirectoryStream<Path> each = Files.newDirectoryStream(threads)) {
      for (Path thread : each) {
        try {
          for (String line : Files.readAllLines(thread.resolve("status"))) {
            if (line.startsWith("voluntary_ctxt_switches:")) {
              sums[0] += number(line);
            } else if (line.startsWith("nonvoluntary_ctxt_switches:")) {
              sums[1] += number(line);
            }
          }
        } catch (IOException ended) {
          // and is left out
        }
      }
    }
    return sums;
  }

  /** By the number that {@code man proc_pid_stat} gives the field, of which 3 is the first here. */
  private static long ticks(String[] fields, int number) {
    return Long.parseLong(fields[number - 3]);
  }

  private static long kilobytes(String line) {
    return 1024 * number(line);
  }

  private static long number(String line) {
    return Long.parseLong(line.replaceAll("\\D+", ""));
  }

  private ProcessUsage plus(ProcessUsage other) {
    return new ProcessUsage(
        userNanos + other.userNanos,
        systemNanos + other.systemNanos,
        sleeps + other.sleeps,
        preemptions + other.preemptions,
        residentBytes + other.residentBytes,
        peakBytes + other.peakBytes);
  }

  /** What was used since an earlier look, with the memory of this one. */
  ProcessUsage since(ProcessUsage earlier) {
    return new ProcessUsage(
        userNanos - earlier.userNanos,
        systemNanos - earlier.systemNanos,
        Math.max(0, sleeps - earlier.sleeps), // less if threads have ended
        Math.max(0, preemptions - earlier.preemptions),
        residentBytes,
        peakBytes);
  }

  /** User and system time together. */
  long cpuNanos() {
    return userNanos + systemNanos;
  }

  /** In a line, for people. */
  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "user %.2f s, system %.2f s, %.1f MB",
        userNanos / 1e9,
        systemNanos / 1e9,
        residentBytes / 1e6);
  }
}
