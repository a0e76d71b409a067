package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.net.address.SocketErrors;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A name is connected to if one of its addresses answers; with sockets. */
@ExtendWith(LeakCheck.class)
class ManyAddressesTest {
  @EachTransport
  void oneThatRefusesIsPassedOver(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor);
        TcpStream stream = Net.get(connect(executor, nobody(listener), listener.localAddress()))) {
      assertThat(stream.remoteAddress()).isEqualTo(listener.localAddress());
    }
  }

  /** And its socket is closed when the other one is connected, not when it would have given up. */
  @EachTransport
  void oneThatDoesNotAnswerIsPassedOver(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        Unreachable mute = new Unreachable();
        ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      InetSocketAddress address = (InetSocketAddress) listener.getLocalSocketAddress();
      try (TcpStream stream = Net.get(connect(executor, mute.address(), address));
          Socket peer = listener.accept()) {
        assertThat(stream.localAddress().getPort()).isEqualTo(peer.getPort());
        Net.await("only the connection is left", () -> Net.channels(executor) == 1);
      }
    }
  }

  @EachTransport
  void ifNoneAnswersEachIsNamed(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport)) {
      InetSocketAddress first;
      InetSocketAddress second;
      try (TcpListener listener = Net.listen(executor)) {
        first = nobody(listener);
        second = listener.localAddress();
      }
      Net.await("both are closed", () -> Net.channels(executor) == 0);
      assertThatThrownBy(() -> Net.get(connect(executor, first, second)))
          .isInstanceOf(ConnectException.class)
          .hasMessage(
              "name.test:80: No address could be connected to: %s: Connection refused; %s:"
                  + " Connection refused",
              SocketErrors.format(first), SocketErrors.format(second));
    }
  }

  @EachTransport
  void cancellingClosesEveryAttempt(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        Unreachable mute = new Unreachable()) {
      Task<TcpStream> connect = connect(executor, mute.address(), mute.address());
      Net.await("both are tried", () -> Net.channels(executor) == 2);
      assertThat(connect.cancel(true)).isTrue();
      Net.await("both are closed", () -> Net.channels(executor) == 0);
    }
  }

  @EachTransport
  void theTimeToConnectIsForAllOfThem(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        Unreachable mute = new Unreachable()) {
      assertThatThrownBy(
              () ->
                  Net.get(
                      Connecting.toAny(
                          executor,
                          "name.test:80",
                          CompletableFuture.completedFuture(
                              List.of(mute.address(), mute.address())),
                          TcpOptions.defaults().connectTimeout(java.time.Duration.ofMillis(1)))))
          .isInstanceOf(ConnectException.class)
          .hasMessageContaining("timed out");
    }
  }

  /** The resolver's part, in a JVM of its own: it reads its hosts file once. */
  @Test
  void aNameIsLookedUpWithAllItsAddresses(@TempDir Path folder) throws Exception {
    Path hosts =
        Files.writeString(folder.resolve("hosts"), "127.0.0.9 name.test\n127.0.0.1 name.test\n");
    Process client =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djdk.net.hosts.file=" + hosts,
                "-cp",
                System.getProperty("java.class.path"),
                Client.class.getName())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      String said = new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(said.lines()).last().isEqualTo("connected to 127.0.0.1");
      assertThat(client.waitFor(Net.SECONDS, TimeUnit.SECONDS)).isTrue();
    } finally {
      client.destroyForcibly();
    }
  }

  static final class Client {
    public static void main(String[] args) throws Exception {
      try (WorkStealingExecutor executor = WorkStealingExecutor.builder().build();
          ServerSocket listener = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
          TcpStream stream =
              executor.blockOn(() -> TcpStream.connect("name.test", listener.getLocalPort()))) {
        System.out.println("connected to " + stream.remoteAddress().getAddress().getHostAddress());
      }
    }
  }

  private static Task<TcpStream> connect(
      WorkStealingExecutor executor, InetSocketAddress... addresses) {
    return Connecting.toAny(
        executor,
        "name.test:80",
        CompletableFuture.completedFuture(List.of(addresses)),
        TcpOptions.defaults());
  }

  /** Where nobody listens: the same port of another address of this machine. */
  private static InetSocketAddress nobody(TcpListener listener) throws Exception {
    return new InetSocketAddress(
        InetAddress.getByName("127.0.0.9"), listener.localAddress().getPort());
  }
}
