package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Binding, accepting, connecting, and what their failures say. */
@ExtendWith(LeakCheck.class)
class ListenerTest {
  @EachTransport
  void closingEndsTheAcceptThatWaits(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport)) {
      TcpListener listener = Net.listen(executor);
      Task<@Nullable TcpStream> accept = listener.accept();
      assertThat(accept).isNotDone();
      listener.close();
      listener.close();
      assertThat(Net.get(accept)).isNull();
      assertThat(Net.get(listener.accept())).isNull();
      InetSocketAddress address = listener.localAddress();
      Net.await("the port is free again", () -> isFree(address));
    }
  }

  private static boolean isFree(InetSocketAddress address) {
    try (ServerSocket socket = new ServerSocket()) {
      socket.bind(address);
      return true;
    } catch (java.io.IOException taken) {
      return false;
    }
  }

  @EachTransport
  void closingClosesWhatNobodyHasAccepted(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport)) {
      TcpListener listener = Net.listen(executor);
      try (Socket first = Net.connect(listener);
          Socket second = Net.connect(listener);
          TcpStream accepted = Net.get(listener.accept())) {
        Net.await("the second one has arrived", () -> listener.unaccepted() == 1);
        listener.close();
        assertThat(second.getInputStream().read()).isEqualTo(-1);
        first.getOutputStream().write('c');
        assertThat(Net.text(Net.get(accepted.read()))).as("is not touched").isEqualTo("c");
      }
    }
  }

  @EachTransport
  void unacceptedConnectionsAreBounded(Transport transport) throws Exception {
    int extra = 20;
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor)) {
      List<Socket> clients = new ArrayList<>();
      try {
        for (int i = 0; i < TcpListener.UNACCEPTED_LIMIT + extra; i++) {
          clients.add(Net.connect(listener)); // the kernel accepts it
        }
        Net.await("full", () -> listener.unaccepted() >= TcpListener.UNACCEPTED_LIMIT);
        int underWay = transport == Transport.EPOLL ? 0 : transport == Transport.NIO ? 15 : extra;
        assertThat(listener.unaccepted())
            .isBetween(TcpListener.UNACCEPTED_LIMIT, TcpListener.UNACCEPTED_LIMIT + underWay);
        for (int i = 0; i < clients.size(); i++) {
          try (TcpStream stream = Net.get(listener.accept())) {
            assertThat(stream.remoteAddress().getPort()).isEqualTo(clients.get(i).getLocalPort());
          }
        }
      } finally {
        for (Socket client : clients) {
          client.close();
        }
      }
    }
  }

  @EachTransport
  void aPortInUseIsNamed(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        TcpListener listener = Net.listen(executor)) {
      assertThatThrownBy(
              () ->
                  Net.get(
                      TcpListener.bind(executor, listener.localAddress(), TcpOptions.defaults())))
          .isInstanceOf(BindException.class)
          .hasMessage(listener + ": Address already in use");
    }
  }

  @EachTransport
  void aRefusedConnectionIsNamed(Transport transport) throws Exception {
    try (Socket bound = new Socket(); // does not listen, and nobody else can meanwhile
        WorkStealingExecutor executor = Net.executor(transport)) {
      bound.bind(Net.loopback(0));
      InetSocketAddress nobody = (InetSocketAddress) bound.getLocalSocketAddress();
      assertThatThrownBy(() -> Net.get(TcpStream.connect(executor, nobody, TcpOptions.defaults())))
          .isInstanceOf(ConnectException.class)
          .hasMessage("127.0.0.1:" + nobody.getPort() + ": Connection refused");
    }
  }

  @Test
  void anUnknownHostIsNamed() throws Exception {
    try (WorkStealingExecutor executor = Net.executor(Transport.NIO)) {
      assertThatThrownBy(() -> executor.blockOn(() -> TcpListener.bind("no-such-host.invalid", 0)))
          .isInstanceOf(UnknownHostException.class)
          .hasMessage("no-such-host.invalid: Unknown host");
      InetSocketAddress unresolved = InetSocketAddress.createUnresolved("elsewhere.invalid", 1);
      assertThatThrownBy(
              () -> Net.get(TcpStream.connect(executor, unresolved, TcpOptions.defaults())))
          .isInstanceOf(UnknownHostException.class)
          .hasMessage("elsewhere.invalid: Unknown host");
    }
  }

  @Test
  void hostsMayBeNamesOrNumbers() throws Exception {
    try (WorkStealingExecutor executor = Net.executor(Transport.AUTO)) {
      for (String host : List.of("localhost", "127.0.0.1")) {
        try (TcpListener listener = executor.blockOn(() -> TcpListener.bind(host, 0));
            TcpStream stream =
                executor.blockOn(
                    () -> TcpStream.connect(host, listener.localAddress().getPort()))) {
          assertThat(stream.remoteAddress()).isEqualTo(listener.localAddress());
        }
      }
    }
  }

  @Test
  void anExecutorWithoutADriverSaysSo() throws Exception {
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().noDriver().build()) {
      assertThatThrownBy(() -> Net.listen(executor))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("cannot serve sockets")
          .hasMessageContaining("dev.weft.net.Transport");
    }
  }

  @Test
  void portsAreChecked() {
    assertThatThrownBy(() -> TcpListener.bind("127.0.0.1", 65_536))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("65536");
  }
}
