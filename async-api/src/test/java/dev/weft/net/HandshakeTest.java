package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.WorkStealingExecutor;
import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.extension.ExtendWith;

/** Who is not welcome in time is reset, however busily it sends; the others stay. */
@ExtendWith(LeakCheck.class)
class HandshakeTest {
  private static final TcpOptions OPTIONS =
      TcpOptions.defaults().handshakeTimeout(Duration.ofMillis(300));

  private static boolean answers(Socket client) {
    try {
      Net.roundTrip(client);
      return true;
    } catch (IOException | AssertionError reset) {
      return false;
    }
  }

  @EachTransport
  void aBusyPeerThatIsNotWelcomeIsReset(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor, OPTIONS);
        Socket client = Net.connect(listener);
        TcpStream stream = Net.get(listener.accept())) {
      CompletableFuture<?> echo = Net.echo(stream);
      Net.await("it is reset", () -> !answers(client));
      assertThat(Net.isReset(client) || client.getInputStream().read() == -1).isTrue();
      assertThatThrownBy(() -> Net.get(echo))
          .isInstanceOf(SocketTimeoutException.class)
          .hasMessage(stream + ": No end of the handshake within 0.3 s");
      assertThatThrownBy(() -> Net.get(stream.write(Net.buf("late"))))
          .isInstanceOf(SocketTimeoutException.class);
    }
  }

  @EachTransport
  void aSilentPeerIsResetToo(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor, OPTIONS);
        Socket client = Net.connect(listener);
        TcpStream stream = Net.get(listener.accept())) {
      assertThat(Net.isReset(client)).isTrue();
      assertThatThrownBy(() -> Net.get(stream.read())).isInstanceOf(SocketTimeoutException.class);
    }
  }

  @EachTransport
  void whoIsWelcomeInTimeStays(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor, OPTIONS)) {
      Socket welcome = null;
      while (welcome == null) { // a machine that is busy may be too late
        Socket client = Net.connect(listener);
        TcpStream stream = Net.get(listener.accept());
        stream.handshakeDone();
        stream.handshakeDone();
        Net.echo(stream);
        if (answers(client)) {
          welcome = client;
        } else {
          client.close();
        }
      }
      try (Socket later = Net.connect(listener);
          TcpStream laterStream = Net.get(listener.accept())) {
        Net.echo(laterStream);
        Net.await("one that came later is reset", () -> !answers(later));
      }
      Net.roundTrip(welcome);
      welcome.close();
    }
  }

  /** The time is for peers that come, not for those that one goes to. */
  @EachTransport
  void aConnectionOfOnesOwnHasNoSuchTime(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener plain = Net.listen(executor);
        TcpListener timed = Net.listen(executor, OPTIONS);
        TcpStream client = Net.get(TcpStream.connect(executor, plain.localAddress(), OPTIONS));
        TcpStream stream = Net.get(plain.accept());
        Socket later = Net.connect(timed)) {
      Net.echo(stream);
      assertThat(Net.isReset(later)).as("one that came later").isTrue();
      Net.get(client.write(Net.buf("x")));
      assertThat(Net.text(Net.get(client.read()))).isEqualTo("x");
    }
  }

  @EachTransport
  void theKernelProbesSilentPeersIfItIsTold(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener probing = Net.listen(executor, TcpOptions.defaults().keepAlive(true));
        TcpListener plain = Net.listen(executor);
        Socket probed = Net.connect(probing);
        Socket other = Net.connect(plain);
        TcpStream probedStream = Net.get(probing.accept());
        TcpStream otherStream = Net.get(plain.accept())) {
      Net.echo(probedStream);
      Net.echo(otherStream);
      Net.roundTrip(probed);
      Net.roundTrip(other);
      Net.await("its timer runs", () -> Kernel.otherEndProbes(probed));
      Net.await("and the other has none", () -> !Kernel.otherEndProbes(other));
    }
  }
}
