package dev.weft.inspect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Async;
import dev.weft.WorkStealingExecutor;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How an inspector begins and ends, and that nobody is kept by it. */
class LifeTest {
  @Test
  void aPortInUse() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
      int port = taken.getLocalPort();
      assertThatThrownBy(() -> Inspector.start(port))
          .isInstanceOf(IOException.class)
          .hasMessage(
              "The inspector cannot listen on 127.0.0.1:"
                  + port
                  + ": Address already in use (choose another port for it, or 0 for a free one)");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 65_536})
  void noPort(int port) {
    assertThatThrownBy(() -> Inspector.start(port))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("The inspector's port must be from 0 to 65535, not " + port);
  }

  @Test
  void noHost() {
    assertThatThrownBy(() -> Inspector.builder().host("no-such-host.invalid").start())
        .isInstanceOf(IOException.class)
        .hasMessage("The inspector cannot listen on no-such-host.invalid: Unknown host");
  }

  @Test
  void afterItsEndThePortIsFree() throws Exception {
    Inspector inspector = Inspector.start(0);
    int port = inspector.address().getPort();
    assertThat(inspector).hasToString("Inspector at http://127.0.0.1:" + port + "/");
    try (Socket open = new Socket("127.0.0.1", port)) {
      inspector.close();
      inspector.close();
      open.setSoTimeout(60_000);
      assertThat(isEnded(open)).isTrue();
    }
    assertThatThrownBy(() -> connect(port)).isInstanceOf(ConnectException.class);
    Inspector.start(port).close();
  }

  private static boolean isEnded(Socket socket) {
    try {
      return socket.getInputStream().read() == -1;
    } catch (IOException reset) {
      return true;
    }
  }

  private static void connect(int port) throws IOException {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress("127.0.0.1", port));
    }
  }

  /** The program's workers are all kept, and its pages answer: that is what they are for. */
  @Test
  void itAnswersWhileTheWorkersAreStuck() throws Exception {
    CountDownLatch stuck = new CountDownLatch(2);
    CountDownLatch end = new CountDownLatch(1);
    try (Served served = new Served()) {
      for (int i = 0; i < 2; i++) {
        served.executor.spawn(
            () -> {
              stuck.countDown();
              end.await(); // blocks the worker, which no task should do
              return Async.done();
            });
      }
      assertThat(stuck.await(1, TimeUnit.MINUTES)).isTrue();
      String json = served.json("/api/pulse");
      assertThat(Served.all("parked", json)).containsExactly("false", "false");
      end.countDown();
    }
  }

  @Test
  void pulseTellsWhoSleeps() throws Exception {
    try (Served served = new Served()) {
      long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
      String json = served.json("/api/pulse");
      while (!json.contains("\"index\":0,\"parked\":true") && System.nanoTime() - end < 0) {
        json = served.json("/api/pulse");
      }
      assertThat(json)
          .contains("\"name\":\"executor-0\"", "\"kind\":\"work-stealing\"")
          .contains("\"index\":0,\"parked\":true")
          .doesNotContain("pollTimes");
    }
  }

  /** It may be begun by a task, on the one worker that there is. */
  @Test
  void aTaskBeginsIt() throws Exception {
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().workers(1).build()) {
      executor.blockOn(
          () -> {
            Inspector.start(0).close();
            return Async.done();
          });
    }
  }

  @Test
  void itsThreadsAreDaemons() throws Exception {
    try (Served served = new Served()) {
      served.get("/api/tasks");
      assertThat(Thread.getAllStackTraces().keySet())
          .filteredOn(thread -> thread.getName().startsWith("weft-inspector"))
          .isNotEmpty()
          .allMatch(Thread::isDaemon);
    }
  }

  @Test
  void theExecutorEndsBeforeIt() throws Exception {
    try (Served served = new Served().withTasks(3)) {
      assertThat(served.keys("")).hasSize(3);
      served.executor.close(Duration.ofMinutes(1));
      assertThat(served.executor.isTerminated()).isTrue();
      assertThat(served.json("/api/pulse")).contains("\"ended\":true");
    }
  }
}
