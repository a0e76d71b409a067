package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.TimeRows.Row;
import dev.weft.TimeRows.Time;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Whatever is given a time takes one of any length: it cuts it to what it can count, or refuses it
 * at once. A method that is new and has no row here fails {@link #everyMethodHasARow}.
 */
@Timeout(120)
class DurationsOfAnyLengthTest {
  /** What the rows here are about, or what takes no time in spite of its types. */
  private static final Set<String> BEHIND_OTHERS =
      Set.of(
          "BlockingThreads.new(int,Duration,ClassLoader,ThreadFactory)", // behind the next
          "BlockingThreads.platform(String,int,Duration)", // behind WorkStealingExecutorBuilder
          "CloseReport.new(String,Duration,List,boolean)", // says how long it took
          "Engine.awaitTermination(long,TimeUnit)", // behind both executors, as the next
          "Engine.close(Duration,Duration)",
          "EventLoop.awaitTermination(long,TimeUnit)", // behind NodeExecutor, as the next three
          "EventLoop.close(Duration,Duration)",
          "EventLoop.sleep(Duration)",
          "Sleeps.begin(Duration)",
          "ExecutorAdapter.sleep(Duration)", // that of another executor
          "ForeignEngine.awaitTermination(long,TimeUnit)", // behind ExecutorAdapter, as the next
          "ForeignEngine.close(Duration,Duration)",
          "Relay.timeout(AsyncExecutor,Duration,CompletionStage)", // behind Async.timeout
          "Relay.callBefore(Duration,Callable)", // behind TaskScope.within
          "Relay.withDeadline(Duration,Callable)", // behind Async.withDeadline
          "OwnedEventLoop.awaitTermination(long,TimeUnit)", // Netty's, as the next
          "OwnedEventLoop.shutdownGracefully(long,long,TimeUnit)",
          "OwnedTask.get(long,TimeUnit)", // the JDK's
          "Returnable.get(long,TimeUnit)", // likewise, as the next two
          "Present.get(long,TimeUnit)",
          "Recurring.get(long,TimeUnit)",
          "SlowPoll.new(Instant,String,String,boolean,String,StackTraceElement,String,"
              + "boolean,StackTraceElement,String,List,Duration,boolean,String,long)", // says how
          // long
          "SlowPolls.new(String,Duration,boolean)", // behind slowPollThreshold
          "SocketErrors.handshake(String,Duration)", // a text for people, as the next
          "SocketErrors.idle(String,Duration)",
          "Link.get(long,TimeUnit)", // likewise, as the next
          "Relay.get(long,TimeUnit)",
          "SchedulerConfig.new(String,int,Provider,int,Duration,boolean,int,int,boolean,Clock,"
              + "Hooks,Measuring,SlowPolls,Long)", // behind WorkStealingExecutor, as the next three
          "Scheduler.awaitTermination(long,TimeUnit)",
          "Scheduler.close(Duration,Duration)",
          "Scheduler.sleep(Duration)",
          "Task.completeOnTimeout(Object,long,TimeUnit)", // likewise
          "Task.get(long,TimeUnit)", // likewise
          "Task.orTimeout(long,TimeUnit)", // likewise
          "ListenOptions.new(TcpOptions,int,int,int,long,WhenFull,Duration,boolean)", // behind
          // those
          "TcpOptions.new(int,int,Duration,Duration,Duration,boolean,boolean,Duration)", // likewise
          "TlsSettings.handshakeTimeout(Duration)", // behind the builders of TLS
          "TcpServer.drainAtExit(Duration)", // in a JVM that ends, as drainNow
          "Timers.start(Duration,int,long)", // behind WorkStealingExecutor
          "WorkStealingExecutor.shutdownShared(Duration,Duration)"); // close(..) of the shared one

  @Test
  void everyMethodHasARow() throws Exception {
    Set<String> known = new TreeSet<>(BEHIND_OTHERS);
    rows().forEach(row -> known.add(row.method()));
    assertThat(known).containsAll(TimeParameters.names());
  }

  static List<Row> rows() {
    List<Row> rows = new ArrayList<>(new TimerRows().rows());
    rows.addAll(new WaitRows().rows());
    rows.addAll(new OptionRows().rows());
    rows.addAll(new ScopeRows().rows());
    rows.addAll(new IoRows().rows());
    return rows;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("rows")
  void takesAnyTime(Row row) throws Exception {
    List<String> outcomes = new ArrayList<>();
    for (Time time : Time.values()) {
      try {
        outcomes.add(row.tried().with(time));
      } catch (IllegalArgumentException refusal) {
        assertThat(refusal).as("%s", time).hasMessageMatching("[A-Za-z ]+ must .*");
        outcomes.add(TimeRows.REFUSED);
      }
    }
    assertThat(outcomes).isEqualTo(row.outcomes());
  }

  @Test
  void theLatestScheduledTaskIsTheLast() {
    VirtualClock clock = new VirtualClock();
    CountDownLatch release = new CountDownLatch(1);
    try (WorkStealingExecutor executor = TimerRows.virtual(clock)) {
      executor.spawnBlocking( // while it is under way, the clock goes by itself nowhere
          () -> {
            release.await();
            return "";
          });
      Delayed soon = executor.schedule(() -> {}, 1, TimeUnit.SECONDS);
      clock.skipTo(TimeUnit.SECONDS.toNanos(3));
      Delayed last = executor.schedule(() -> {}, Long.MAX_VALUE, TimeUnit.DAYS);
      assertThat(last).isGreaterThan(soon);
      assertThat(soon).isLessThan(last);
      assertThat(last.getDelay(TimeUnit.DAYS)).isGreaterThan(50_000);
      release.countDown();
    }
  }
}
