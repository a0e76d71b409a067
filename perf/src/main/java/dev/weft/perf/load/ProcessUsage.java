package dev.weft.perf.load;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a process and its children have used, read from Linux's {@code /proc}. The sum of user and
 * system time is exact to some microseconds; how the kernel divides it between the two is a guess
 * by sampling, at 100 or so samples a second.
 *
 * @param userNanos CPU time in the program
 * @param systemNanos CPU time in the kernel on its behalf
 * @param threads the context switches of each thread that is alive, by its number
 * @param residentBytes memory that it occupies now (RSS)
 * @param peakBytes the most that it has occupied
 */
public record ProcessUsage(
    long userNanos,
    long systemNanos,
    Map<Long, Switches> threads,
    long residentBytes,
    long peakBytes) {
  /**
   * How often a thread has left its processor.
   *
   * @param sleeps to wait for something: the kernel's voluntary context switches
   * @param preemptions because it had to
   */
  public record Switches(long sleeps, long preemptions) {
    private Switches since(@Nullable Switches earlier) {
      return earlier == null || earlier.sleeps > sleeps || earlier.preemptions > preemptions
          ? this // another one has got the number
          : new Switches(sleeps - earlier.sleeps, preemptions - earlier.preemptions);
    }
  }

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
    return new ProcessUsage(
        user * NANOS_PER_TICK,
        system * NANOS_PER_TICK,
        switches(folder.resolve("task")),
        resident,
        peak);
  }

  private static Map<Long, Switches> switches(Path folder) throws IOException {
    Map<Long, Switches> switches = new HashMap<>();
    try (DirectoryStream<Path> threads = Files.newDirectoryStream(folder)) {
      for (Path thread : threads) {
        try {
          long number = Long.parseLong(thread.getFileName().toString());
          switches.put(number, switchesOf(Files.readAllLines(thread.resolve("status"))));
        } catch (IOException ended) {
          // and is left out
        }
      }
    } catch (DirectoryIteratorException ended) {
      throw ended.getCause();
    }
    return switches;
  }

  private static Switches switchesOf(List<String> status) {
    long sleeps = 0;
    long preemptions = 0;
    for (String line : status) {
      if (line.startsWith("voluntary_ctxt_switches:")) {
        sleeps = number(line);
      } else if (line.startsWith("nonvoluntary_ctxt_switches:")) {
        preemptions = number(line);
      }
    }
    return new Switches(sleeps, preemptions);
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
    Map<Long, Switches> both = new HashMap<>(threads);
    both.putAll(other.threads); // whose numbers are others
    return new ProcessUsage(
        userNanos + other.userNanos,
        systemNanos + other.systemNanos,
        both,
        residentBytes + other.residentBytes,
        peakBytes + other.peakBytes);
  }

  /**
   * What was used since an earlier look, with the memory of this one. Of a thread that has ended
   * between the two, as the JVM's compilers do when they have no work, the switches are lost, and
   * no others.
   */
  ProcessUsage since(ProcessUsage earlier) {
    Map<Long, Switches> switches = new HashMap<>();
    threads.forEach((thread, now) -> switches.put(thread, now.since(earlier.threads.get(thread))));
    return new ProcessUsage(
        userNanos - earlier.userNanos,
        systemNanos - earlier.systemNanos,
        switches,
        residentBytes,
        peakBytes);
  }

  /** How often a thread has gone to sleep. */
  long sleeps() {
    return threads.values().stream().mapToLong(Switches::sleeps).sum();
  }

  /** How often a thread has had to leave its processor to another. */
  long preemptions() {
    return threads.values().stream().mapToLong(Switches::preemptions).sum();
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
