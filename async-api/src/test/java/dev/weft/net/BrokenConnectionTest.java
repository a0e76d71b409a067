package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import io.netty.buffer.ByteBuf;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A peer that resets its connection, or this side closing it, ends what waits and leaks nothing.
 */
@ExtendWith(LeakCheck.class)
class BrokenConnectionTest {
  @EachTransport
  void aResetFailsTheReadThatWaits(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor);
        Socket client = Net.connect(listener);
        TcpStream stream = Net.get(listener.accept())) {
      Task<@Nullable ByteBuf> read = stream.read();
      client.getOutputStream().write('x');
      assertThat(Net.text(Net.get(read))).isEqualTo("x");
      Task<@Nullable ByteBuf> next = stream.read();
      Net.reset(client);
      String why = stream + ": Connection reset";
      assertThatThrownBy(() -> Net.get(next))
          .isInstanceOf(SocketException.class)
          .hasMessageStartingWith(why);
      assertThatThrownBy(() -> Net.get(stream.read())).hasMessageStartingWith(why);
      assertThatThrownBy(() -> Net.get(stream.write(Net.buf("late")))).hasMessageStartingWith(why);
      assertThatThrownBy(() -> Net.get(stream.shutdownOutput())).hasMessageStartingWith(why);
    }
  }

  @EachTransport
  void aResetFailsTheWriteThatWaits(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor);
        Socket client = Net.connect(listener);
        TcpStream stream = Net.get(listener.accept())) {
      Task<@Nullable Void> write = stream.write(Net.buf(new byte[16 << 20]));
      assertThat(client.getInputStream().readNBytes(1000)).hasSize(1000);
      assertThat(write).isNotDone();
      Net.reset(client);
      assertThatThrownBy(() -> Net.get(write))
          .isInstanceOf(SocketException.class)
          .hasMessageStartingWith(stream + ": ");
    }
  }

  @EachTransport
  void aResetInTheMiddleOfAnEchoHarmsNobodyElse(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor);
        Socket other = Net.connect(listener);
        TcpStream otherStream = Net.get(listener.accept())) {
      CompletableFuture<?> otherEcho = Net.echo(otherStream);
      for (int i = 0; i < 200; i++) { // with io_uring 1 of 7 was taken for the end of the input
        Socket client = Net.connect(listener);
        try (TcpStream stream = Net.get(listener.accept())) {
          CompletableFuture<?> echo = Net.echo(stream);
          client.getOutputStream().write(new byte[100_000]);
          assertThat(client.getInputStream().read()).isEqualTo(0);
          Net.reset(client);
          assertThatThrownBy(() -> Net.get(echo))
              .isInstanceOf(SocketException.class)
              .hasMessageStartingWith(stream + ": ");
        }
        other.getOutputStream().write(i);
        assertThat(other.getInputStream().read()).isEqualTo(i & 0xff);
      }
      other.shutdownOutput();
      Net.get(otherEcho);
    }
  }

  /** In the middle of reads and writes: what the kernel does for them is over when it ends. */
  @EachTransport
  void executorsThatEndUnderLoadHarmNoneThatComesLater(Transport transport) throws Exception {
    for (int i = 0; i < 100; i++) {
      List<Socket> clients = new ArrayList<>();
      CompletableFuture<?> echo = null;
      try (WorkStealingExecutor executor = Net.executor(transport);
          TcpListener listener = Net.listen(executor)) {
        for (int j = 0; j < 4; j++) {
          Socket client = Net.connect(listener);
          clients.add(client);
          echo = Net.echo(Net.get(listener.accept()));
          client.getOutputStream().write(new byte[100_000]);
        }
        assertThat(clients.get(0).getInputStream().read()).isEqualTo(0);
        executor.shutdownNow();
      }
      CompletableFuture<?> last = echo;
      assertThatThrownBy(() -> Net.get(last)).hasMessageContaining("Connection closed");
      for (Socket client : clients) {
        client.close();
      }
    }
  }

  @EachTransport
  void closeFailsWhatWaitsAndWhatComesLater(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener =
            Net.listen(
                executor, TcpOptions.defaults().lingerTimeout(java.time.Duration.ofMillis(10)));
        Socket client = Net.connect(listener)) {
      TcpStream stream = Net.get(listener.accept());
      Task<@Nullable ByteBuf> read = stream.read();
      Task<@Nullable Void> write = stream.write(Net.buf(new byte[16 << 20]));
      stream.close();
      stream.close();
      String why = stream + ": The socket was closed by this side";
      assertThatThrownBy(() -> Net.get(read)).isInstanceOf(SocketException.class).hasMessage(why);
      assertThatThrownBy(() -> Net.get(write)).isInstanceOf(SocketException.class).hasMessage(why);
      assertThatThrownBy(() -> Net.get(stream.read())).hasMessage(why);
      assertThatThrownBy(() -> Net.get(stream.write(Net.buf("late")))).hasMessage(why);
      assertThat(stream.remoteAddress().getPort()).isEqualTo(client.getLocalPort());
    }
  }

  @EachTransport
  void closingWithInputLeftInTheKernelStillSendsWhatWasWritten(Transport transport)
      throws Exception {
    int chunks = 64;
    byte[] chunk = new byte[64 * 1024];
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor);
        Socket client = Net.connect(listener);
        TcpStream stream = Net.get(listener.accept())) {
      client.getOutputStream().write(new byte[300_000]);
      Net.get(stream.read()).release();
      Task<Long> received =
          executor.spawnBlocking(
              () -> client.getInputStream().transferTo(OutputStream.nullOutputStream()));
      for (int i = 0; i < chunks; i++) {
        Net.get(stream.write(Net.buf(chunk)));
      }
      stream.close();
      assertThat(Net.get(received)).as("and no reset").isEqualTo((long) chunks * chunk.length);
    }
  }

  @EachTransport
  void closeReleasesWhatNobodyHasRead(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor);
        Socket client = Net.connect(listener);
        TcpStream stream = Net.get(listener.accept())) {
      Task<@Nullable ByteBuf> first = stream.read();
      client.getOutputStream().write(new byte[50_000]);
      Net.bytes(java.util.Objects.requireNonNull(Net.get(first)));
      Net.await("something has arrived", () -> stream.held() > 0);
      stream.close();
      assertThat(stream.held()).isZero();
    }
  }

  @EachTransport
  void closingTheExecutorEndsItsConnections(Transport transport) throws Exception {
    WorkStealingExecutor executor = Net.executor(transport);
    TcpListener listener = Net.listen(executor);
    try (Socket client = Net.connect(listener)) {
      TcpStream stream = Net.get(listener.accept());
      Task<@Nullable ByteBuf> read = stream.read();
      Task<@Nullable TcpStream> accept = listener.accept();
      client.getOutputStream().write(1);
      Net.bytes(java.util.Objects.requireNonNull(Net.get(read)));
      Task<@Nullable ByteBuf> next = stream.read();
      executor.close();
      assertThatThrownBy(() -> client.getInputStream().read())
          .as("no orderly end: nobody has ended it")
          .isInstanceOf(SocketException.class);
      assertThatThrownBy(() -> Net.get(next)).isInstanceOf(SocketException.class);
      assertThat(Net.get(accept)).isNull();
      assertThatThrownBy(() -> Net.get(stream.write(Net.buf("late"))))
          .isInstanceOf(SocketException.class);
      stream.close();
      listener.close();
      assertThatThrownBy(() -> Net.listen(executor))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("cannot serve sockets");
    }
  }

  @EachTransport
  void writingAfterTheOutputWasShutDownFails(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor);
        Socket client = Net.connect(listener);
        TcpStream stream = Net.get(listener.accept())) {
      Net.get(stream.write(Net.buf("last")));
      Net.get(stream.shutdownOutput());
      assertThatThrownBy(() -> Net.get(stream.write(Net.buf("late"))))
          .isInstanceOf(SocketException.class)
          .hasMessage(stream + ": The output was shut down by this side");
      assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("last");
      client.getOutputStream().write('y');
      assertThat(Net.text(Net.get(stream.read()))).as("the other direction").isEqualTo("y");
    }
  }

  @EachTransport
  void shuttingTheInputDownEndsAnEchoAfterWhatHasArrived(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor);
        Socket client = Net.connect(listener);
        TcpStream stream = Net.get(listener.accept())) {
      CompletableFuture<?> echo = Net.echo(stream);
      client.getOutputStream().write('z');
      assertThat(client.getInputStream().read()).isEqualTo('z');
      stream.shutdownInput();
      Net.get(echo);
      assertThat(Net.get(stream.read())).isNull();
    }
  }
}
