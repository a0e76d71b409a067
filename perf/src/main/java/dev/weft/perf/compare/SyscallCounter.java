package dev.weft.perf.compare;

import dev.weft.perf.load.Window;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts the system calls of a running process, as long as the window lasts. Whatever becomes of
 * the tool, it takes no longer than its deadlines, and ends with this.
 */
final class SyscallCounter implements Window, AutoCloseable {
  /** To attach, and to detach: with strace, from each thread, at its next call. */
  private static final int SECONDS = 5;

  private static final long LOOK_AGAIN_MILLIS = 2;

  private final SyscallTool tool;
  private final long pid;
  private final Path folder;
  private @Nullable Process process;
  private long attached;
  private OptionalDouble perSecond = OptionalDouble.empty();

  /** Of this process; it is not attached yet. */
  SyscallCounter(SyscallTool tool, long pid) throws IOException {
    this.tool = tool;
    this.pid = pid;
    this.folder = Files.createTempDirectory("syscalls-");
  }

  @Override
  public void begins() throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder(tool.command(pid, report()))
            .redirectErrorStream(true)
            .redirectOutput(said().toFile());
    builder.environment().put("LC_ALL", "C"); // no commas in numbers
    Process started = builder.start();
    process = started;
    boolean attaches = await(() -> tool.isAttached(text(said())) || !started.isAlive());
    if (!attaches || !started.isAlive()) {
      throw new IOException(tool + " does not attach" + reason());
    }
    attached = System.nanoTime();
  }

  @Override
  public void ends() throws IOException, InterruptedException {
    if (process == null) {
      return;
    }
    double seconds = (System.nanoTime() - attached) / 1e9;
    tool.end(process);
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      throw new IOException(tool + " does not end");
    }
    perSecond = tool.perSecond(text(report()), seconds);
    if (perSecond.isEmpty()) {
      throw new IOException(tool + " has counted nothing" + reason());
    }
  }

  /** The calls per second, once the window has ended. */
  double perSecond() {
    return perSecond.orElse(Double.NaN);
  }

  private static boolean await(BooleanSupplier condition) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        return false;
      }
      Thread.sleep(LOOK_AGAIN_MILLIS);
    }
    return true;
  }

  /** The first that it has said, if anything. */
  private String reason() {
    return text(said())
        .lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.equals("Error:") && !line.equals("attached"))
        .findFirst()
        .map(line -> ": " + line)
        .orElse("");
  }

  private Path said() {
    return folder.resolve("said");
  }

  private Path report() {
    return folder.resolve("report");
  }

  private static String text(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      return "";
    }
  }

  /** Ends the tool, by force if it has not ended; the process that was counted goes on. */
  @Override
  public void close() {
    if (process != null && process.isAlive()) {
      process.destroyForcibly();
    }
    try {
      Files.deleteIfExists(said());
      Files.deleteIfExists(report());
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      // it is in the folder of what is temporary
    }
  }
}
