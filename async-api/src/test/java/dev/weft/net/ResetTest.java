package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import io.netty.buffer.ByteBuf;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;

/** A peer that has got all sees the end, and one that has not sees a reset. */
@ExtendWith(LeakCheck.class)
class ResetTest {
  /** More than the kernel takes for a narrow peer: up to 4 MiB on this side. */
  private static final int MUCH = 16 << 20;

  @EachTransport
  void whatWasNotSentIsDroppedAndThePeerKnows(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor);
        Socket client = Net.connectNarrow(listener);
        TcpStream stream = Net.get(listener.accept())) {
      Task<@Nullable ByteBuf> read = stream.read();
      Task<@Nullable Void> write = stream.write(Net.buf(new byte[MUCH]));
      stream.reset();
      stream.reset();
      String why = stream + ": The socket was closed by this side";
      assertThatThrownBy(() -> Net.get(read)).isInstanceOf(SocketException.class).hasMessage(why);
      assertThatThrownBy(() -> Net.get(write)).isInstanceOf(SocketException.class).hasMessage(why);
      assertThatThrownBy(() -> Net.get(stream.read())).hasMessage(why);
      assertThatThrownBy(() -> Net.get(stream.write(Net.buf("late")))).hasMessage(why);
      assertThat(Net.isReset(client)).isTrue();
    }
  }

  @EachTransport
  void alsoIfNothingWasWritten(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor);
        Socket client = Net.connect(listener);
        TcpStream stream = Net.get(listener.accept())) {
      stream.reset();
      stream.close();
      assertThat(Net.isReset(client)).isTrue();
    }
  }

  @EachTransport
  void alsoWhileAClosedStreamIsStillSending(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor);
        Socket client = Net.connectNarrow(listener);
        TcpStream stream = Net.get(listener.accept())) {
      stream.write(Net.buf(new byte[MUCH]));
      stream.close();
      assertThat(client.getInputStream().read()).isZero();
      stream.reset();
      assertThat(Net.isReset(client)).isTrue();
    }
  }

  @EachTransport
  void alsoIfTheTimeToLingerIsOver(Transport transport) throws Exception {
    TcpOptions options = TcpOptions.defaults().lingerTimeout(Duration.ofMillis(10));
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor, options);
        Socket client = Net.connectNarrow(listener);
        TcpStream stream = Net.get(listener.accept())) {
      stream.write(Net.buf(new byte[MUCH]));
      stream.close();
      assertThat(client.getInputStream().read()).isZero(); // from now on some is unsent
      Net.await("it is given up", () -> stream.unsent() == 0);
      assertThat(Net.isReset(client)).isTrue();
    }
  }

  @EachTransport
  void alsoIfThereIsNoTimeToLinger(Transport transport) throws Exception {
    TcpOptions options = TcpOptions.defaults().lingerTimeout(Duration.ZERO);
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor, options);
        Socket client = Net.connectNarrow(listener);
        TcpStream stream = Net.get(listener.accept())) {
      stream.write(Net.buf(new byte[MUCH]));
      stream.close();
      assertThat(Net.isReset(client)).isTrue();
    }
  }

  /** Until it is closed in order, any end is a reset; so closing must not come too early. */
  @EachTransport
  void nothingThatWasWrittenIsLostByClosingInOrder(Transport transport) throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor)) {
      for (int round = 0; round < 150; round++) {
        int length = 1 + random.nextInt(1 << random.nextInt(21));
        try (Socket client = Net.connect(listener)) {
          TcpStream stream = Net.get(listener.accept());
          if (random.nextBoolean()) {
            client.getOutputStream().write(7);
            Net.get(stream.read()).release();
          }
          stream.write(Net.buf(new byte[length]));
          if (random.nextBoolean()) {
            stream.shutdownOutput();
          }
          stream.close();
          assertThat(slowly(client, 1 + length / (1 + random.nextInt(20))))
              .as("seed %s, round %s", seed, round)
              .isEqualTo(length);
        }
      }
    }
  }

  /** How many bytes there are up to the end, read in pieces. */
  private static long slowly(Socket client, int piece) throws Exception {
    byte[] buffer = new byte[piece];
    InputStream in = client.getInputStream();
    long bytes = 0;
    for (int read; (read = in.read(buffer)) >= 0; bytes += read) {
      Thread.yield();
    }
    return bytes;
  }

  @EachTransport
  void nothingIsLostIfBothSidesEndTheirOutput(Transport transport) throws Exception {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor)) {
      for (int round = 0; round < 100; round++) {
        byte[] message = new byte[1 + random.nextInt(1 << random.nextInt(17))];
        try (Socket client = Net.connect(listener)) {
          TcpStream stream = Net.get(listener.accept());
          CompletableFuture<?> served =
              Net.echo(stream)
                  .thenCompose(echoed -> stream.shutdownOutput())
                  .thenRun(stream::close);
          client.getOutputStream().write(message);
          client.shutdownOutput();
          assertThat(slowly(client, 4096)).as("seed %s, %s", seed, round).isEqualTo(message.length);
          Net.get(served);
        }
      }
    }
  }
}
