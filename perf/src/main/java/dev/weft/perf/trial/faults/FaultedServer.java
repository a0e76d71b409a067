package dev.weft.perf.trial.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** An echo server's process, with the library that makes its system calls fail. */
final class FaultedServer implements AutoCloseable {
  private static final int START_SECONDS = 60;
  private static final Pattern LISTENING = Pattern.compile("listening on .*:(\\d+)");

  private final Process process;
  private final Path log;
  private final int port;
  private final Thread killer;

  private FaultedServer(Process process, Path log, int port) {
    this.process = process;
    this.log = log;
    this.port = port;
    this.killer = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(killer);
  }

  /**
   * Starts one and waits until it listens.
   *
   * @param script {@code echo-server/run}, which becomes the JVM
   * @param faults see {@link ServerKind#faults}
   * @throws IOException if it does not listen within 60 seconds
   */
  static FaultedServer start(
      Path script, ServerKind kind, Path library, String faults, FaultControl control)
      throws IOException, InterruptedException {
    Path log = Files.createTempFile("faults-" + kind + "-", ".log");
    List<String> command = new ArrayList<>();
    command.addAll(List.of(script.toString(), "--port", "0", "--quiet"));
    command.addAll(kind.options());
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.redirectOutput(log.toFile());
    builder.environment().put("LD_PRELOAD", library.toAbsolutePath().toString());
    builder.environment().put("WEFT_FAULTS", faults);
    builder.environment().put("WEFT_FAULTS_CONTROL", control.file().toString());
    Process process = builder.start();
    try {
      return new FaultedServer(process, log, awaitPort(process, log));
    } catch (IOException | InterruptedException e) {
      process.destroyForcibly();
      throw e;
    }
  }

  private static int awaitPort(Process process, Path log) throws IOException, InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
    while (System.nanoTime() < end) {
      boolean ended = process.waitFor(50, TimeUnit.MILLISECONDS);
      Matcher matcher = LISTENING.matcher(Files.readString(log));
      if (matcher.find()) {
        return Integer.parseInt(matcher.group(1));
      }
      if (ended) {
        break;
      }
    }
    throw new IOException("the server did not start: " + Files.readString(log).strip());
  }

  int port() {
    return port;
  }

  long pid() {
    return process.pid();
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** What it has printed; stays there. */
  Path log() {
    return log;
  }

  /** How many descriptors it holds, by what they are of: socket, eventpoll, file. */
  Map<String, Integer> descriptors() {
    Map<String, Integer> counts = new TreeMap<>();
    try (Stream<Path> links = Files.list(Path.of("/proc/" + process.pid() + "/fd"))) {
      links.forEach(link -> counts.merge(kindOf(link), 1, Integer::sum));
    } catch (IOException | UncheckedIOException e) {
      return counts; // it has ended
    }
    return counts;
  }

  private static String kindOf(Path link) {
    try {
      String target = Files.readSymbolicLink(link).toString();
      if (target.startsWith("socket:")) {
        return "socket";
      }
      return target.startsWith("anon_inode:")
          ? target.substring("anon_inode:".length()).replaceAll("[\\[\\]]", "")
          : "file";
    } catch (NoSuchFileException closedMeanwhile) {
      return "closing";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Sends SIGTERM and waits.
   *
   * @return the exit code; -1 if it has not ended in time
   */
  int terminate(long seconds) throws InterruptedException {
    process.destroy();
    return process.waitFor(seconds, TimeUnit.SECONDS) ? process.exitValue() : -1;
  }

  @Override
  public void close() {
    process.destroyForcibly();
    Runtime.getRuntime().removeShutdownHook(killer);
  }
}
