package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import io.netty.buffer.ByteBuf;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;

/** Operations that wait while nothing moves fail after the idle timeout; the stream lives on. */
@ExtendWith(LeakCheck.class)
class IdleTimeoutTest {
  private static final TcpOptions OPTIONS =
      TcpOptions.defaults().idleTimeout(Duration.ofMillis(200));

  @EachTransport
  void aReadThatWaitsFails(Transport transport) throws Exception {
    long before = System.nanoTime();
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor, OPTIONS);
        Socket client = Net.connect(listener);
        TcpStream stream = Net.get(listener.accept())) {
      Task<@Nullable ByteBuf> read = stream.read();
      assertThatThrownBy(() -> Net.get(read))
          .isInstanceOf(SocketTimeoutException.class)
          .hasMessage(stream + ": Idle for longer than 0.2 s");
      assertThat(System.nanoTime() - before).isGreaterThanOrEqualTo(200_000_000);
      client.getOutputStream().write('d');
      assertThat(Net.text(Net.get(stream.read()))).isEqualTo("d");
    }
  }

  @EachTransport
  void theShortestTimeIsNotNever(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor, OPTIONS.idleTimeout(Duration.ofNanos(1)));
        Socket client = Net.connect(listener);
        TcpStream stream = Net.get(listener.accept())) {
      assertThatThrownBy(() -> Net.get(stream.read()))
          .isInstanceOf(SocketTimeoutException.class)
          .hasMessage(stream + ": Idle for longer than 0.001 s");
      assertThat(client.isClosed()).isFalse();
    }
  }

  @EachTransport
  void theLongestTimesAreForEver(Transport transport) throws Exception {
    Duration forEver = Duration.ofSeconds(Long.MAX_VALUE, 999_999_999);
    TcpOptions options =
        OPTIONS.idleTimeout(forEver).lingerTimeout(forEver).connectTimeout(forEver);
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor, options);
        TcpStream client = Net.get(TcpStream.connect(executor, listener.localAddress(), options));
        TcpStream server = Net.get(listener.accept())) {
      Task<@Nullable ByteBuf> read = server.read();
      Net.get(executor.sleep(Duration.ofMillis(1))); // the timers have been looked at
      assertThat(read).isNotDone();
      Net.get(client.write(Net.buf("d")));
      client.close();
      assertThat(Net.text(Net.get(read))).isEqualTo("d");
      assertThat(Net.get(server.read())).isNull();
    }
  }

  @EachTransport
  void aStreamThatWritesIsNotIdle(Transport transport) throws Exception {
    Duration timeout = Duration.ofSeconds(1);
    while (!readOutlastsTimeout(transport, timeout)) {
      timeout = timeout.multipliedBy(2); // the machine was so busy that the stream was idle
    }
  }

  /**
   * Writes now and then for longer than the timeout, in which a read must go on waiting; false if
   * the test itself has made a pause as long as the timeout, so that it may have failed.
   */
  private static boolean readOutlastsTimeout(Transport transport, Duration timeout)
      throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor, OPTIONS.idleTimeout(timeout));
        Socket client = Net.connect(listener)) {
      long lastWrite = System.nanoTime();
      long end = lastWrite + timeout.toNanos() * 3 / 2;
      try (TcpStream stream = Net.get(listener.accept())) {
        Task<@Nullable ByteBuf> read = stream.read();
        while (System.nanoTime() < end) {
          long before = System.nanoTime();
          // Each is accepted at once, and none waits.
          Task<@Nullable Void> write = stream.write(Net.buf("x"));
          boolean failed = Net.get(write.handle((done, error) -> error)) != null || read.isDone();
          if (System.nanoTime() - lastWrite >= timeout.toNanos()) {
            return false;
          }
          assertThat(failed).isFalse();
          lastWrite = before;
          assertThat(client.getInputStream().read()).isEqualTo('x');
          Net.get(executor.sleep(Duration.ofMillis(20)));
        }
        client.getOutputStream().write('d');
        String text = Net.text(Net.get(read.exceptionally(error -> null)));
        if (System.nanoTime() - lastWrite >= timeout.toNanos()) {
          return false;
        }
        assertThat(text).isEqualTo("d");
        return true;
      }
    }
  }

  @EachTransport
  void aWriteThatWaitsFails(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor, OPTIONS.lingerTimeout(Duration.ofMillis(1)));
        Socket client = Net.connect(listener);
        TcpStream stream = Net.get(listener.accept())) {
      Task<@Nullable Void> write = stream.write(Net.buf(new byte[16 << 20]));
      assertThatThrownBy(() -> Net.get(write)).isInstanceOf(SocketTimeoutException.class);
      assertThat(client.getInputStream().read()).isEqualTo(0);
    }
  }
}
