package dev.weft.scheduler.watch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.AsyncExecutor;
import dev.weft.SlowPoll;
import dev.weft.WorkStealingExecutor;
import dev.weft.frame.Frame;
import dev.weft.frame.Settled;
import java.lang.management.ThreadInfo;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What is a slow poll and what is none: with a worker that does what the test says, in a time that
 * the test moves on.
 */
class PollWatchTest {
  private static final StackTraceElement APPLICATION =
      new StackTraceElement("shop.Orders", "total", "Orders.java", 12);
  private static final StackTraceElement OURS =
      new StackTraceElement("dev.weft.scheduler.Worker", "poll", "Worker.java", 1);
  private static final StackTraceElement NETTYS =
      new StackTraceElement("io.netty.channel.SomeChannel", "doRead", "SomeChannel.java", 1);
  private static final StackTraceElement SLEEP =
      new StackTraceElement("java.lang.Thread", "sleep", "Thread.java", -2);
  private static final StackTraceElement POLL =
      new StackTraceElement("sun.nio.ch.Net", "poll", "Net.java", -2);
  private static final StackTraceElement READ =
      new StackTraceElement("sun.nio.ch.NioSocketImpl", "implRead", "NioSocketImpl.java", 1);

  private final FakeWorker worker = new FakeWorker();
  private final FakeProbe probe = new FakeProbe();
  private SlowPolls polls = new SlowPolls("made-up", Duration.ofMillis(100), false);
  private PollWatch watch = watch();
  private final WorkStealingExecutor executor =
      WorkStealingExecutor.builder().workers(1).noDriver().build();
  private long now = Long.MAX_VALUE - TimeUnit.MILLISECONDS.toNanos(50); // nanoTime may overflow

  private PollWatch watch() {
    WatchedWorker[] workers = {worker};
    return new PollWatch(() -> workers, 1, polls, probe);
  }

  @AfterEach
  void end() throws Exception {
    executor.close(Duration.ofSeconds(60));
  }

  private static final class FakeWorker implements WatchedWorker {
    long progress = 1;
    boolean asleep;
    final Thread thread = new Thread("made-up-worker-0");
    @Nullable Takeover takeover;

    @Override
    public long progress() {
      return progress;
    }

    @Override
    public boolean isAsleep() {
      return asleep;
    }

    @Override
    public Thread thread() {
      return thread;
    }

    @Override
    public void markStuck(long sameProgress) {}

    @Override
    public boolean hasStealable() {
      return false;
    }

    @Override
    public @Nullable Takeover takeover() {
      return takeover;
    }
  }

  private final class FakeProbe extends ThreadProbe {
    Thread.State state = Thread.State.RUNNABLE;
    long cpu;
    StackTraceElement[] stack = {APPLICATION, OURS};
    @Nullable Frame<?> frame;
    boolean inPlace;
    int stacksTaken;
    Runnable whileTaken = () -> {};

    @Override
    Thread.State state(Thread thread) {
      return state;
    }

    @Override
    long cpuNanos(Thread thread) {
      return cpu;
    }

    @Override
    StackTraceElement[] stack(Thread thread) {
      stacksTaken++;
      whileTaken.run();
      return stack;
    }

    @Override
    @Nullable ThreadInfo info(Thread thread) {
      return null;
    }

    @Override
    @Nullable Frame<?> polled(Thread thread) {
      return frame;
    }

    @Override
    boolean mayBlock(Thread thread) {
      return inPlace;
    }
  }

  /** Looks every 10 ms. */
  private void look(int looks) {
    look(looks, 0);
  }

  /** The worker uses a share of the time, in percent, as CPU time. */
  private void look(int looks, int cpuPercent) {
    for (int i = 0; i < looks; i++) {
      now += TimeUnit.MILLISECONDS.toNanos(10);
      probe.cpu += TimeUnit.MILLISECONDS.toNanos(10) * cpuPercent / 100;
      watch.look(now);
    }
  }

  private void sleeps() {
    probe.state = Thread.State.TIMED_WAITING;
    probe.stack = new StackTraceElement[] {SLEEP, APPLICATION, OURS};
  }

  private void isInReadOfSocket() {
    probe.state = Thread.State.RUNNABLE;
    probe.stack = new StackTraceElement[] {POLL, READ, APPLICATION, OURS};
  }

  private void assertNone() {
    assertThat(polls.recent()).isEmpty();
    assertThat(polls.count()).isZero();
  }

  private SlowPoll assertOne() {
    assertThat(polls.recent()).hasSize(1);
    assertThat(polls.count()).isOne();
    return polls.recent().get(0);
  }

  // ---- what is told

  @Test
  void oneThatWaitsFromTheThresholdOnAndOnce() {
    sleeps();
    look(10);
    assertNone();
    look(1);
    SlowPoll poll = assertOne();
    assertThat(poll.blocker()).isEqualTo("Thread.sleep");
    assertThat(poll.advice()).contains("await(Async.sleep(duration))");
    assertThat(poll.place()).isEqualTo(APPLICATION);
    assertThat(poll.stack()).containsExactly(SLEEP, APPLICATION, OURS);
    assertThat(poll.thread()).isEqualTo("made-up-worker-0");
    assertThat(poll.duration()).isEqualTo(Duration.ofMillis(100));
    assertThat(poll.over()).isFalse();
    look(1000);
    assertThat(assertOne()).isSameAs(poll);
    assertThat(probe.stacksTaken).isOne();
  }

  @Test
  void whenItIsOverItsWholeTimeIsKnown() {
    sleeps();
    look(31);
    worker.progress++;
    look(1);
    SlowPoll poll = assertOne();
    assertThat(poll.over()).isTrue();
    assertThat(poll.duration()).isEqualTo(Duration.ofMillis(310));
    look(20);
    assertThat(polls.recent()).hasSize(2);
    assertThat(polls.recent().get(1).ofSite()).isEqualTo(2);
  }

  @Test
  void oneThatComputes() {
    look(11, 100);
    SlowPoll poll = assertOne();
    assertThat(poll.blocker()).isNull();
    assertThat(poll.place()).isEqualTo(APPLICATION);
    assertThat(poll.advice()).contains("yieldNow", "spawnBlocking");
  }

  @Test
  void oneThatIsGivenHalfAProcessorAfterTwiceTheTime() {
    look(20, 50);
    assertNone();
    look(1, 50);
    assertOne();
  }

  @Test
  void oneThatWaitsHalfAndComputesHalf() {
    for (int i = 0; i < 6; i++) {
      probe.state = Thread.State.WAITING;
      look(1);
      probe.state = Thread.State.RUNNABLE;
      look(1, 100);
    }
    assertOne();
  }

  @Test
  void oneThatReadsFromASocketAndSoRunsInTheEyesOfTheJvm() {
    isInReadOfSocket();
    look(11);
    assertNone(); // one look may be chance
    look(1);
    SlowPoll poll = assertOne();
    assertThat(poll.blocker()).isEqualTo("a socket");
    assertThat(poll.advice()).contains("TcpStream", "spawnBlocking");
  }

  @Test
  void oneThatRunsWhereTheJvmDoesNotMeasureCpuTime() {
    probe.cpu = -1;
    look(11);
    assertOne();
  }

  @Test
  void theTaskAndTheAwaitAtWhichItWasResumed() {
    sleeps();
    probe.frame = new Resumed(executor, 2);
    look(11);
    SlowPoll poll = assertOne();
    assertThat(poll.resumedAt())
        .isEqualTo(new StackTraceElement("shop.Orders", "pay", "Orders.java", 34));
    assertThat(poll.task()).isEqualTo("a call of shop.Orders.pay");
    assertThat(poll.toString())
        .contains("It is in Thread.sleep at shop.Orders.total(Orders.java:12)")
        .contains("It was resumed at the await at shop.Orders.pay(Orders.java:34).");
  }

  @Test
  void noAwaitOfOneThatHasNotAwaitedAnything() {
    sleeps();
    probe.frame = new Resumed(executor, 0);
    look(11);
    assertThat(assertOne().resumedAt()).isNull();
  }

  /** As the weaver makes them; not run. */
  private static final class Resumed extends Frame<Integer> {
    Resumed(AsyncExecutor executor, int state) {
      super(executor);
      this.state = state;
    }

    @Override
    protected Object resume() {
      return Settled.value(1);
    }

    @Override
    protected String awaitTable() {
      return "shop.Orders\tpay\tOrders.java\t33\t34";
    }
  }

  @Test
  void whoHasTakenItsLoopOver() {
    sleeps();
    look(1);
    worker.takeover = new Takeover(worker.progress, 3, now + TimeUnit.MILLISECONDS.toNanos(4));
    look(10);
    assertThat(assertOne().takeover())
        .isEqualTo(
            "Its I/O loop was taken over by worker 3, 4 ms after it was first seen in this poll");
  }

  @Test
  void notWhoHasTakenItInAnEarlierPoll() {
    sleeps();
    worker.takeover = new Takeover(worker.progress - 1, 3, now);
    look(11);
    assertThat(assertOne().takeover()).isNull();
  }

  // ---- what is not

  @Test
  void whoComesOutInTime() {
    sleeps();
    for (int i = 0; i < 100; i++) {
      look(10);
      worker.progress++;
    }
    assertNone();
  }

  @Test
  void whoSleepsOfItsOwnAccord() {
    sleeps();
    worker.asleep = true;
    look(1000);
    assertNone();
    worker.asleep = false;
    look(9);
    assertNone(); // what it slept does not count
  }

  @Test
  void whoBlocksInPlaceAndWaitsForAnotherThreadToTakeItsWorker() {
    sleeps();
    probe.inPlace = true;
    look(1000);
    assertNone();
  }

  @Test
  void whoIsGivenNoProcessor() {
    look(1000);
    assertNone();
    assertThat(probe.stacksTaken).as("ever more rarely").isBetween(2, 10);
  }

  @Test
  void whoIsGivenNoProcessorAmidstACallThatMayBlock() {
    for (int i = 0; i < 100; i++) {
      isInReadOfSocket();
      look(11);
      probe.stack = new StackTraceElement[] {APPLICATION, OURS};
      look(1);
      isInReadOfSocket();
      worker.progress++;
    }
    assertNone();
  }

  @Test
  void whoIsGivenNoProcessorInNettysOwnCallsWhichDoNotBlock() {
    probe.stack = new StackTraceElement[] {POLL, READ, NETTYS, APPLICATION, OURS};
    look(1000);
    assertNone();
  }

  @Test
  void aMachineThatWasSuspended() {
    sleeps();
    look(2);
    now += TimeUnit.HOURS.toNanos(1);
    look(6);
    worker.progress++;
    look(1);
    assertNone();
  }

  @Test
  void aMonitorThatIsGivenNoProcessorEither() {
    sleeps();
    for (int i = 0; i < 4; i++) {
      now += TimeUnit.MILLISECONDS.toNanos(500);
      watch.look(now);
    }
    assertNone();
  }

  @Test
  void whoHasComeOutWhileItsStackWasTaken() {
    sleeps();
    probe.whileTaken = () -> worker.progress++;
    look(1000);
    assertNone();
    assertThat(probe.stacksTaken).isPositive();
  }

  @Test
  void whatWeftAndNettyDoBetweenPolls() {
    probe.stack = new StackTraceElement[] {NETTYS, OURS};
    look(1000, 100);
    assertNone();
    assertThat(probe.stacksTaken).isOne();
  }

  @Test
  void aThreadThatHasEnded() {
    probe.state = Thread.State.TERMINATED;
    probe.cpu = -1;
    probe.stack = new StackTraceElement[0];
    look(1000);
    assertNone();
    assertThat(probe.stacksTaken).isOne();
  }

  @Test
  void anythingWhereNobodyWantsToKnow() {
    polls = SlowPolls.none("made-up");
    watch = watch();
    sleeps();
    look(1000);
    assertNone();
  }
}
