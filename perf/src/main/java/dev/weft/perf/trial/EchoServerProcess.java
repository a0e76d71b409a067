package dev.weft.perf.trial;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The echo server as people start it: {@code echo-server/run}, which becomes the JVM, so that the
 * process is the JVM's. It cannot outlive this one unless this one is killed.
 */
final class EchoServerProcess implements AutoCloseable {
  /** For a machine that is busy with other things. */
  private static final Duration START = Duration.ofMinutes(2);

  private static final Pattern LISTENING = Pattern.compile("Server listening on .*:(\\d+)\\s");
  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(() -> RUNNING.forEach(Process::destroyForcibly), "end-servers"));
  }

  /**
   * How it ended.
   *
   * @param code its exit code; -1 if it had to be killed
   * @param time from SIGTERM
   */
  record Ending(int code, Duration time) {
    boolean inTime(Duration atMost) {
      return code == 0 && time.compareTo(atMost) <= 0;
    }

    @Override
    public String toString() {
      return code < 0
          ? Trial.format("killed after %.1f s", time.toMillis() / 1e3)
          : Trial.format("exit %d, %.1f s", code, time.toMillis() / 1e3);
    }
  }

  private final Process process;
  private final CompletableFuture<Long> end; // System.nanoTime() of it
  private final @Nullable OutputFile output;
  private final int port;

  private EchoServerProcess(Process process, @Nullable OutputFile output, int port) {
    this.process = process;
    this.end = process.onExit().thenApply(ended -> System.nanoTime());
    this.output = output;
    this.port = port;
  }

  static Builder builder(Path script, Kind kind) {
    return new Builder(script, kind);
  }

  /** What a server is started with. */
  static final class Builder {
    private final Path script;
    private final Kind kind;
    private final List<String> arguments = new ArrayList<>();
    private final List<String> javaOptions = new ArrayList<>();
    private final Map<String, String> environment = new HashMap<>();
    private @Nullable Path logs;
    private int port;
    private int openFiles;
    private boolean unread;

    private Builder(Path script, Kind kind) {
      this.script = script;
      this.kind = kind;
    }

    /** Further arguments on its command line. */
    Builder arguments(String... further) {
      arguments.addAll(List.of(further));
      return this;
    }

    /** Options of its JVM, behind those of {@code echo-server/run}. */
    Builder javaOptions(List<String> options) {
      javaOptions.addAll(options);
      return this;
    }

    /** A variable of its environment. */
    Builder environment(String name, String value) {
      environment.put(name, value);
      return this;
    }

    /** The port; 0, as at first, for any free one. */
    Builder port(int number) {
      port = number;
      return this;
    }

    /** Limits the descriptors that it may have, as {@code ulimit -n} does. */
    Builder openFiles(int limit) {
      openFiles = limit;
      return this;
    }

    /** Its output and errors go into one pipe, which nobody reads once it listens. */
    Builder unreadPipe() {
      unread = true;
      return this;
    }

    /** Where its output is kept; null if it is deleted in the end. */
    Builder logs(@Nullable Path folder) {
      logs = folder;
      return this;
    }

    /**
     * Starts it.
     *
     * @throws IOException if it ends, or does not say within two minutes that it listens; with what
     *     it printed instead
     */
    EchoServerProcess start() throws IOException, InterruptedException {
      ProcessBuilder process = new ProcessBuilder(command());
      process.environment().keySet().removeAll(Set.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
      process.environment().put("JAVA_OPTS", String.join(" ", javaOptions));
      process.environment().putAll(environment);
      process.redirectInput(Path.of("/dev/null").toFile()).redirectErrorStream(true);
      OutputFile output = unread ? null : OutputFile.create(logs, "echo-" + kind);
      if (output != null) {
        process.redirectOutput(output.path().toFile());
      }
      Process started = process.start();
      RUNNING.add(started);
      boolean listens = false;
      try {
        int actual = output == null ? portInPipe(started) : portInFile(started, output);
        listens = true;
        return new EchoServerProcess(started, output, actual);
      } finally {
        if (!listens) {
          new EchoServerProcess(started, output, 0).close();
        }
      }
    }

    private List<String> command() {
      List<String> command = new ArrayList<>();
      if (openFiles > 0) {
        String limited = "ulimit -n " + openFiles + " && exec \"$0\" \"$@\"";
        command.addAll(List.of("bash", "-c", limited));
      }
      command.addAll(List.of(script.toString(), "--port", Integer.toString(port)));
      command.addAll(kind.arguments());
      command.addAll(arguments);
      return command;
    }

    private static int portInFile(Process process, OutputFile output)
        throws IOException, InterruptedException {
      Deadline deadline = Deadline.in(START);
      while (!deadline.isOver()) {
        boolean ended = !process.isAlive(); // before its output is read, which is then all
        Matcher line = LISTENING.matcher(output.text());
        if (line.find()) {
          return Integer.parseInt(line.group(1));
        }
        if (ended) {
          throw new IOException(
              "the server did not start: exit "
                  + process.exitValue()
                  + ", "
                  + output.text().lines().findFirst().orElse("no output"));
        }
        Thread.sleep(20); // between two looks
      }
      throw new IOException("the server did not say in " + START.toSeconds() + " s that it serves");
    }

    private static int portInPipe(Process process) throws IOException, InterruptedException {
      CompletableFuture<String> line =
          CompletableFuture.supplyAsync(() -> lineOf(process.getInputStream()));
      try {
        String first = line.get(START.toSeconds(), TimeUnit.SECONDS);
        Matcher port = LISTENING.matcher(first);
        if (port.find()) {
          return Integer.parseInt(port.group(1));
        }
        throw new IOException("the server did not start: " + first.strip());
      } catch (ExecutionException | TimeoutException e) {
        throw new IOException(
            "the server did not say in " + START.toSeconds() + " s that it serves", e);
      }
    }

    private static String lineOf(InputStream in) {
      StringBuilder line = new StringBuilder();
      try {
        for (int c; (c = in.read()) >= 0; ) {
          line.append((char) c);
          if (c == '\n') {
            break;
          }
        }
      } catch (IOException e) {
        line.append(e.getMessage());
      }
      return line.toString();
    }
  }

  long pid() {
    return process.pid();
  }

  int port() {
    return port;
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** What it uses now. */
  ServerSample sample() throws IOException {
    return ServerSample.of(process.pid());
  }

  /** What it has printed, output and errors. Not for one with an unread pipe. */
  OutputFile output() {
    if (output == null) {
      throw new IllegalStateException("its output goes into a pipe");
    }
    return output;
  }

  /** Bytes in the pipe that nobody reads. */
  int bytesInPipe() throws IOException {
    return process.getInputStream().available();
  }

  /** Sends SIGTERM. Does not wait, and leaves the pipe as it is. */
  void signal() {
    process.toHandle().destroy();
  }

  /** SIGTERM; after {@code patience} it is killed. */
  Ending terminate(Duration patience) throws InterruptedException {
    long start = System.nanoTime();
    signal();
    return awaitEnd(start, patience);
  }

  /** Waits for its end; kills it when {@code patience} is over. Times count from {@code start}. */
  Ending awaitEnd(long start, Duration patience) throws InterruptedException {
    boolean ended = process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS);
    if (!ended) {
      process.destroyForcibly().waitFor();
    }
    Duration time = Duration.ofNanos(end.join() - start);
    return new Ending(ended ? process.exitValue() : -1, time);
  }

  /** Lets the diagnostic command of the JDK loose on it, as in {@code jcmd PID VM.flags}. */
  String jcmd(String command) throws IOException, InterruptedException {
    Path jcmd = Path.of(System.getProperty("java.home"), "bin", "jcmd");
    Process asked =
        new ProcessBuilder(
                Files.isExecutable(jcmd) ? jcmd.toString() : "jcmd",
                Long.toString(process.pid()),
                command)
            .redirectErrorStream(true)
            .start();
    String answer = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (asked.waitFor() != 0) {
      throw new IOException("jcmd " + command + ": " + answer.strip());
    }
    return answer;
  }

  /** Kills it if it runs, and deletes its output unless that is kept. */
  @Override
  public void close() {
    process.destroyForcibly();
    RUNNING.remove(process);
    if (output != null) {
      output.close();
    }
  }
}
