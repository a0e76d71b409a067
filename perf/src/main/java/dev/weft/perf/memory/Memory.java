package dev.weft.perf.memory;

import dev.weft.perf.Json;
import dev.weft.perf.memory.Waiting.Held;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * <b>Question:</b> how many bytes of heap does one waiting task occupy, or timer, or virtual
 * thread?
 *
 * <p>Counted by making many, and comparing what is in use after a collection, before and after.
 * Whatever keeps them from being collected is part of the figure: the executor's lists, the list of
 * threads, and in {@code Suspended} the future that is awaited with its place in a list.
 *
 * <p><b>What would change the answer:</b> more live locals at the await, or more frames on the
 * thread's stack; compressed references, which need a heap below 32 GB.
 *
 * <p><b>What it does not show:</b> memory outside the heap, and connections: {@code perf/run
 * claims} has those.
 */
public final class Memory {
  private static final int COUNT = 1_000_000;
  private static final int THREADS = 200_000;
  private static final int FIRST_WITH_VIRTUAL_THREADS = 21;
  private static final int COLLECTIONS = 3;

  private interface Maker {
    Held make(int count) throws InterruptedException;
  }

  private final List<Map<String, Object>> found = new ArrayList<>();

  private Memory() {}

  /**
   * Measures, prints a line for each, and keeps the figures.
   *
   * @param args the file for them, in the form that JMH's results have
   */
  public static void main(String[] args) throws IOException, InterruptedException {
    Memory memory = new Memory();
    memory.measure("weftTimer", COUNT, Waiting::weftTimer);
    memory.measure("scheduledPoolTimer", COUNT, Waiting::scheduledPoolTimer);
    memory.measure("weftSleep", COUNT, Waiting::weftSleep);
    memory.measure("weftSuspended", COUNT, Waiting::weftSuspended);
    memory.measure("thenComposeSuspended", COUNT, Waiting::thenComposeSuspended);
    if (Runtime.version().feature() >= FIRST_WITH_VIRTUAL_THREADS) {
      memory.measure("virtualThreadSleep", THREADS, Waiting::virtualThreadSleep);
      memory.measure("virtualThreadSuspended", THREADS, Waiting::virtualThreadSuspended);
    } else {
      System.out.println(
          "skipped: virtual threads; they need JDK "
              + FIRST_WITH_VIRTUAL_THREADS
              + " or later, and this is JDK "
              + Runtime.version().feature());
    }
    if (args.length > 0) {
      Files.writeString(Path.of(args[0]), Json.pretty(memory.found) + "\n");
    }
  }

  private void measure(String name, int count, Maker maker) throws InterruptedException {
    Held first = maker.make(1); // what only the first one needs is not counted
    long before = used();
    Held held = maker.make(count);
    double bytes;
    try {
      bytes = (double) (used() - before) / count;
    } finally {
      Reference.reachabilityFence(held);
    }
    held.release().run();
    first.release().run();
    System.out.printf(Locale.ROOT, "%-24s %,9d  %7.1f B each%n", name, count, bytes);
    found.add(
        Map.of(
            "benchmark",
            Memory.class.getName() + "." + name,
            "jdkVersion",
            System.getProperty("java.version"),
            "primaryMetric",
            Map.of("score", bytes, "scoreError", "NaN", "scoreUnit", "B")));
  }

  @SuppressWarnings("CallToSystemGc")
  private static long used() throws InterruptedException {
    for (int i = 0; i < COLLECTIONS; i++) {
      System.gc();
      Thread.sleep(20); // for what the collector has given to other threads
    }
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
