package dev.weft.perf.startup;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server whose start is measured.
 *
 * @param title what it is, for people
 * @param command starts it on a free port of 127.0.0.1; it is to say on its standard output which
 * @param environment what is added to the environment
 */
public record StartingServer(String title, List<String> command, Map<String, String> environment) {
  private static final Pattern READY =
      Pattern.compile("(?:port |Server listening on .*:)([0-9]{1,5})");

  private static final int TIMEOUT_MILLIS = 60_000;
  private static final int END_SECONDS = 10;

  /**
   * What one start took, counted from before the process was made.
   *
   * @param listening milliseconds until it had said that it listens
   * @param echoed milliseconds until the first byte of the first connection was back
   */
  public record Start(double listening, double echoed) {}

  /** What is done with a server that has started, before it is ended. */
  interface Use {
    void of(int port, long pid) throws IOException, InterruptedException;
  }

  /**
   * Starts it, has one byte echoed, and ends it.
   *
   * @throws IOException if it does not start, says something else first, or echoes another byte
   */
  public Start start() throws IOException, InterruptedException {
    return start((port, pid) -> {});
  }

  /** As {@link #start()}, and uses it in between; that is not in the times. */
  Start start(Use use) throws IOException, InterruptedException {
    Path errors = Files.createTempFile("start-", ".err");
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS"));
    builder.environment().putAll(environment);
    long before = System.nanoTime();
    Process process = builder.start();
    try (BufferedReader out = process.inputReader(StandardCharsets.UTF_8)) {
      String line = out.readLine();
      long listening = System.nanoTime();
      int port =
          port(line == null ? "" : line)
              .orElseThrow(() -> new IOException(title + " did not start: " + line + said(errors)));
      echo(port);
      long echoed = System.nanoTime();
      use.of(port, process.pid());
      return new Start((listening - before) / 1e6, (echoed - before) / 1e6);
    } finally {
      end(process);
      Files.deleteIfExists(errors);
    }
  }

  /** The port that a server's first line names; empty if it is not such a line. */
  static OptionalInt port(String line) {
    Matcher matcher = READY.matcher(line.strip());
    return matcher.matches()
        ? OptionalInt.of(Integer.parseInt(matcher.group(1)))
        : OptionalInt.empty();
  }

  private void echo(int port) throws IOException {
    try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
      client.setSoTimeout(TIMEOUT_MILLIS);
      client.getOutputStream().write('x');
      int back = client.getInputStream().read();
      if (back != 'x') {
        throw new IOException(title + " has answered " + back + " to " + (int) 'x');
      }
    }
  }

  private static String said(Path errors) {
    try {
      return ", " + Files.readString(errors).strip();
    } catch (IOException e) {
      return "";
    }
  }

  /** The peers end with their standard input, the echo server with SIGTERM. */
  private static void end(Process process) throws IOException, InterruptedException {
    process.getOutputStream().close();
    process.destroy();
    if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
      process.destroyForcibly().waitFor();
    }
  }
}
