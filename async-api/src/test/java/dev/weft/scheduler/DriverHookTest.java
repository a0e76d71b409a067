package dev.weft.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.frame.Carrier;
import dev.weft.scheduler.io.Driver;
import dev.weft.scheduler.io.DriverSeat;
import dev.weft.scheduler.thread.WorkerThread;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Where and when the executor calls its driver. */
class DriverHookTest {
  /** Its I/O is whatever the test puts into a queue. */
  private static class FakeDriver implements Driver {
    final LinkedBlockingQueue<Runnable> events = new LinkedBlockingQueue<>();
    final Set<Thread> callers = ConcurrentHashMap.newKeySet();
    volatile boolean closed;

    /** Has no thread, as nothing is given to it. */
    final ScheduledExecutorService group = new ScheduledThreadPoolExecutor(0);

    private int handle(Runnable first) {
      callers.add(Thread.currentThread());
      int handled = 0;
      for (Runnable event = first; event != null; event = events.poll()) {
        event.run();
        handled++;
      }
      return handled;
    }

    @Override
    public int poll() {
      return handle(events.poll());
    }

    @Override
    public int park(long nanos) {
      try {
        return handle(events.poll(nanos, TimeUnit.NANOSECONDS));
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void unpark() {
      events.add(() -> {});
    }

    @Override
    public ScheduledExecutorService eventLoopGroup() {
      return group;
    }

    @Override
    public void close() {
      callers.add(Thread.currentThread());
      closed = true;
    }
  }

  private static Driver.Provider providing(Driver driver) {
    return new Driver.Provider() {
      @Override
      public Thread newThread(Runnable run, String name, Carrier carrier) {
        return new WorkerThread(run, name, carrier);
      }

      @Override
      public Driver open() {
        if (driver == null) {
          throw new UnsupportedOperationException("no such system call");
        }
        return driver;
      }

      @Override
      public String name() {
        return "fake";
      }
    };
  }

  private final FakeDriver driver = new FakeDriver();

  @Test
  void isOwnedByOneWorkerFromOpenToClose() throws Exception {
    WorkStealingExecutor executor =
        WorkStealingExecutor.builder().name("io").workers(2).driver(providing(driver)).build();
    ScheduledExecutorService group = executor.eventLoopGroup();
    assertThat(group).isSameAs(driver.group);
    Task<String> source = new Task<>();
    Task<String> task = executor.spawn(() -> source);
    driver.events.add(() -> source.complete("from I/O"));
    assertThat(task.get(60, TimeUnit.SECONDS)).isEqualTo("from I/O");
    executor.close(Duration.ofSeconds(60));
    assertThat(driver.closed).isTrue();
    assertThat(driver.callers).extracting(Thread::getName).containsExactly("io-worker-0");
  }

  @Test
  void isPolledWhileTasksKeepTheWorkerBusy() throws Exception {
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder().workers(1).driver(providing(driver)).build()) {
      CompletableFuture<Void> event = new CompletableFuture<>();
      CompletableFuture<Void> end = new CompletableFuture<>();
      executor.execute(() -> restarting(executor, event, end));
      driver.events.add(() -> event.complete(null));
      end.get(60, TimeUnit.SECONDS);
      executor.close(Duration.ofSeconds(60));
    }
  }

  /** Each task starts the next and ends, so that they do not pile up however long it takes. */
  private static void restarting(
      WorkStealingExecutor executor, CompletableFuture<Void> until, CompletableFuture<Void> end) {
    if (until.isDone()) {
      end.complete(null);
    } else {
      executor.execute(() -> restarting(executor, until, end));
    }
  }

  @Test
  void sleepsAreServedBesideIt() throws Exception {
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder().workers(1).driver(providing(driver)).build()) {
      executor.blockOn(() -> Async.sleep(Duration.ofMillis(20)));
      executor.close(Duration.ofSeconds(60));
    }
  }

  @Test
  void anErrorInItIsLoggedAndTheWorkerGoesOn() throws Exception {
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder().workers(1).driver(providing(driver)).build()) {
      driver.events.add(
          () -> {
            throw new IllegalStateException("thrown by an event of this test");
          });
      assertThat(executor.submit(() -> 1).get(60, TimeUnit.SECONDS)).isOne();
      executor.close(Duration.ofSeconds(60));
    }
  }

  /** Loops that are never done with their I/O: there is a second one, and no third. */
  @Test
  void oneThatStaysBusyGetsASecondAndNotMoreThanThereAreWorkers() throws Exception {
    Set<Driver> opened = ConcurrentHashMap.newKeySet();
    Driver.Provider provider =
        new Driver.Provider() {
          @Override
          public Thread newThread(Runnable run, String name, Carrier carrier) {
            return new WorkerThread(run, name, carrier);
          }

          @Override
          public Driver open() {
            throw new AssertionError("to be opened with a seat");
          }

          @Override
          public Driver open(DriverSeat seat) {
            Driver busy =
                new FakeDriver() {
                  @Override
                  public int park(long nanos) {
                    return poll(); // there is always some I/O, so it does not sleep
                  }

                  @Override
                  public long activeNanos() {
                    return System.nanoTime();
                  }
                };
            opened.add(busy);
            return busy;
          }

          @Override
          public boolean isTransferable() {
            return true;
          }

          @Override
          public String name() {
            return "busy";
          }
        };
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder().workers(2).driver(provider).build()) {
      while (opened.size() < 2) {
        TimeUnit.MILLISECONDS.sleep(1); // between two looks, until the test's time is over
      }
      executor.spawn(() -> Async.sleep(Duration.ofMillis(200))).get(60, TimeUnit.SECONDS);
      assertThat(opened).hasSize(2);
      executor.close(Duration.ofSeconds(60));
    }
    assertThat(opened).allMatch(driver -> ((FakeDriver) driver).closed);
  }

  @Test
  void oneThatDoesNotOpenFailsTheBuild() {
    assertThatThrownBy(
            () -> WorkStealingExecutor.builder().name("io").driver(providing(null)).build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("The driver fake of the executor io could not be opened")
        .hasMessageContaining("no such system call");
  }
}
