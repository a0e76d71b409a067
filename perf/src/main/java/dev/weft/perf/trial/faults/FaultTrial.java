package dev.weft.perf.trial.faults;

import dev.weft.perf.trial.faults.FaultControl.Level;
import dev.weft.perf.trial.faults.Observations.End;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * One server, from its start to its exit:
 *
 * <ol>
 *   <li>half of the time faults that nobody may notice: not one connection may suffer;
 *   <li>the other half also those that may cost the connection on which they occur: no more
 *       connections are broken than such faults occurred, by a reset, and no other is touched;
 *   <li>no faults: every client is served again;
 *   <li>the clients leave: the server holds as many sockets as before they came;
 *   <li>SIGTERM: it exits with 0.
 * </ol>
 *
 * <p>In all of it a byte that comes back is the one that was sent, a stream does not end in order
 * before all has come back, and nobody waits for longer than {@value EchoClient#PATIENCE_MILLIS}
 * ms.
 */
final class FaultTrial {
  private static final int SETTLE_SECONDS = 15;
  private static final int SERVED_SECONDS = 5;
  private static final int EXIT_SECONDS = 8;
  private static final int LOG_LINES = 12;

  private final FaultedServer server;
  private final FaultControl control;
  private final PrintStream out;
  private final List<EchoClient> clients = new ArrayList<>();
  private final List<Thread> threads = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();

  /** Of the present phase. */
  private volatile Observations observations = new Observations();

  FaultTrial(FaultedServer server, FaultControl control, PrintStream out) {
    this.server = server;
    this.control = control;
    this.out = out;
  }

  /**
   * Runs it, and prints what was seen.
   *
   * @return whether all held
   */
  boolean run(int clientCount, int seconds, long seed) throws IOException, InterruptedException {
    Map<String, Integer> before = descriptorsWarm(seed);
    start(clientCount, seed);
    phase("faults to be hidden", Level.SILENT, seconds / 2);
    phase("and those that may break", Level.ALL, seconds - seconds / 2);
    control.set(Level.NONE);
    settle();
    serveAgain();
    clients.forEach(EchoClient::stop);
    join();
    compareDescriptors(before);
    int code = server.terminate(EXIT_SECONDS);
    check(code == 0, "exit code after SIGTERM: " + (code == -1 ? "it does not end" : code));
    complaints.forEach(complaint -> out.println("    DOES NOT HOLD: " + complaint));
    if (!complaints.isEmpty()) {
      printLog();
    }
    return complaints.isEmpty();
  }

  /** After a first client, as the first connection loads classes from files. */
  private Map<String, Integer> descriptorsWarm(long seed) throws InterruptedException {
    int sockets = sockets();
    start(1, seed - 1);
    TimeUnit.MILLISECONDS.sleep(300);
    clients.forEach(EchoClient::stop);
    join();
    clients.clear();
    await(() -> sockets() <= sockets);
    return server.descriptors();
  }

  private int sockets() {
    return server.descriptors().getOrDefault("socket", 0);
  }

  private void start(int count, long seed) {
    for (int i = 0; i < count; i++) {
      EchoClient client = new EchoClient(server.port(), seed * 1000 + i, () -> observations);
      Thread thread = new Thread(client, "client-" + i);
      thread.setDaemon(true);
      clients.add(client);
      threads.add(thread);
      thread.start();
    }
  }

  private void join() throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SETTLE_SECONDS);
    for (Thread thread : threads) {
      thread.join(Math.max(1, (end - System.nanoTime()) / 1_000_000));
      check(!thread.isAlive(), thread.getName() + " cannot end");
    }
    threads.clear();
  }

  private void phase(String name, Level level, int seconds) throws InterruptedException {
    Observations seen = new Observations();
    observations = seen;
    Map<String, Long> countsBefore = control.counts();
    long breakingBefore = control.breaking();
    control.set(level);
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (System.nanoTime() < end && server.isAlive()) {
      TimeUnit.MILLISECONDS.sleep(100);
    }
    control.set(level == Level.ALL ? Level.NONE : level);
    settle(); // a connection counts for the phase in which it began
    long breaking = control.breaking() - breakingBefore;
    out.println("  " + name + ": " + seen);
    out.println("    " + difference(countsBefore, control.counts()));
    seen.examples().forEach(example -> out.println("    " + example));
    judge(name, seen, breaking);
  }

  private void judge(String name, Observations seen, long breaking) {
    check(server.isAlive(), name + ": the server has ended");
    for (End end : List.of(End.WRONG_BYTE, End.TOO_MANY, End.SHORT_END, End.HANG, End.REFUSED)) {
      check(seen.count(end) == 0, name + ": " + seen.count(end) + " times " + end);
    }
    check(
        seen.broken() <= breaking,
        name + ": " + seen.broken() + " connections broken for " + breaking + " faults that may");
    check(seen.count(End.WELL) > 0, name + ": nobody was served");
  }

  private static Map<String, Long> difference(Map<String, Long> before, Map<String, Long> after) {
    Map<String, Long> difference = new LinkedHashMap<>();
    after.forEach((name, count) -> difference.put(name, count - before.getOrDefault(name, 0L)));
    difference.values().removeIf(count -> count == 0);
    return difference;
  }

  /** Until every client has ended the connection that it has now. */
  private void settle() throws InterruptedException {
    int[] now = clients.stream().mapToInt(EchoClient::conversations).toArray();
    await(
        () -> {
          for (int i = 0; i < now.length; i++) {
            if (clients.get(i).conversations() == now[i]) {
              return false;
            }
          }
          return true;
        });
  }

  private void serveAgain() throws InterruptedException {
    Observations seen = new Observations();
    observations = seen;
    int[] now = clients.stream().mapToInt(EchoClient::conversations).toArray();
    TimeUnit.SECONDS.sleep(SERVED_SECONDS);
    int unserved = 0;
    for (int i = 0; i < now.length; i++) {
      unserved += clients.get(i).conversations() == now[i] ? 1 : 0;
    }
    out.println("  no more faults: " + seen);
    seen.examples().forEach(example -> out.println("    " + example));
    check(unserved == 0, "no more faults: " + unserved + " clients not served in 5 s");
    for (End end : End.values()) {
      if (end != End.WELL) {
        check(seen.count(end) == 0, "no more faults: " + seen.count(end) + " times " + end);
      }
    }
  }

  private void compareDescriptors(Map<String, Integer> before) throws InterruptedException {
    int sockets = before.getOrDefault("socket", 0);
    await(() -> sockets() <= sockets);
    Map<String, Integer> after = server.descriptors();
    out.println("  descriptors: before " + before + ", after " + after);
    int left = after.getOrDefault("socket", 0);
    check(left == sockets, "sockets that the server holds: " + left + ", before " + sockets);
  }

  private static void await(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SETTLE_SECONDS);
    while (!condition.getAsBoolean() && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private void check(boolean holds, String complaint) {
    if (!holds) {
      complaints.add(complaint);
    }
  }

  private void printLog() throws IOException {
    Path log = server.log();
    try (Stream<String> lines = Files.lines(log)) {
      List<String> first = lines.skip(1).limit(LOG_LINES).toList();
      if (!first.isEmpty()) {
        out.println("  its log, of " + Files.size(log) + " bytes in " + log + ":");
        first.forEach(line -> out.println("    | " + line));
      }
    }
  }
}
