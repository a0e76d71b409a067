package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.NodeExecutor;
import dev.weft.WorkStealingExecutor;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Datagrams arrive with every byte and boundary as they were sent. */
@ExtendWith(LeakCheck.class)
class UdpSocketTest {
  private static final int LONGEST = 65_507;

  private static int[] sizes(Random random) {
    return IntStream.concat(
            IntStream.of(0, 0, 1, 2, 127, 128, 1_472, 1_473, 2_047, 2_048, 2_049, 0, 4_096, 9_000),
            IntStream.concat(
                random.ints(100, 0, LONGEST + 1), IntStream.of(65_506, LONGEST, 0, LONGEST)))
        .toArray();
  }

  /** Whether a connected socket can send a datagram of this size. */
  private static boolean canSend(Transport transport, int size) {
    return size > 0 || transport != Transport.NIO;
  }

  @EachTransport
  void anEmptyOneThatCannotBeSentIsRefused(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        UdpSocket socket = Udp.bind(executor);
        UdpSocket client = Udp.connect(executor, socket.localAddress())) {
      CompletableFuture<?> sent = client.send(Unpooled.EMPTY_BUFFER);
      if (canSend(transport, 0)) {
        Net.get(sent);
        assertThat(Net.bytes(Net.get(socket.receive()).content())).isEmpty();
      } else {
        assertThatThrownBy(() -> Net.get(sent))
            .isInstanceOf(SocketException.class)
            .hasMessageStartingWith(socket + ": A datagram of 0 bytes");
      }
    }
  }

  private static byte[] random(Random random, int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return bytes;
  }

  @EachTransport
  void everySizeArrivesWhole(Transport transport) throws Exception {
    long seed = ThreadLocalRandom.current().nextLong();
    Random random = new Random(seed);
    try (WorkStealingExecutor executor = Net.executor(transport);
        UdpSocket socket = Udp.bind(executor);
        UdpSocket client = Udp.connect(executor, socket.localAddress())) {
      for (int size : sizes(random)) {
        byte[] sent = random(random, size);
        if (!canSend(transport, size)) {
          continue;
        }
        Net.get(client.send(Net.buf(sent)));
        Datagram there = Net.get(socket.receive());
        assertThat(there.sender()).isEqualTo(client.localAddress());
        assertThat(there.truncated()).isFalse();
        assertThat(there.content().readableBytes()).as("seed %d", seed).isEqualTo(size);
        Net.get(socket.send(there.content(), there.sender()));
        Datagram back = Net.get(client.receive());
        assertThat(back.sender()).isEqualTo(socket.localAddress());
        assertThat(Net.bytes(back.content())).as("seed %d, %d", seed, size).isEqualTo(sent);
      }
    }
  }

  @EachTransport
  void soItDoesToAndFromOthers(Transport transport) throws Exception {
    long seed = ThreadLocalRandom.current().nextLong();
    Random random = new Random(seed);
    try (WorkStealingExecutor executor = Net.executor(transport);
        UdpSocket socket = Udp.bind(executor);
        DatagramSocket peer = Udp.peer()) {
      InetSocketAddress address = (InetSocketAddress) peer.getLocalSocketAddress();
      for (int size : sizes(random)) {
        byte[] sent = random(random, size);
        Udp.send(peer, socket, sent);
        Datagram there = Net.get(socket.receive());
        assertThat(there.sender()).isEqualTo(address);
        Net.get(socket.send(there.content(), address));
        assertThat(Udp.receive(peer)).as("seed %d, %d", seed, size).isEqualTo(sent);
      }
    }
  }

  /** From another thread, in one go, so that they go out in few system calls and come in so. */
  @EachTransport
  void manyAtOnceKeepTheirBoundaries(Transport transport) throws Exception {
    long seed = ThreadLocalRandom.current().nextLong();
    Random random = new Random(seed);
    int least = canSend(transport, 0) ? 0 : 1;
    try (WorkStealingExecutor executor = Net.executor(transport);
        UdpSocket socket = Udp.bind(executor);
        UdpSocket client = Udp.connect(executor, socket.localAddress())) {
      for (int round = 0; round < 30; round++) {
        List<byte[]> sent = new ArrayList<>();
        try (Udp.BusyLoop busy = new Udp.BusyLoop(client)) {
          for (int i = 0; i < 40; i++) {
            sent.add(random(random, random.nextInt(4) == 0 ? least : least + random.nextInt(600)));
            client.send(Net.buf(sent.get(i)));
          }
        }
        for (byte[] expected : sent) {
          assertThat(Net.bytes(Net.get(socket.receive()).content()))
              .as("seed %d, round %d", seed, round)
              .isEqualTo(expected);
        }
      }
      assertThat(Net.get(client.counts()).sent()).isEqualTo(1_200);
      assertThat(Net.get(socket.counts()).received()).isEqualTo(1_200);
    }
  }

  @EachTransport
  void buffersOfEveryKindAreSentAndReleased(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        UdpSocket socket = Udp.bind(executor);
        UdpSocket client = Udp.connect(executor, socket.localAddress())) {
      List<ByteBuf> buffers =
          List.of(
              Unpooled.buffer().writeBytes(new byte[] {0, 1, 2}).skipBytes(1),
              Unpooled.wrappedBuffer(Net.buf(new byte[] {1}), Net.buf(new byte[] {2})),
              Net.buf(new byte[] {0, 1, 2, 3}).slice(1, 2),
              Unpooled.wrappedBuffer(new byte[] {1, 2}).asReadOnly());
      for (ByteBuf buffer : buffers) {
        Net.get(client.send(buffer));
        assertThat(Net.bytes(Net.get(socket.receive()).content())).containsExactly(1, 2);
        Net.get(client.flush());
        assertThat(buffer.refCnt()).isZero();
      }
    }
  }

  @EachTransport
  void whatIsTooLongToReceiveIsTold(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        UdpSocket socket = Udp.bind(executor, UdpOptions.defaults().receiveSize(100));
        DatagramSocket peer = Udp.peer()) {
      for (int size : new int[] {99, 100, 101, 5_000, 0, 100}) {
        Udp.send(peer, socket, new byte[size]);
        Datagram datagram = Net.get(socket.receive());
        assertThat(datagram.truncated()).as("of %d", size).isEqualTo(size > 100);
        assertThat(Net.bytes(datagram.content())).hasSize(Math.min(size, 100));
      }
      UdpCounts counts = Net.get(socket.counts());
      assertThat(counts.received()).isEqualTo(6);
      assertThat(counts.truncated()).isEqualTo(2);
    }
  }

  @EachTransport
  void aConnectedOneHearsItsPeerOnly(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        DatagramSocket friend = Udp.peer();
        DatagramSocket stranger = Udp.peer();
        UdpSocket socket =
            Net.get(
                UdpSocket.connect(
                    executor,
                    Net.loopback(0),
                    (InetSocketAddress) friend.getLocalSocketAddress(),
                    UdpOptions.defaults()))) {
      assertThat(socket.remoteAddress()).isEqualTo(friend.getLocalSocketAddress());
      assertThat(socket.localAddress().getPort()).isPositive();
      CompletableFuture<Datagram> received = socket.receive();
      Udp.send(stranger, socket, Udp.bytes(1));
      Udp.send(friend, socket, Udp.bytes(2));
      assertThat(Udp.number(Net.get(received))).isEqualTo(2);
    }
  }

  @EachTransport
  void ipv6(Transport transport) throws Exception {
    InetAddress loopback = InetAddress.getByName("::1");
    Assumptions.assumeTrue(NetworkInterface.getByInetAddress(loopback) != null, "no IPv6 here");
    try (WorkStealingExecutor executor = Net.executor(transport);
        UdpSocket socket = executor.blockOn(() -> UdpSocket.bind("::", 0));
        UdpSocket six =
            Udp.connect(
                executor, new InetSocketAddress(loopback, socket.localAddress().getPort()));
        UdpSocket four = Udp.connect(executor, Net.loopback(socket.localAddress().getPort()))) {
      for (UdpSocket client : List.of(six, four)) {
        for (int size : new int[] {0, 1, 1_500, LONGEST}) {
          if (!canSend(transport, size)) {
            continue;
          }
          Net.get(client.send(Net.buf(new byte[size])));
          Datagram there = Net.get(socket.receive());
          assertThat(there.sender()).isEqualTo(client.localAddress());
          Net.get(socket.send(there.content(), there.sender()));
          assertThat(Net.bytes(Net.get(client.receive()).content())).hasSize(size);
        }
      }
    }
  }

  @EachTransport
  void aHundredAtOnce(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        UdpSocket server = Udp.bind(executor, UdpOptions.defaults().receiveBuffer(1 << 20))) {
      CompletableFuture<?> echo = echo(server);
      List<UdpSocket> clients = new ArrayList<>();
      try {
        for (int i = 0; i < 100; i++) {
          clients.add(Udp.connect(executor, server.localAddress()));
        }
        for (int round = 0; round < 20; round++) {
          List<CompletableFuture<Datagram>> answers = new ArrayList<>();
          for (int i = 0; i < clients.size(); i++) {
            clients.get(i).send(Udp.buf(round * 1_000 + i));
            answers.add(clients.get(i).receive());
          }
          for (int i = 0; i < clients.size(); i++) {
            assertThat(Udp.number(Net.get(answers.get(i)))).isEqualTo(round * 1_000 + i);
          }
        }
      } finally {
        clients.forEach(UdpSocket::close);
        server.close();
      }
      Net.await("the echo has ended", echo::isCompletedExceptionally);
    }
  }

  /** Until the socket is closed. */
  private static CompletableFuture<@Nullable Void> echo(UdpSocket socket) {
    return socket
        .receive()
        .thenComposeAsync(datagram -> socket.send(datagram.content(), datagram.sender()))
        .thenCompose(sent -> echo(socket));
  }

  @Test
  void inNodeMode() throws Exception {
    try (NodeExecutor node = NodeExecutor.builder().build();
        UdpSocket socket = node.blockOn(() -> UdpSocket.bind("127.0.0.1", 0));
        UdpSocket client =
            node.blockOn(() -> UdpSocket.connect("127.0.0.1", socket.localAddress().getPort()))) {
      for (int size : new int[] {0, 1, 1_472, 9_000, LONGEST}) {
        node.blockOn(() -> client.send(Net.buf(new byte[size])));
        Datagram there = node.blockOn(socket::receive);
        node.blockOn(() -> socket.send(there.content(), there.sender()));
        assertThat(Net.bytes(node.blockOn(client::receive).content())).hasSize(size);
      }
    }
  }

  /** A program ends that has nothing but this socket left. */
  @Test
  void inNodeModeAnUnreferencedSocketDoesNotKeepTheLoop() throws Exception {
    NodeExecutor node = NodeExecutor.builder().build();
    UdpSocket socket = node.blockOn(() -> UdpSocket.bind("127.0.0.1", 0)).unref();
    CompletableFuture<Datagram> received = socket.receive();
    node.close(); // waits for what keeps the loop
    Net.await("the receive has failed", received::isCompletedExceptionally);
    Net.await("the socket is closed", () -> !socket.isOpen());
  }
}
