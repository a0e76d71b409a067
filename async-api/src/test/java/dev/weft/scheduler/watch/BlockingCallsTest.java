package dev.weft.scheduler.watch;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.weft.Async;
import dev.weft.Logged;
import dev.weft.NodeExecutor;
import dev.weft.SlowPoll;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each call that blocks is named, with file and line and with what to write instead: by the log,
 * while it blocks. It goes on when it was seen there, however long that takes.
 */
@Timeout(120)
class BlockingCallsTest {
  private static final String FILE = "BlockingCallsTest.java";

  private final BlockingQueue<String> reports = new LinkedBlockingQueue<>();

  @RegisterExtension
  final Logged logged =
      new Logged(
          SlowPolls.class,
          event -> {
            assertThat(event.getLevel()).isEqualTo(Level.WARN);
            reports.add(event.getFormattedMessage());
          });

  private static final WorkStealingExecutor EXECUTOR =
      WorkStealingExecutor.builder().name("blocking").workers(2).noDriver().build();

  /** The thread that is blocked, and the line at which it is. */
  private volatile Thread thread;

  private volatile int line;

  /** By how many lines the JVM may be ahead. */
  private int ahead;

  @AfterAll
  static void end() throws Exception {
    EXECUTOR.close(Duration.ofSeconds(60));
  }

  @BeforeEach
  void forget() {
    reports.clear();
  }

  /** To be called on the line before the call that blocks. */
  private void next() {
    thread = Thread.currentThread();
    line =
        StackWalker.getInstance().walk(frames -> frames.skip(1).findFirst().get()).getLineNumber()
            + 1;
  }

  private interface Action {
    void run() throws Exception;
  }

  /**
   * Has a task block, waits for the report, and ends the call.
   *
   * @param name what the report is to say that it is in
   * @param advice and to do
   */
  private void check(Callable<?> blocking, Action end, String name, String... advice)
      throws Exception {
    Task<Boolean> task =
        EXECUTOR.submit(
            () -> {
              try {
                blocking.call();
              } catch (InterruptedException | IOException ended) {
                Thread.interrupted();
              }
              return true;
            });
    String report = reports.poll(60, TimeUnit.SECONDS);
    end.run();
    assertThat(task.get(60, TimeUnit.SECONDS)).isTrue();
    assertThat(report)
        .as("a report within a minute")
        .isNotNull()
        .startsWith("The worker blocking-worker-")
        .contains("one poll of task a lambda of " + BlockingCallsTest.class.getName())
        .contains("It is in " + name)
        .containsPattern(
            "\\(" + FILE + ":(" + line + "|" + (line + ahead) + ")\\), which blocks the thread: ")
        .contains(advice)
        .contains("The stack:\n    at ");
  }

  private void interrupt() {
    thread.interrupt();
  }

  @Test
  void threadSleep() throws Exception {
    check(
        () -> {
          next();
          Thread.sleep(600_000);
          return null;
        },
        this::interrupt,
        "Thread.sleep at",
        "write await(Async.sleep(duration))");
  }

  @Test
  void timeUnitSleep() throws Exception {
    check(
        () -> {
          next();
          TimeUnit.MINUTES.sleep(10);
          return null;
        },
        this::interrupt,
        "TimeUnit.sleep at",
        "write await(Async.sleep(duration))");
  }

  @Test
  void threadJoin() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    Thread other =
        new Thread(
            () -> {
              try {
                release.await();
              } catch (InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    other.start();
    check(
        () -> {
          next();
          other.join();
          return null;
        },
        release::countDown,
        "Thread.join at",
        "move it to a thread of its own with await(Async.spawnBlocking(() -> ...))");
  }

  @Test
  void objectWait() throws Exception {
    check(
        () -> {
          synchronized (this) {
            next();
            wait();
          }
          return null;
        },
        this::interrupt,
        "Object.wait at",
        "await a CompletableFuture that the other side completes");
  }

  @Test
  void futureJoin() throws Exception {
    CompletableFuture<Integer> never = new CompletableFuture<>();
    check(
        () -> {
          next();
          return never.join();
        },
        () -> never.complete(1),
        "CompletableFuture.join at",
        "write await(future), which costs no more");
  }

  @Test
  void taskGet() throws Exception {
    Task<Integer> never = new Task<>();
    check(
        () -> {
          next();
          return never.get();
        },
        () -> never.complete(1),
        "CompletableFuture.get at",
        "write await(future), which costs no more");
  }

  @Test
  void futureGet() throws Exception {
    FutureTask<Integer> never = new FutureTask<>(() -> 1);
    check(
        () -> {
          next();
          return never.get();
        },
        never::run,
        "Future.get at",
        "await a CompletionStage");
  }

  @Test
  void latch() throws Exception {
    CountDownLatch latch = new CountDownLatch(1);
    check(
        () -> {
          next();
          latch.await();
          return null;
        },
        latch::countDown,
        "CountDownLatch.await at",
        "await a CompletableFuture that the other side completes");
  }

  @Test
  void semaphore() throws Exception {
    Semaphore none = new Semaphore(0);
    check(
        () -> {
          next();
          none.acquire();
          return null;
        },
        none::release,
        "Semaphore.acquire at",
        "Async.spawnBlocking");
  }

  @Test
  void queue() throws Exception {
    ArrayBlockingQueue<Integer> empty = new ArrayBlockingQueue<>(1);
    check(
        () -> {
          next();
          return empty.take();
        },
        () -> empty.add(1),
        "ArrayBlockingQueue.take at",
        "use dev.weft.sync.Mpsc");
  }

  @Test
  void lock() throws Exception {
    ReentrantLock lock = new ReentrantLock();
    lock.lock();
    check(
        () -> {
          next();
          lock.lock();
          lock.unlock();
          return null;
        },
        lock::unlock,
        "ReentrantLock.lock (held by \"" + Thread.currentThread().getName() + "\") at",
        "await a dev.weft.sync.AsyncMutex where it is held for long");
  }

  @Test
  void monitor() throws Exception {
    ahead = 1;
    Object lock = new Object();
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Thread holder =
        new Thread(
            () -> {
              synchronized (lock) {
                held.countDown();
                try {
                  release.await();
                } catch (InterruptedException e) {
                  throw new IllegalStateException(e);
                }
              }
            },
            "the holder");
    holder.start();
    held.await();
    check(
        () -> {
          next();
          synchronized (lock) {
            return null; // the interpreter says this line, compiled code the one before
          }
        },
        release::countDown,
        "the entry to a synchronized block or method of java.lang.Object@"
            + Integer.toHexString(System.identityHashCode(lock))
            + " (held by \"the holder\") at",
        "await a dev.weft.sync.AsyncMutex where it is held for long");
  }

  @Test
  void process() throws Exception {
    Process process = new ProcessBuilder("sleep", "600").start();
    check(
        () -> {
          next();
          return process.waitFor();
        },
        process::destroy,
        "Process.waitFor at",
        "write await(process.onExit())");
  }

  @Test
  void socketRead() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Socket socket = new Socket(server.getInetAddress(), server.getLocalPort())) {
      check(
          () -> {
            InputStream in = socket.getInputStream();
            next();
            return in.read();
          },
          socket::close,
          "a socket at",
          "use TcpStream or a client that returns futures");
    }
  }

  @Test
  void accept() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      check(
          () -> {
            next();
            return server.accept();
          },
          server::close,
          "ServerSocket.accept at",
          "use TcpStream");
    }
  }

  @Test
  void socketChannel() throws Exception {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        SocketChannel channel =
            SocketChannel.open(
                new InetSocketAddress(server.getInetAddress(), server.getLocalPort()))) {
      ByteBuffer buffer = ByteBuffer.allocate(1);
      check(
          () -> {
            next();
            return channel.read(buffer);
          },
          channel::close,
          "a SocketChannel that blocks at",
          "use TcpStream");
    }
  }

  @Test
  void datagrams() throws Exception {
    try (DatagramSocket socket = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      check(
          () -> {
            next();
            socket.receive(new DatagramPacket(new byte[1], 1));
            return null;
          },
          socket::close,
          "DatagramSocket.receive at",
          "use UdpSocket");
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aPipeAsOfSystemIn(@TempDir Path directory) throws Exception {
    Path pipe = directory.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    Task<java.io.OutputStream> writer = EXECUTOR.spawnBlocking(() -> Files.newOutputStream(pipe));
    try (FileInputStream in = new FileInputStream(pipe.toFile());
        java.io.OutputStream out = writer.get(60, TimeUnit.SECONDS)) {
      check(
          () -> {
            next();
            return in.read();
          },
          () -> {
            out.write(1);
            out.flush();
          },
          "FileInputStream, of a file, a pipe or System.in at",
          "use dev.weft.io.AsyncFiles");
    }
  }

  @Test
  void oneThatComputes() throws Exception {
    AtomicBoolean seen = new AtomicBoolean();
    Task<Long> task = EXECUTOR.submit(() -> compute(seen));
    String report = reports.poll(60, TimeUnit.SECONDS);
    seen.set(true);
    assertThat(task.get(60, TimeUnit.SECONDS)).isNotNegative();
    assertThat(report)
        .as("a report within a minute")
        .isNotNull()
        .contains("It computes at " + BlockingCallsTest.class.getName() + ".compute(" + FILE + ":")
        .contains("await(Async.yieldNow())", "await(Async.spawnBlocking(() -> ...))");
  }

  private static long compute(AtomicBoolean enough) {
    long sum = 0;
    while (!enough.get()) {
      sum = (sum * 31 + 7) & Long.MAX_VALUE;
    }
    return sum;
  }

  // ---- the executor's own word, and what is not told

  private static SlowPoll first(Callable<List<SlowPoll>> polls) throws Exception {
    List<SlowPoll> seen = polls.call();
    while (seen.isEmpty()) { // until the test's time is over
      Thread.onSpinWait();
      seen = polls.call();
    }
    return seen.get(0);
  }

  @Test
  void theExecutorCountsItAndKnowsWhenItIsOver() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder()
            .name("one")
            .workers(1)
            .noDriver()
            .slowPollThreshold(Duration.ofMillis(20))
            .build()) {
      assertThat(executor.slowPolls()).isEmpty();
      Task<?> task =
          executor.spawn(
              "the reader",
              () -> {
                release.await();
                return Async.done();
              });
      SlowPoll poll = first(executor::slowPolls);
      assertThat(poll.over()).isFalse();
      assertThat(poll.task()).startsWith("task the reader (a lambda of ");
      assertThat(poll.duration()).isGreaterThanOrEqualTo(Duration.ofMillis(20));
      assertThat(executor.metrics().slowPolls()).isOne();
      release.countDown();
      task.get(60, TimeUnit.SECONDS);
      while (!executor.slowPolls().get(0).over()) {
        Thread.onSpinWait(); // until the test's time is over
      }
      assertThat(executor.slowPolls()).hasSize(1);
    }
  }

  /** What blocks in place is looked at for as long as another poll takes to be found. */
  @Test
  void whatBlocksInPlaceIsNotTold() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch blocked = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    Task<Boolean> inPlace =
        EXECUTOR.submit(
            () ->
                Async.blockInPlace(
                    () -> {
                      blocked.countDown();
                      return release.await(60, TimeUnit.SECONDS);
                    }));
    assertThat(blocked.await(60, TimeUnit.SECONDS)).isTrue();
    Task<Boolean> slow = EXECUTOR.submit(() -> released.await(60, TimeUnit.SECONDS));
    String report = reports.poll(60, TimeUnit.SECONDS);
    released.countDown();
    release.countDown();
    assertThat(inPlace.get(60, TimeUnit.SECONDS)).isTrue();
    assertThat(slow.get(60, TimeUnit.SECONDS)).isTrue();
    assertThat(report).isNotNull().contains("whatBlocksInPlaceIsNotTold");
    Logged.flush();
    assertThat(reports).isEmpty();
  }

  @Test
  void aLoopThatStandsStill() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    try (NodeExecutor node = NodeExecutor.builder().name("standing").noDriver().build()) {
      Task<Boolean> task =
          node.submit(
              () -> {
                next();
                return release.await(60, TimeUnit.SECONDS);
              });
      String report = reports.poll(60, TimeUnit.SECONDS);
      assertThat(node.slowPolls()).hasSize(1);
      release.countDown();
      assertThat(task.get(60, TimeUnit.SECONDS)).isTrue();
      assertThat(report)
          .isNotNull()
          .startsWith("The event loop standing stood still for ")
          .contains("It is in CountDownLatch.await at ", "(" + FILE + ":" + line + ")")
          .contains("task a lambda of " + BlockingCallsTest.class.getName());
    }
  }

  /** After the monitor has had every occasion to go to rest. */
  @Test
  void aLoopThatStandsStillAfterItWasIdle() throws Exception {
    try (NodeExecutor node = NodeExecutor.builder().name("resting").noDriver().build()) {
      Thread monitor = restingMonitor();
      while (monitor == null) { // it is started by the loop's thread
        monitor = restingMonitor();
      }
      while (monitor.getState() != Thread.State.WAITING) {
        Thread.onSpinWait(); // until the test's time is over
      }
      CountDownLatch release = new CountDownLatch(1);
      node.execute(
          () -> {
            try {
              release.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
          });
      assertThat(reports.poll(60, TimeUnit.SECONDS)).isNotNull().contains("resting stood still");
      release.countDown();
      node.close();
      monitor.join(60_000);
      assertThat(monitor.isAlive()).isFalse();
    }
  }

  @Test
  void nobodyLooksAtALoopOfWhichNobodyWantsToKnow() throws Exception {
    try (NodeExecutor node =
        NodeExecutor.builder().name("silent").noDriver().slowPollThreshold(Duration.ZERO).build()) {
      node.submit(() -> {}).get(60, TimeUnit.SECONDS); // when it would have been started
      assertThat(thread("silent-monitor")).isNull();
      assertThat(thread("silent")).isNotNull();
    }
  }

  private static @Nullable Thread restingMonitor() {
    return thread("resting-monitor");
  }

  private static @Nullable Thread thread(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().equals(name))
        .findAny()
        .orElse(null);
  }

  /** It is neither idle nor in one callback: each makes room for the next. */
  @Test
  void aLoopThatIsBusyIsNotTold() throws Exception {
    CountDownLatch release = new CountDownLatch(1);
    try (NodeExecutor node = NodeExecutor.builder().name("busy").noDriver().build()) {
      AtomicBoolean enough = new AtomicBoolean();
      node.execute(() -> again(node, enough));
      EXECUTOR.submit(() -> release.await(60, TimeUnit.SECONDS));
      assertThat(reports.poll(60, TimeUnit.SECONDS)).isNotNull().contains("blocking-worker");
      assertThat(node.slowPolls()).isEmpty();
      enough.set(true);
      release.countDown();
    }
  }

  private static void again(NodeExecutor node, AtomicBoolean enough) {
    if (!enough.get()) {
      node.queueMicrotask(() -> again(node, enough));
    }
  }
}
