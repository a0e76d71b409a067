package dev.weft.perf.trial;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * {@link Hogs} in as many processes as their descriptors need. They run with low priority: what
 * they take of the server's time is to be what the server spends on them.
 */
final class HogProcesses implements AutoCloseable {
  /** Of one process; half of what a process may commonly have open. */
  private static final int MOST = 10_000;

  private final List<One> all = new ArrayList<>();

  /**
   * Starts so many clients.
   *
   * @param most what each sends, in bytes, if it is taken
   */
  HogProcesses(int port, int clients, long most) throws IOException {
    for (int left = clients; left > 0; left -= MOST) {
      all.add(new One(port, Math.min(left, MOST), most));
    }
  }

  private static final class One {
    private final Process process;
    private volatile int connected;
    private volatile int failed;
    private volatile long sent;

    One(int port, int clients, long most) throws IOException {
      process =
          new ProcessBuilder(
                  "nice",
                  "-n",
                  "10",
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:+UseSerialGC",
                  "-Xmx128m",
                  "-cp",
                  System.getProperty("java.class.path"),
                  Hogs.class.getName(),
                  Integer.toString(port),
                  Integer.toString(clients),
                  Long.toString(most))
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      Thread reader = new Thread(this::read, "hogs");
      reader.setDaemon(true);
      reader.start();
    }

    private void read() {
      try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
        for (String line; (line = lines.readLine()) != null; ) {
          String[] numbers = line.split(" ", -1);
          connected = Integer.parseInt(numbers[0]);
          failed = Integer.parseInt(numbers[1]);
          sent = Long.parseLong(numbers[2]);
        }
      } catch (IOException ended) {
        // with the process
      }
    }
  }

  /** How many are connected, as far as they know; the server need not have accepted them. */
  int connected() {
    return all.stream().mapToInt(one -> one.connected).sum();
  }

  /** How many were refused, or cut off. */
  int failed() {
    return all.stream().mapToInt(one -> one.failed).sum();
  }

  /** Bytes that the kernel has taken from them. */
  long sent() {
    return all.stream().mapToLong(one -> one.sent).sum();
  }

  /**
   * Waits until as many as asked for are connected or refused, or nobody has been for a while: the
   * server may let no more in.
   */
  void awaitArrival(int clients, Duration pause) throws InterruptedException {
    int arrived = 0;
    Deadline deadline = Deadline.in(pause);
    while (arrived < clients && !deadline.isOver()) {
      Thread.sleep(50); // between two looks
      int now = connected() + failed();
      if (now > arrived) {
        arrived = now;
        deadline = Deadline.in(pause);
      }
    }
  }

  /** Kills them: the kernel ends all their connections at once. */
  void leave() throws InterruptedException {
    for (One one : all) {
      one.process.destroyForcibly();
    }
    for (One one : all) {
      one.process.waitFor();
    }
  }

  @Override
  public void close() {
    all.forEach(one -> one.process.destroyForcibly());
  }
}
