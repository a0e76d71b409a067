package dev.weft.perf.compare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A program that attaches to a process, counts its system calls, and tells how many when it is told
 * to end.
 */
enum SyscallTool {
  /**
   * Counts in the kernel, by a tracepoint: the process hardly notices. It counts as long as a
   * command runs, which it starts when it does count; without one nothing tells when that is, and a
   * signal before then ends it without a word.
   */
  PERF {
    @Override
    List<String> command(long pid, Path report) {
      return List.of(
          "perf",
          "stat",
          "-e",
          "raw_syscalls:sys_enter",
          "-o",
          report.toString(),
          "-p",
          Long.toString(pid),
          "--",
          "sh",
          "-c",
          "echo attached; exec cat >/dev/null");
    }

    @Override
    void end(Process running) throws IOException {
      running.getOutputStream().close(); // and with it cat's input
    }

    /** It tells itself how long it has counted. */
    @Override
    OptionalDouble perSecond(String report, double seconds) {
      Matcher calls = PERF_CALLS.matcher(report);
      Matcher elapsed = PERF_SECONDS.matcher(report);
      return calls.find() && elapsed.find()
          ? OptionalDouble.of(Long.parseLong(calls.group(1)) / Double.parseDouble(elapsed.group(1)))
          : OptionalDouble.empty();
    }
  },

  /** Stops the process twice at each call, so that it is several times as slow meanwhile. */
  STRACE {
    @Override
    List<String> command(long pid, Path report) {
      return List.of("strace", "-c", "-f", "-o", report.toString(), "-p", Long.toString(pid));
    }

    /** By SIGINT, as from a terminal. */
    @Override
    void end(Process running) throws IOException {
      new ProcessBuilder("kill", "-INT", Long.toString(running.pid()))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start();
    }

    /** By the rows, as some versions of strace leave columns of the total empty. */
    @Override
    OptionalDouble perSecond(String report, double seconds) {
      if (!report.contains("syscall")) {
        return OptionalDouble.empty();
      }
      long calls =
          STRACE_ROW
              .matcher(report)
              .results()
              .filter(row -> !row.group(2).equals("total"))
              .mapToLong(row -> Long.parseLong(row.group(1)))
              .sum();
      return OptionalDouble.of(calls / seconds);
    }
  };

  private static final Pattern PERF_CALLS =
      Pattern.compile("^ *([0-9]+) +raw_syscalls:sys_enter", Pattern.MULTILINE);

  private static final Pattern PERF_SECONDS =
      Pattern.compile("^ *([0-9.]+) seconds time elapsed", Pattern.MULTILINE);

  /** Share of time, seconds, microseconds per call, calls, errors if there were any, name. */
  private static final Pattern STRACE_ROW =
      Pattern.compile(
          "^ *[0-9.]+ +[0-9.]+ +[0-9]+ +([0-9]+) +(?:[0-9]+ +)?([a-z]\\w*)$", Pattern.MULTILINE);

  /** How it is started; what it has counted goes to the file. */
  abstract List<String> command(long pid, Path report);

  /** Whether it counts, by what it has said so far. */
  boolean isAttached(String said) {
    return said.contains("attached");
  }

  /** Has it detach, tell, and end. */
  abstract void end(Process running) throws IOException;

  /**
   * The calls per second, of its report; nothing if it has counted none.
   *
   * @param seconds how long it was attached
   */
  abstract OptionalDouble perSecond(String report, double seconds);

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
