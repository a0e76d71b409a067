package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.WorkStealingExecutor;
import java.net.DatagramSocket;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.extension.ExtendWith;

/** Several receivers: groups, broadcast, sockets that share a port. */
@ExtendWith(LeakCheck.class)
class UdpGroupsTest {
  private static final InetAddress GROUP = group();

  private static InetAddress group() {
    try {
      return InetAddress.getByAddress(new byte[] {(byte) 239, 1, 2, 3});
    } catch (java.net.UnknownHostException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static NetworkInterface loopback() throws Exception {
    return NetworkInterface.getByInetAddress(InetAddress.getLoopbackAddress());
  }

  private static UdpSocket any(WorkStealingExecutor executor, int port, UdpOptions options)
      throws Exception {
    return Net.get(UdpSocket.bind(executor, new InetSocketAddress("0.0.0.0", port), options));
  }

  @EachTransport
  void membersOfAGroupReceive(Transport transport) throws Exception {
    UdpOptions options = UdpOptions.defaults().reuseAddress(true).multicastInterface(loopback());
    try (WorkStealingExecutor executor = Net.executor(transport);
        UdpSocket first = any(executor, 0, options);
        UdpSocket second = any(executor, first.localAddress().getPort(), options);
        UdpSocket sender = any(executor, 0, options.multicastTimeToLive(0))) {
      InetSocketAddress to = new InetSocketAddress(GROUP, first.localAddress().getPort());
      Net.get(first.join(GROUP, loopback()));
      Net.get(second.join(GROUP, loopback()));
      Net.get(sender.send(Udp.buf(1), to));
      assertThat(Udp.number(Net.get(first.receive()))).isEqualTo(1);
      assertThat(Udp.number(Net.get(second.receive()))).isEqualTo(1);

      Net.get(second.leave(GROUP, loopback()));
      CompletableFuture<Datagram> none = second.receive();
      Net.get(sender.send(Udp.buf(2), to));
      assertThat(Udp.number(Net.get(first.receive()))).isEqualTo(2);
      assertThat(none).as("has left").isNotDone();
    }
  }

  /** By another interface than the loopback one, on which all goes round anyway. */
  @EachTransport
  void withoutLoopbackTheMachineItselfDoesNotReceive(Transport transport) throws Exception {
    NetworkInterface network =
        NetworkInterface.networkInterfaces()
            .filter(UdpGroupsTest::isOutward)
            .findAny()
            .orElse(null);
    Assumptions.assumeTrue(network != null, "no network here");
    UdpOptions options = UdpOptions.defaults().multicastInterface(network).multicastTimeToLive(0);
    try (WorkStealingExecutor executor = Net.executor(transport);
        UdpSocket member = any(executor, 0, options);
        UdpSocket silent = any(executor, 0, options.multicastLoopback(false));
        UdpSocket sender = any(executor, 0, options)) {
      InetSocketAddress to = new InetSocketAddress(GROUP, member.localAddress().getPort());
      Net.get(member.join(GROUP, network));
      Net.get(silent.send(Udp.buf(1), to));
      Net.get(silent.flush());
      Net.get(sender.send(Udp.buf(2), to));
      assertThat(Udp.number(Net.get(member.receive()))).isEqualTo(2);
    }
  }

  private static boolean isOutward(NetworkInterface network) {
    try {
      return network.isUp()
          && !network.isLoopback()
          && network.supportsMulticast()
          && network.inetAddresses().anyMatch(Inet4Address.class::isInstance);
    } catch (SocketException gone) {
      return false;
    }
  }

  @EachTransport
  void whatIsNoGroupIsRefused(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        UdpSocket socket = Udp.bind(executor)) {
      assertThatThrownBy(() -> socket.join(InetAddress.getLoopbackAddress(), loopback()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("127.0.0.1 is no multicast address");
      InetAddress six = InetAddress.getByName("ff02::1234");
      assertThatThrownBy(() -> socket.join(six, loopback()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("is a group of another kind than the socket " + socket);
    }
  }

  @EachTransport
  void broadcast(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        UdpSocket socket = any(executor, 0, UdpOptions.defaults());
        UdpSocket sender = Udp.bind(executor, UdpOptions.defaults().broadcast(true))) {
      int port = socket.localAddress().getPort();
      Net.get(sender.send(Udp.buf(1), new InetSocketAddress("127.255.255.255", port)));
      assertThat(Udp.number(Net.get(socket.receive()))).isEqualTo(1);
    }
  }

  @EachTransport
  void socketsThatShareAPortDivideTheSenders(Transport transport) throws Exception {
    UdpOptions shared = UdpOptions.defaults().reusePort(true);
    AtomicInteger ofFirst = new AtomicInteger();
    AtomicInteger ofSecond = new AtomicInteger();
    try (WorkStealingExecutor executor = Net.executor(transport);
        UdpSocket first = Udp.bind(executor, shared);
        UdpSocket second = Net.get(UdpSocket.bind(executor, first.localAddress(), shared))) {
      answer(first, ofFirst);
      answer(second, ofSecond);
      List<DatagramSocket> peers = new ArrayList<>();
      try {
        for (int i = 0; i < 100; i++) { // the kernel goes by a hash
          DatagramSocket peer = Udp.peer();
          peers.add(peer);
          Udp.send(peer, first, Udp.bytes(i));
          assertThat(Udp.receiveInt(peer)).isEqualTo(i);
        }
      } finally {
        peers.forEach(DatagramSocket::close);
      }
      assertThat(ofFirst.get() + ofSecond.get()).isEqualTo(100);
      assertThat(ofFirst.get()).isPositive();
      assertThat(ofSecond.get()).isPositive();
    }
  }

  private static CompletableFuture<@Nullable Void> answer(UdpSocket socket, AtomicInteger count) {
    return socket
        .receive()
        .thenCompose(
            datagram -> {
              count.incrementAndGet();
              return socket.send(datagram.content(), datagram.sender());
            })
        .thenCompose(sent -> answer(socket, count));
  }

  @EachTransport
  void timeToLive(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport)) {
      UdpOptions options = UdpOptions.defaults().timeToLive(3);
      if (transport == Transport.NIO) {
        assertThatThrownBy(() -> Udp.bind(executor, options))
            .isInstanceOf(SocketException.class)
            .hasMessageContaining("timeToLive");
        return;
      }
      try (UdpSocket socket = Udp.bind(executor, options)) {
        Net.get(socket.send(Udp.buf(1), socket.localAddress()));
        assertThat(Udp.number(Net.get(socket.receive()))).isEqualTo(1);
      }
    }
  }
}
