package dev.weft.perf.scheduler;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.frame.Frame;
import dev.weft.scheduler.queue.LocalQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * <b>Question:</b> what does it cost that others may take what stands in a LIFO slot? Tokio's issue
 * 8065: from 1.51.0 on they might, at once, and a sleeper was woken for each task that was put into
 * an empty slot. A service with handlers of microseconds took 8.5 % more CPU; another program,
 * which passes messages on, had 30 % less throughput (agntcy/slim 1603); 1.51.2 and 1.52.2 took it
 * back. Here nobody is woken, and a thief takes a frame that it has seen wait for 100 us.
 *
 * <ul>
 *   <li><b>alone</b>: two tasks send each other 1,000 messages, and work for a microsecond before
 *       each; the other worker sleeps. One operation is a message;
 *   <li><b>searched</b>: the same, while a thread outside keeps the other worker awake with empty
 *       tasks, so that it searches, and sees the slot, again and again;
 *   <li><b>woken</b>: with each message an empty task is started, which displaces its receiver from
 *       the slot, so the other worker is woken for it: what Tokio 1.51 did for each message. To be
 *       compared with <b>relayed</b>: as many tasks, but the one that is started sends the message,
 *       so nobody is displaced;
 *   <li><b>paced</b>: the issue's own program. A task sleeps for half a millisecond, which timers
 *       make one, starts a short task, and so on. Only its CPU time says something ({@code -prof
 *       dev.weft.perf.CpuTime});
 *   <li><b>slot</b>: a push and a pop of the slot alone, as it is and with an exchange for each.
 * </ul>
 *
 * <p><b>What would change the answer:</b> how long the work takes. Who is woken needs some
 * microseconds to come, is a searcher meanwhile, and so nobody else is woken: were the messages
 * shorter, there would be one wake-up for many of them. Processors. In woken the other worker takes
 * what it is woken for to its own, and the tasks meet across their caches. With a processor for
 * each worker and none for anybody else the waker does not wait for the one that it has woken.
 *
 * <p><b>What it does not show:</b> what stealing is good for, a task behind one that computes: see
 * {@code perf/run mixed}. More than two workers: see {@code perf/run contention}.
 */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(
    value = 3,
    jvmArgsAppend = {Contenders.CARRIERS, Contenders.NO_MORE_CARRIERS})
public class StealableSlot {
  /** There, and the answers. */
  static final int MESSAGES = 1_000;

  static final int STARTS = 100;
  static final Duration PERIOD = Duration.ofNanos(500_000);

  /** As in the program; some microseconds. */
  static final int TASK_TURNS = 3_000;

  /** About one. */
  private static final int MESSAGE_TURNS = 1_000;

  /** The compiler must not know that nobody reads it. */
  static volatile long handled;

  /** What a task or the receiver of a message does. */
  static void handle(int turns) {
    long random = 0x9E37_79B9_7F4A_7C15L;
    for (int i = 0; i < turns; i++) {
      random = random * 1_103_515_245 + i;
    }
    handled = random;
  }

  /** How a message is sent. */
  enum Way {
    ALONE {
      @Override
      void send(Task<@Nullable Void> message) {
        handle(MESSAGE_TURNS);
        message.complete(null);
      }
    },
    RELAYED {
      @Override
      void send(Task<@Nullable Void> message) {
        handle(MESSAGE_TURNS);
        Async.spawn(
            () -> {
              message.complete(null);
              return Async.done();
            });
      }
    },
    WOKEN {
      @Override
      void send(Task<@Nullable Void> message) {
        handle(MESSAGE_TURNS);
        message.complete(null);
        Async.spawn(Async::done);
      }
    };

    abstract void send(Task<@Nullable Void> message);
  }

  /** Keeps the worker awake that has nothing to do. */
  @State(Scope.Benchmark)
  public static class Searching {
    private volatile boolean goOn = true;

    @SuppressWarnings("NullAway.Init") // by start
    private Thread thread;

    /** Starts it. */
    @Setup
    public void start(Contenders.Weft weft) {
      thread =
          new Thread(
              () -> {
                while (goOn) {
                  weft.executor.spawn(Async::done);
                  LockSupport.parkNanos(10_000);
                }
              },
              "searching");
      thread.setDaemon(true);
      thread.start();
    }

    /** Ends it. */
    @TearDown
    public void stop() throws InterruptedException {
      goOn = false;
      thread.join();
    }
  }

  @Benchmark
  @OperationsPerInvocation(MESSAGES)
  public void weftAlone(Contenders.Weft weft) throws Exception {
    weft(weft, Way.ALONE);
  }

  @Benchmark
  @OperationsPerInvocation(MESSAGES)
  public void weftSearched(Contenders.Weft weft, Searching searching) throws Exception {
    weft(weft, Way.ALONE);
  }

  @Benchmark
  @OperationsPerInvocation(MESSAGES)
  public void weftRelayed(Contenders.Weft weft) throws Exception {
    weft(weft, Way.RELAYED);
  }

  @Benchmark
  @OperationsPerInvocation(MESSAGES)
  public void weftWoken(Contenders.Weft weft) throws Exception {
    weft(weft, Way.WOKEN);
  }

  private static void weft(Contenders.Weft weft, Way way) throws Exception {
    List<Task<@Nullable Void>> messages = futures();
    List<Task<@Nullable Void>> answers = futures();
    Done done = new Done(1);
    weft.executor.spawn(
        () -> {
          weft.executor.spawn(() -> WeftTasks.answers(messages, answers, way));
          return WeftTasks.sends(messages, answers, way, done);
        });
    done.await();
  }

  private static List<Task<@Nullable Void>> futures() {
    List<Task<@Nullable Void>> futures = new ArrayList<>(MESSAGES / 2);
    for (int i = 0; i < MESSAGES / 2; i++) {
      futures.add(new Task<>());
    }
    return futures;
  }

  /** The pool's tasks cannot wait; each queues its partner and ends. */
  @Benchmark
  @OperationsPerInvocation(MESSAGES)
  public void forkJoinPoolAlone(Contenders.Pool contender) throws Exception {
    Done done = new Done(1);
    contender.pool.execute(
        new Runnable() {
          private int left = MESSAGES;

          @Override
          public void run() {
            if (left-- == 0) {
              done.one();
            } else {
              handle(MESSAGE_TURNS);
              contender.pool.execute(this);
            }
          }
        });
    done.await();
  }

  @Benchmark
  @OperationsPerInvocation(MESSAGES)
  public void virtualThreadAlone() throws Exception {
    Done done = new Done(2);
    Side first = new Side(done);
    Side second = new Side(done);
    first.partner = second;
    second.partner = first;
    first.turn = true;
    Contenders.startVirtual(
        () -> {
          second.thread = Contenders.startVirtual(second);
          first.thread = Thread.currentThread();
          first.run();
        });
    done.await();
  }

  /** One of two threads that take turns. */
  private static final class Side implements Runnable {
    private final Done done;
    volatile boolean turn;
    volatile @Nullable Thread thread;
    @Nullable Side partner;

    Side(Done done) {
      this.done = done;
    }

    @Override
    public void run() {
      for (int i = 0; i < MESSAGES / 2; i++) {
        while (!turn) {
          LockSupport.park(this);
        }
        turn = false;
        handle(MESSAGE_TURNS);
        Side other = partner;
        if (other != null) {
          other.turn = true;
          LockSupport.unpark(other.thread);
        }
      }
      done.one();
    }
  }

  @Benchmark
  @OperationsPerInvocation(STARTS)
  public void weftPaced(Contenders.Weft weft) throws Exception {
    Done done = new Done(STARTS);
    weft.executor.spawn(() -> WeftTasks.startsAtAPace(STARTS, done));
    done.await();
  }

  @Benchmark
  @OperationsPerInvocation(STARTS)
  public void virtualThreadPaced() throws Exception {
    Done done = new Done(STARTS);
    Contenders.startVirtual(
        () -> {
          for (int i = 0; i < STARTS; i++) {
            LockSupport.parkNanos(PERIOD.toNanos());
            Contenders.startVirtual(
                () -> {
                  handle(TASK_TURNS);
                  done.one();
                });
          }
        });
    done.await();
  }

  /** A slot, and what to put into it. */
  @State(Scope.Thread)
  public static class Slot {
    final LocalQueue queue = new LocalQueue(LocalQueue.CAPACITY);
    final AtomicReference<@Nullable Frame<?>> exchanged = new AtomicReference<>();
    final Frame<?> frame = new Nothing();

    private static final class Nothing extends Frame<Void> {
      @Override
      protected @Nullable Object resume() {
        return null;
      }
    }
  }

  @Benchmark
  public void slot(Slot slot, Blackhole hole) {
    hole.consume(slot.queue.pushLifo(slot.frame));
    hole.consume(slot.queue.popLifo());
  }

  @Benchmark
  public void slotExchanged(Slot slot, Blackhole hole) {
    hole.consume(slot.exchanged.getAndSet(slot.frame));
    hole.consume(slot.exchanged.getAndSet(null));
  }
}
