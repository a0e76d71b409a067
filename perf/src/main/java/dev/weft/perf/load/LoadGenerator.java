package dev.weft.perf.load;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Runs a {@link LoadPlan} against a server. */
public final class LoadGenerator {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  /** With a window: how long the load goes on behind the last look, for what ends by a signal. */
  private static final long AFTER_THE_WINDOW = Duration.ofMillis(100).toNanos();

  private final LoadPlan plan;
  private final long serverPid;
  private final @Nullable Window window;
  private final List<Conversation> conversations = new ArrayList<>();
  private final CountDownLatch looked = new CountDownLatch(1);
  private final List<Reader> readers = new ArrayList<>();
  private @Nullable Pacer pacer;

  private LoadGenerator(LoadPlan plan, long serverPid, @Nullable Window window) {
    this.plan = plan;
    this.serverPid = serverPid;
    this.window = window;
  }

  /**
   * Runs the plan. Takes its time, and then at most {@link LoadPlan#drain} more.
   *
   * @param serverPid the process whose CPU time and memory are to be told; 0 for none
   * @throws IOException if the server cannot be reached, or its process not be looked at
   */
  public static LoadResult run(LoadPlan plan, long serverPid)
      throws IOException, InterruptedException {
    return run(new LoadGenerator(plan, serverPid, null));
  }

  /**
   * Runs the plan, and tells a window of it. The rate of messages is that between the two calls;
   * the time measured is shorter by what they take.
   */
  public static LoadResult run(LoadPlan plan, Window window)
      throws IOException, InterruptedException {
    return run(new LoadGenerator(plan, 0, window));
  }

  private static LoadResult run(LoadGenerator generator) throws IOException, InterruptedException {
    try {
      generator.connect();
      return generator.measure();
    } finally {
      generator.conversations.forEach(Conversation::close);
    }
  }

  private void connect() throws IOException {
    Pattern pattern = new Pattern();
    InetSocketAddress address = new InetSocketAddress(plan.host(), plan.port());
    for (int i = 0; i < plan.connections(); i++) {
      SocketChannel channel = SocketChannel.open();
      boolean burns = i >= plan.workers();
      conversations.add(new Conversation(i, channel, plan, burns, pattern));
      try {
        channel.connect(address);
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
      } catch (IOException e) {
        throw new IOException(
            "connection " + i + " to " + address + " was not made: " + e.getMessage(), e);
      }
    }
  }

  private LoadResult measure() throws IOException, InterruptedException {
    Clock clock = Clock.of(plan);
    Schedule schedule = Schedule.of(plan, clock);
    for (int i = 0; i < plan.threads(); i++) {
      readers.add(new Reader(i, plan, clock, schedule, looked, share(i), conversations.size() - 1));
    }
    if (plan.rate() > 0 && plan.workers() > 0) {
      pacer = new Pacer(clock, schedule, looked, conversations.subList(0, plan.workers()));
      pacer.start();
    }
    readers.forEach(Thread::start);

    Moment begin;
    Moment end;
    try {
      Clock.sleepUntil(clock.from());
      if (window != null) {
        window.begins();
      }
      begin = look();
      Clock.sleepUntil(clock.until() - (window == null ? 0 : AFTER_THE_WINDOW));
      end = look();
      if (window != null) {
        window.ends();
      }
    } catch (IOException broken) { // the window; those who use the connections end before these
      awaitEnd();
      throw broken;
    }
    awaitEnd();
    return result(clock, begin, end);
  }

  private void awaitEnd() throws InterruptedException {
    looked.countDown();
    if (pacer != null) {
      pacer.join();
    }
    for (Reader reader : readers) {
      reader.joinInTime();
    }
  }

  private List<Conversation> share(int reader) {
    List<Conversation> share = new ArrayList<>();
    for (int i = reader; i < conversations.size(); i += plan.threads()) {
      share.add(conversations.get(i));
    }
    return share;
  }

  /** What has been used and done up to one point in time. */
  private record Moment(
      long time, long completed, @Nullable ProcessUsage server, long[] threadNanos) {}

  private Moment look() throws IOException {
    ProcessUsage server = serverPid == 0 ? null : ProcessUsage.of(serverPid);
    long[] threadNanos =
        threads().stream().mapToLong(thread -> THREADS.getThreadCpuTime(thread.getId())).toArray();
    long completed = readers.stream().mapToLong(reader -> reader.completed.get()).sum();
    return new Moment(System.nanoTime(), completed, server, threadNanos);
  }

  private List<Thread> threads() {
    List<Thread> threads = new ArrayList<>(readers);
    if (pacer != null) {
      threads.add(pacer);
    }
    return threads;
  }

  private LoadResult result(Clock clock, Moment begin, Moment end) {
    Tally work = new Tally(clock);
    Tally burns = new Tally(clock);
    List<String> failures = new ArrayList<>();
    for (Reader reader : readers) {
      if (reader.isAlive()) {
        throw new IllegalStateException(reader.getName() + " did not end");
      }
      work.add(reader.work);
      burns.add(reader.burns);
      failures.addAll(reader.failures());
    }
    if (pacer != null) {
      failures.addAll(pacer.failures());
    }
    double seconds = (end.time - begin.time) / 1e9;
    long messages = end.completed - begin.completed;
    return new LoadResult(
        plan,
        seconds,
        messages,
        messages / seconds,
        Latencies.of(work.nanos),
        plan.burners() == 0 ? null : Latencies.of(burns.nanos),
        begin.server == null || end.server == null
            ? null
            : LoadResult.ServerCost.of(end.server.since(begin.server), messages, seconds),
        busiest(begin, end),
        pacer == null ? null : Latencies.of(pacer.lateness),
        Arrays.stream(work.timeline).map(nanos -> nanos / 1000).toArray(),
        conversations.stream().mapToLong(c -> c.sent() - c.arrived()).sum(),
        List.copyOf(failures));
  }

  private static double busiest(Moment begin, Moment end) {
    double most = 0;
    for (int i = 0; i < end.threadNanos.length; i++) {
      double share = (end.threadNanos[i] - begin.threadNanos[i]) / (double) (end.time - begin.time);
      most = Math.max(most, share);
    }
    return most;
  }
}
