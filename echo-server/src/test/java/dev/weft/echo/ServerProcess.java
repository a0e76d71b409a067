package dev.weft.echo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A server in a process of its own, with Netty watching every buffer. */
final class ServerProcess implements AutoCloseable {
  /** For whatever must happen; long enough for a machine that is busy with other things. */
  static final int SECONDS = 120;

  private final Process process;
  private final BlockingQueue<String> out = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> err = new LinkedBlockingQueue<>();
  private final List<Thread> readers = new ArrayList<>();

  private ServerProcess(List<String> jvmOptions, String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    if (Runtime.version().feature() >= 24) { // the jar's manifest says it, a class path cannot
      command.add("--enable-native-access=ALL-UNNAMED");
    }
    command.addAll(List.of("-XX:+UseSerialGC", "-Dio.netty.leakDetection.level=paranoid"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.weft.echo.Main"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().remove("JAVA_TOOL_OPTIONS"); // a JVM says that it has picked them up
    builder.environment().remove("JDK_JAVA_OPTIONS");
    process = builder.start();
    collect(process.getInputStream(), out);
    collect(process.getErrorStream(), err);
  }

  /** Starts a process, whether it is going to serve or to refuse its arguments. */
  static ServerProcess start(String... arguments) throws IOException {
    return new ServerProcess(List.of(), arguments);
  }

  /** Starts a server on a free port. */
  static Running serve(String... arguments) throws Exception {
    return serve(List.of(), arguments);
  }

  /** Starts a server on a free port, in a JVM with these options. */
  static Running serve(List<String> jvmOptions, String... arguments) throws Exception {
    List<String> all = new ArrayList<>(List.of("--port", "0"));
    all.addAll(List.of(arguments));
    return new Running(new ServerProcess(jvmOptions, all.toArray(String[]::new)));
  }

  private void collect(InputStream stream, BlockingQueue<String> lines) {
    Thread reader =
        new Thread(
            () -> {
              try (BufferedReader in =
                  new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
                in.lines().forEach(lines::add);
              } catch (IOException | java.io.UncheckedIOException ended) {
                // with the process
              }
            });
    reader.setDaemon(true);
    reader.start();
    readers.add(reader);
  }

  /** The next line of its standard output. */
  String line() throws InterruptedException {
    String line = out.poll(SECONDS, TimeUnit.SECONDS);
    if (line == null) {
      throw new AssertionError("no further line of output; standard error: " + err);
    }
    return line;
  }

  /** Its exit code, once it has ended. */
  int exitCode() throws InterruptedException {
    if (!process.waitFor(SECONDS, TimeUnit.SECONDS)) {
      throw new AssertionError("the process does not end");
    }
    for (Thread reader : readers) {
      reader.join();
    }
    return process.exitValue();
  }

  /**
   * What it has written to its standard error, but for polls that took long: on a busy machine that
   * is so while classes are loaded. All of it once it has ended.
   */
  List<String> errors() {
    return err.stream().filter(line -> !isOfSlowPoll(line)).toList();
  }

  /** The report, and the lines of its stack. */
  private static boolean isOfSlowPoll(String line) {
    return line.contains(" SlowPolls - ") || line.startsWith("    at ");
  }

  /** Lines of its standard output that {@link #line} has not returned; all once it has ended. */
  List<String> output() {
    return List.copyOf(out);
  }

  /** SIGTERM. Not by {@link Process#destroy}, which also closes the streams that are being read. */
  void terminate() {
    process.toHandle().destroy();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** A server that listens. */
  static final class Running implements AutoCloseable {
    private static final String LISTENING = "Server listening on 127.0.0.1:";

    final ServerProcess process;
    final int port;

    private Running(ServerProcess process) throws InterruptedException {
      this.process = process;
      String first = process.line();
      if (!first.startsWith(LISTENING)) {
        throw new AssertionError("unexpected: " + first);
      }
      this.port = Integer.parseInt(first.substring(LISTENING.length()));
    }

    InetSocketAddress address() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    Socket connect() throws IOException {
      Socket socket = new Socket();
      socket.setSoTimeout(SECONDS * 1000);
      socket.connect(address());
      return socket;
    }

    /** Terminates it; fails if it does not exit with 0, or has complained about anything. */
    void endWell() throws InterruptedException {
      process.terminate();
      int code = process.exitCode();
      if (code != 0 || !process.errors().isEmpty()) {
        throw new AssertionError("exit code " + code + ", standard error: " + process.errors());
      }
    }

    @Override
    public void close() {
      process.close();
    }
  }
}
