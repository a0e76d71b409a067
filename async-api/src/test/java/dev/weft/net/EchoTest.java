package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.WorkStealingExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every byte comes through, in order, and once. */
@ExtendWith(LeakCheck.class)
class EchoTest {
  @EachTransport
  void whatIsReadBeforeTheEndOfTheStreamIsEchoed(Transport transport) throws Exception {
    long seed = ThreadLocalRandom.current().nextLong();
    byte[] sent = new byte[4 << 20];
    new Random(seed).nextBytes(sent);
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor);
        Socket client = Net.connect(listener);
        TcpStream stream = Net.get(listener.accept())) {
      CompletableFuture<?> echo = Net.echo(stream);
      CompletableFuture<Void> sending =
          CompletableFuture.runAsync(
              () -> {
                try {
                  client.getOutputStream().write(sent);
                  client.shutdownOutput();
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      byte[] received = client.getInputStream().readNBytes(sent.length);
      assertThat(received).as("seed %d", seed).isEqualTo(sent);
      Net.get(sending);
      Net.get(echo);
      stream.close();
      assertThat(client.getInputStream().read()).isEqualTo(-1);
    }
  }

  @EachTransport
  void closeStillSendsWhatWasWrittenBefore(Transport transport) throws Exception {
    byte[] sent = new byte[1 << 20]; // more than the kernel's buffers take at once
    new Random(1).nextBytes(sent);
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor);
        Socket client = Net.connect(listener)) {
      TcpStream stream = Net.get(listener.accept());
      CompletableFuture<?> write = stream.write(Net.buf(sent));
      stream.close();
      assertThat(client.getInputStream().readAllBytes()).isEqualTo(sent);
      assertThat(write).isDone(); // accepted or refused by the close, but not left waiting
    }
  }

  @EachTransport
  void theEndOfTheExecutorDoesNotCutItOff(Transport transport) throws Exception {
    byte[] sent = new byte[16 << 20]; // more than the kernel's buffers take
    new Random(2).nextBytes(sent);
    WorkStealingExecutor executor = Net.executor(transport);
    TcpListener listener = Net.listen(executor);
    try (Socket client = Net.connect(listener)) {
      TcpStream stream = Net.get(listener.accept());
      CompletableFuture<?> write = stream.write(Net.buf(sent));
      stream.close();
      CompletableFuture<Void> closing = CompletableFuture.runAsync(executor::close);
      assertThat(client.getInputStream().readAllBytes()).isEqualTo(sent);
      assertThat(write).isDone();
      Net.get(closing);
    }
  }

  /** Each number is written by another thread than the one before, some of them the loop's own. */
  @EachTransport
  void writesOfSuccessiveThreadsKeepTheirOrder(Transport transport) throws Exception {
    int numbers = 20_000;
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor);
        Socket client = Net.connect(listener);
        TcpStream stream = Net.get(listener.accept())) {
      CompletableFuture<Void> writing =
          CompletableFuture.runAsync(
              () -> {
                CompletableFuture<?> last = CompletableFuture.completedFuture(null);
                for (int i = 0; i < numbers; i++) {
                  byte[] four = {(byte) (i >> 24), (byte) (i >> 16), (byte) (i >> 8), (byte) i};
                  last =
                      i % 3 == 0
                          ? last.thenCompose(done -> stream.write(Net.buf(four)))
                          : last.thenComposeAsync(done -> stream.write(Net.buf(four)), executor);
                  if (i % 64 == 0) {
                    last.join();
                  }
                }
                last.join();
              });
      List<Integer> wrong = new ArrayList<>();
      java.io.DataInputStream in = new java.io.DataInputStream(client.getInputStream());
      for (int i = 0; i < numbers; i++) {
        int received = in.readInt();
        if (received != i) {
          wrong.add(received);
        }
      }
      assertThat(wrong).isEmpty();
      Net.get(writing);
    }
  }

  @EachTransport
  void aStreamCanConnect(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor);
        TcpStream client =
            Net.get(TcpStream.connect(executor, listener.localAddress(), TcpOptions.defaults()));
        TcpStream server = Net.get(listener.accept())) {
      assertThat(client.remoteAddress()).isEqualTo(listener.localAddress());
      assertThat(server.remoteAddress()).isEqualTo(client.localAddress());
      Net.get(client.write(Net.buf("over")));
      assertThat(Net.text(Net.get(server.read()))).isEqualTo("over");
      Net.get(client.shutdownOutput());
      assertThat(Net.get(server.read())).isNull();
      assertThat(Net.get(server.read())).as("again").isNull();
      Net.get(server.write(Net.buf("and out")));
      assertThat(Net.text(Net.get(client.read()))).isEqualTo("and out");
    }
  }
}
