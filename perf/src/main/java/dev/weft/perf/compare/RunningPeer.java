package dev.weft.perf.compare;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A peer's process, from its start until it is closed. It cannot outlive this JVM: peers end with
 * their standard input, which the system closes however this JVM ends.
 */
public final class RunningPeer implements AutoCloseable {
  private static final int START_SECONDS = 120;
  private static final int END_SECONDS = 3;
  private static final Set<Process> RUNNING = ConcurrentHashMap.newKeySet();

  static {
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> RUNNING.forEach(Process::destroyForcibly), "end-peers"));
  }

  private final Process process;
  private final Path errors;
  private final int port;

  private RunningPeer(Process process, Path errors, int port) {
    this.process = process;
    this.errors = errors;
    this.port = port;
  }

  /**
   * Starts a peer.
   *
   * @param frame the size of its frames; 0 for the plain protocol
   * @throws IOException if it does not say within 120 seconds that it serves
   */
  public static RunningPeer start(Contender contender, int frame)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(contender.command());
    if (frame > 0) {
      command.addAll(List.of("--protocol", "framed", "--size", Integer.toString(frame)));
    }
    Path errors = Files.createTempFile("peer-", ".err");
    Process process =
        new ProcessBuilder(command)
            .redirectError(ProcessBuilder.Redirect.to(errors.toFile()))
            .start();
    RUNNING.add(process);
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    CompletableFuture<String> line = CompletableFuture.supplyAsync(() -> portLine(out));
    try {
      String first = line.get(START_SECONDS, TimeUnit.SECONDS);
      if (first.startsWith("port ")) {
        int port = Integer.parseInt(first.substring("port ".length()).strip());
        return new RunningPeer(process, errors, port);
      }
      throw new IOException(
          contender.name() + " did not start: " + first + Files.readString(errors).strip());
    } catch (TimeoutException | ExecutionException | NumberFormatException e) {
      throw new IOException(
          contender.name() + " did not say within " + START_SECONDS + " s on which port it is", e);
    } finally {
      if (!line.isDone() || line.isCompletedExceptionally() || !line.join().startsWith("port ")) {
        end(process, errors);
      }
    }
  }

  private static String portLine(BufferedReader out) {
    try {
      for (String line; (line = out.readLine()) != null; ) {
        if (line.startsWith("port ")) {
          return line;
        }
      }
      return "";
    } catch (IOException e) {
      return e + " ";
    }
  }

  int port() {
    return port;
  }

  long pid() {
    return process.pid();
  }

  /** Ends the process, by force if it does not end by itself. */
  @Override
  public void close() {
    end(process, errors);
  }

  private static void end(Process process, Path errors) {
    try {
      process.getOutputStream().close();
      if (!process.waitFor(END_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor(END_SECONDS, TimeUnit.SECONDS);
      }
      Files.deleteIfExists(errors);
    } catch (IOException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    RUNNING.remove(process);
  }
}
