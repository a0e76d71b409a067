package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.net.Socket;
import java.net.SocketException;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Ending the input hands out all that has arrived, and then the end; and no peer is told that all
 * is well if something that it has sent was not read.
 */
@ExtendWith(LeakCheck.class)
class ShutdownInputTest {
  /** Fits into what the kernel takes for a connection that is not read from. */
  private static final int LENGTH = 30_000;

  private final byte[] message = new byte[LENGTH];

  ShutdownInputTest() {
    new Random(11).nextBytes(message);
  }

  private void sendAll(Socket client, TcpStream stream, int read) throws Exception {
    client.getOutputStream().write(message);
    Net.await(
        "all has arrived",
        () -> read + stream.held() + Kernel.unreadByTheOtherEnd(client) == LENGTH);
  }

  private static void readOn(TcpStream stream, ByteArrayOutputStream into) throws Exception {
    for (ByteBuf buf; (buf = Net.get(stream.read())) != null; ) {
      into.writeBytes(Net.bytes(buf));
    }
  }

  @EachTransport
  void whatTheKernelHasIsReadThoughNothingWasBefore(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor)) {
      for (int round = 0; round < 5; round++) {
        try (Socket client = Net.connect(listener);
            TcpStream stream = Net.get(listener.accept())) {
          sendAll(client, stream, 0);
          stream.shutdownInput();
          ByteArrayOutputStream read = new ByteArrayOutputStream();
          readOn(stream, read);
          assertThat(read.toByteArray()).isEqualTo(message);
          assertThat(Net.get(stream.read())).as("and it stays the end").isNull();
          stream.close();
          assertThat(client.getInputStream().read()).as("in order").isEqualTo(-1);
        }
      }
    }
  }

  /** More than the inbox takes, so that the kernel has the rest, or a part of that. */
  @EachTransport
  void whatTheKernelHasIsReadThoughTheInboxIsFull(Transport transport) throws Exception {
    byte[] large = new byte[150_000];
    new Random(12).nextBytes(large);
    TcpOptions small = TcpOptions.defaults().receiveLimit(4 * 1024);
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor, small)) {
      for (int round = 0; round < 5; round++) {
        try (Socket client = Net.connect(listener);
            TcpStream stream = Net.get(listener.accept())) {
          Task<@Nullable ByteBuf> first = stream.read();
          client.getOutputStream().write(large);
          ByteArrayOutputStream read = new ByteArrayOutputStream();
          read.writeBytes(Net.bytes(Objects.requireNonNull(Net.get(first))));
          Net.await(
              "it is full, and the kernel has some",
              () -> stream.isHoldingBack() && Kernel.unreadByTheOtherEnd(client) > 4 * 1024);
          int there = Kernel.unreadByTheOtherEnd(client) + read.size();
          stream.shutdownInput();
          stream.shutdownInput();
          readOn(stream, read);
          byte[] all = read.toByteArray();
          assertThat(all).isEqualTo(Arrays.copyOf(large, all.length));
          assertThat(all.length).isGreaterThanOrEqualTo(there);
        }
      }
    }
  }

  @EachTransport
  void aReadThatWaitsEndsIfNothingHasArrived(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor);
        Socket client = Net.connect(listener);
        Socket other = Net.connect(listener);
        TcpStream stream = Net.get(listener.accept());
        TcpStream otherStream = Net.get(listener.accept())) {
      Task<@Nullable ByteBuf> read = stream.read();
      stream.shutdownInput();
      assertThat(Net.get(read)).isNull();
      otherStream.shutdownInput();
      assertThat(Net.get(otherStream.read())).as("of one that nobody has read from").isNull();
      Net.get(stream.write(Net.buf("last")));
      stream.close();
      otherStream.close();
      assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("last");
      assertThat(other.getInputStream().read()).isEqualTo(-1);
    }
  }

  @EachTransport
  void whatIsSentAfterwardsIsNotReadAndResetsTheConnection(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor)) {
      for (int round = 0; round < 5; round++) {
        try (Socket client = Net.connect(listener);
            TcpStream stream = Net.get(listener.accept())) {
          CompletableFuture<?> echo = Net.echo(stream);
          Net.roundTrip(client);
          stream.shutdownInput();
          Net.get(echo);
          client.getOutputStream().write(message);
          Net.await("it has come", () -> Kernel.unreadByTheOtherEnd(client) > 0);
          assertThat(Net.get(stream.read())).isNull();
          stream.close();
          assertThat(Net.isReset(client)).isTrue();
        }
      }
    }
  }

  @EachTransport
  void closingWithoutReadingWhatHasArrivedResetsTheConnection(Transport transport)
      throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor);
        Socket client = Net.connect(listener);
        TcpStream stream = Net.get(listener.accept())) {
      sendAll(client, stream, 0);
      stream.shutdownInput();
      Net.await("it is in the inbox", () -> stream.held() > 0);
      stream.close();
      assertThat(Net.isReset(client)).isTrue();
    }
  }

  @EachTransport
  void anEchoAnswersAllThatHadArrived(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor)) {
      for (int round = 0; round < 10; round++) {
        try (Socket client = Net.connect(listener);
            TcpStream stream = Net.get(listener.accept())) {
          sendAll(client, stream, 0);
          CompletableFuture<?> echo =
              Net.echo(stream); // which has read some of it by the next line
          stream.shutdownInput();
          Net.get(echo);
          stream.close();
          assertThat(client.getInputStream().readAllBytes()).isEqualTo(message);
        }
      }
    }
  }

  @EachTransport
  void afterCloseItDoesNothing(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor);
        Socket client = Net.connect(listener);
        TcpStream stream = Net.get(listener.accept())) {
      stream.close();
      stream.shutdownInput();
      assertThat(client.getInputStream().read()).isEqualTo(-1);
      assertThatThrownBy(() -> Net.get(stream.read())).isInstanceOf(SocketException.class);
    }
  }
}
