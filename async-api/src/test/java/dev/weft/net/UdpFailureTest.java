package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import io.netty.buffer.ByteBuf;
import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What goes wrong with datagrams, and who is told. */
@ExtendWith(LeakCheck.class)
class UdpFailureTest {
  private static int unusedPort() throws Exception {
    try (DatagramSocket socket = Udp.peer()) {
      return socket.getLocalPort();
    }
  }

  @EachTransport
  void aReceiveThatWaitsHearsThatNobodyListens(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        UdpSocket socket = Udp.connect(executor, Net.loopback(unusedPort()))) {
      for (int i = 0; i < 3; i++) {
        CompletableFuture<Datagram> received = socket.receive();
        Net.get(socket.send(Udp.buf(i)));
        assertThatThrownBy(() -> Net.get(received))
            .isInstanceOf(PortUnreachableException.class)
            .hasMessage(socket + ": Port unreachable");
      }
    }
  }

  @EachTransport
  void elseTheNextSendDoes(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        UdpSocket socket = Udp.connect(executor, Net.loopback(unusedPort()))) {
      Throwable told = null;
      for (int i = 0; told == null && i < 1_000; i++) {
        told =
            socket
                .send(Udp.buf(i))
                .thenCompose(sent -> socket.flush())
                .handle((done, failure) -> failure)
                .get(Net.SECONDS, java.util.concurrent.TimeUnit.SECONDS);
      }
      assertThat(told).isNotNull();
      assertThat(told.getCause() == null ? told : told.getCause())
          .isInstanceOf(PortUnreachableException.class);
    }
  }

  /** One peer that has gone does not disturb the others. */
  @EachTransport
  void aSocketWithManyPeersDoesNot(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        DatagramSocket peer = Udp.peer();
        UdpSocket socket = Udp.bind(executor)) {
      InetSocketAddress gone = Net.loopback(unusedPort());
      for (int i = 0; i < 20; i++) {
        CompletableFuture<Datagram> received = socket.receive();
        Net.get(socket.send(Udp.buf(i), gone));
        Net.get(socket.flush());
        Udp.send(peer, socket, Udp.bytes(i));
        assertThat(Udp.number(Net.get(received))).isEqualTo(i);
      }
    }
  }

  /** By the kernel: without the option, nothing may be sent to a broadcast address. */
  @EachTransport
  void aRefusedDatagramIsToldByFlushAndCounted(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        UdpSocket socket = Udp.bind(executor)) {
      InetSocketAddress broadcast = new InetSocketAddress("127.255.255.255", 9);
      Net.get(socket.send(Udp.buf(1), broadcast));
      assertThatThrownBy(() -> Net.get(socket.flush()))
          .isInstanceOf(SocketException.class)
          .hasMessage("127.255.255.255:9: A datagram of 4 bytes: Permission denied");
      Net.get(socket.flush());
      Net.get(socket.send(Udp.buf(2), socket.localAddress()));
      assertThat(Udp.number(Net.get(socket.receive()))).isEqualTo(2);
      assertThat(Net.get(socket.counts()).failed()).isEqualTo(1);
    }
  }

  @EachTransport
  void namesThatCannotBeResolved(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        UdpSocket socket = Udp.bind(executor)) {
      InetSocketAddress unresolved = InetSocketAddress.createUnresolved("elsewhere.invalid", 1);
      List<CompletableFuture<?>> failures =
          List.of(
              socket.send(Udp.buf(1), unresolved),
              UdpSocket.bind(executor, unresolved, UdpOptions.defaults()),
              UdpSocket.connect(executor, null, unresolved, UdpOptions.defaults()),
              UdpSocket.connect(executor, unresolved, Net.loopback(9), UdpOptions.defaults()));
      for (CompletableFuture<?> failure : failures) {
        assertThatThrownBy(() -> Net.get(failure))
            .isInstanceOf(UnknownHostException.class)
            .hasMessage("elsewhere.invalid: Unknown host");
      }
      assertThatThrownBy(() -> executor.blockOn(() -> UdpSocket.bind("no-such-host.invalid", 0)))
          .isInstanceOf(UnknownHostException.class);
    }
  }

  @EachTransport
  void aPortInUseIsNamed(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        UdpSocket socket = Udp.bind(executor)) {
      assertThatThrownBy(
              () -> Net.get(UdpSocket.bind(executor, socket.localAddress(), UdpOptions.defaults())))
          .isInstanceOf(BindException.class)
          .hasMessage(socket + ": Address already in use");
    }
  }

  @EachTransport
  void peersAreChecked(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        UdpSocket socket = Udp.bind(executor);
        UdpSocket connected = Udp.connect(executor, socket.localAddress())) {
      ByteBuf nowhere = Udp.buf(1);
      assertThatThrownBy(() -> Net.get(socket.send(nowhere)))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("without a recipient");
      assertThat(nowhere.refCnt()).isZero();
      ByteBuf elsewhere = Udp.buf(1);
      assertThatThrownBy(() -> Net.get(connected.send(elsewhere, Net.loopback(9))))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage("127.0.0.1:9: the socket is connected to " + socket);
      assertThat(elsewhere.refCnt()).isZero();
      InetSocketAddress six = new InetSocketAddress(InetAddress.getByName("::1"), 9);
      assertThatThrownBy(() -> Net.get(socket.send(Udp.buf(1), six)))
          .isInstanceOf(SocketException.class)
          .hasMessageContaining("IPv4 only");
    }
  }

  @EachTransport
  void closingFailsWhatWaits(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport)) {
      UdpSocket socket = Udp.bind(executor, UdpOptions.defaults().sendLimit(100));
      Task<Datagram> received = socket.receive();
      assertThatThrownBy(() -> Net.get(socket.receive()))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("another receive");
      try (DatagramSocket peer = Udp.peer()) {
        InetSocketAddress to = (InetSocketAddress) peer.getLocalSocketAddress();
        List<Task<@Nullable Void>> sends = new ArrayList<>();
        try (Udp.BusyLoop busy = new Udp.BusyLoop(socket)) {
          for (int i = 0; i < 20; i++) {
            sends.add(socket.send(Udp.buf(i), to));
          }
          assertThat(sends.get(19)).isNotDone();
          socket.close();
          assertClosed(sends.get(19), socket);
        }
        for (int i = 0; i < 20; i++) {
          assertThat(Udp.receiveInt(peer)).as("what was accepted is sent").isEqualTo(i);
        }
        ByteBuf late = Udp.buf(1);
        assertClosed(socket.send(late, to), socket);
        assertThat(late.refCnt()).isZero();
      }
      assertClosed(received, socket);
      assertClosed(socket.receive(), socket);
      assertClosed(socket.flush(), socket);
      Net.await("it is closed", () -> !socket.isOpen());
      socket.close();
    }
  }

  private static void assertClosed(CompletableFuture<?> operation, UdpSocket socket) {
    assertThatThrownBy(() -> Net.get(operation))
        .isInstanceOf(SocketException.class)
        .hasMessage(socket + ": The socket was closed by this side");
  }

  @EachTransport
  void theEndOfTheExecutorFailsWhatWaits(Transport transport) throws Exception {
    WorkStealingExecutor executor = Net.executor(transport);
    UdpSocket socket;
    Task<Datagram> received;
    try (executor) {
      socket = Udp.bind(executor);
      received = socket.receive();
    }
    assertThatThrownBy(() -> Net.get(received)).isInstanceOf(SocketException.class);
    ByteBuf late = Udp.buf(1);
    assertThatThrownBy(() -> Net.get(socket.send(late, Net.loopback(9))))
        .isInstanceOf(SocketException.class);
    assertThat(late.refCnt()).isZero();
    assertThatThrownBy(() -> Net.get(socket.flush())).isInstanceOf(SocketException.class);
    assertThatThrownBy(() -> Net.get(socket.counts())).isInstanceOf(SocketException.class);
    assertThatThrownBy(() -> Udp.bind(executor))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cannot serve sockets");
    socket.close();
  }

  /** A failure that the kernel repeats costs a look each tenth of a second, and no processor. */
  @EachTransport
  void aReceiveThatFailsIsTriedAgain(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        UdpSocket socket = Udp.bind(executor);
        DatagramSocket peer = Udp.peer()) {
      CompletableFuture<Datagram> received = socket.receive();
      dev.weft.net.loop.SocketDriver.of(executor)
          .execute(() -> socket.intake().onFailed(new java.io.IOException("No buffer space")));
      assertThatThrownBy(() -> Net.get(received))
          .isInstanceOf(SocketException.class)
          .hasMessage(socket + ": No buffer space");
      Udp.send(peer, socket, Udp.bytes(5));
      assertThat(Udp.number(Net.get(socket.receive()))).isEqualTo(5);
    }
  }

  @Test
  void cancellingTheOpeningClosesTheSocket() throws Exception {
    try (WorkStealingExecutor executor = Net.executor(Transport.AUTO)) {
      InetSocketAddress address = Net.loopback(unusedPort());
      Task<UdpSocket> binding = UdpSocket.bind(executor, address, UdpOptions.defaults());
      if (!binding.cancel(true)) {
        Net.get(binding).close();
      }
      Net.await(
          "the port is free",
          () -> {
            try (DatagramSocket socket = new DatagramSocket(address)) {
              return socket.isBound();
            } catch (SocketException taken) {
              return false;
            }
          });
    }
  }
}
