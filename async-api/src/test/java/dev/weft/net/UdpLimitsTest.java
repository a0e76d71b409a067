package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a socket holds is bounded, and what is lost is counted. */
@ExtendWith(LeakCheck.class)
class UdpLimitsTest {
  /** More than one system call brings. */
  private static final int BEYOND = 64;

  @EachTransport
  void whatNobodyReceivesStaysInTheKernel(Transport transport) throws Exception {
    UdpOptions options = UdpOptions.defaults().receiveDatagrams(10).receiveBuffer(200_000);
    try (WorkStealingExecutor executor = Net.executor(transport);
        UdpSocket socket = Udp.bind(executor, options);
        DatagramSocket peer = Udp.peer()) {
      socket.receive().cancel(true); // from here on it takes them in
      int count = 150; // fits into the kernel's buffer
      for (int i = 0; i < count; i++) {
        Udp.send(peer, socket, Udp.bytes(i));
      }
      Net.await("it is full", socket::isHoldingBack);
      assertThat(Net.get(socket.counts()).received()).isBetween(10L, 10L + BEYOND);
      for (int i = 0; i < count; i++) {
        assertThat(Udp.number(Net.get(socket.receive()))).isEqualTo(i);
      }
      assertThat(socket.held()).isZero();
    }
  }

  @EachTransport
  void longOnesAreLimitedByTheirBytes(Transport transport) throws Exception {
    UdpOptions options = UdpOptions.defaults().receiveLimit(20_000).receiveBuffer(200_000);
    try (WorkStealingExecutor executor = Net.executor(transport);
        UdpSocket socket = Udp.bind(executor, options);
        DatagramSocket peer = Udp.peer()) {
      socket.receive().cancel(true);
      for (int i = 0; i < 30; i++) {
        Udp.send(peer, socket, new byte[1_000]);
      }
      Net.await("it is full", socket::isHoldingBack);
      for (int i = 0; i < 30; i++) {
        assertThat(Net.bytes(Net.get(socket.receive()).content())).hasSize(1_000);
      }
    }
  }

  @EachTransport
  void whatTheKernelDropsIsCounted(Transport transport) throws Exception {
    UdpOptions options = UdpOptions.defaults().receiveDatagrams(1).receiveBuffer(5_000);
    try (WorkStealingExecutor executor = Net.executor(transport);
        UdpSocket socket = Udp.bind(executor, options);
        DatagramSocket peer = Udp.peer()) {
      int count = 2_000;
      for (int i = 0; i < count; i++) {
        Udp.send(peer, socket, Udp.bytes(i));
      }
      long dropped = Net.get(socket.counts()).droppedByKernel();
      if (transport == Transport.NIO) {
        assertThat(dropped).isEqualTo(-1);
        return;
      }
      assertThat(dropped).isPositive();
      int before = -1;
      for (long left = count - dropped; left > 0; left--) {
        int number = Udp.number(Net.get(socket.receive()));
        assertThat(number).isGreaterThan(before);
        before = number;
      }
      assertThat(Net.get(socket.counts()).received()).isEqualTo(count - dropped);
    }
  }

  /** The loop is busy, so that nothing is sent meanwhile. */
  @EachTransport
  void sendsBeyondTheLimitWait(Transport transport) throws Exception {
    UdpOptions options = UdpOptions.defaults().sendLimit(1_000);
    try (WorkStealingExecutor executor = Net.executor(transport);
        DatagramSocket peer = Udp.peer();
        UdpSocket socket = Udp.bind(executor, options)) {
      InetSocketAddress to = (InetSocketAddress) peer.getLocalSocketAddress();
      List<Task<@Nullable Void>> sends = new ArrayList<>();
      try (Udp.BusyLoop busy = new Udp.BusyLoop(socket)) {
        for (int i = 0; i < 50; i++) {
          sends.add(socket.send(Udp.buf(i), to));
        }
        assertThat(sends.get(0)).isDone();
        assertThat(sends.get(49)).isNotDone();
      }
      for (Task<@Nullable Void> send : sends) {
        Net.get(send);
      }
      for (int i = 0; i < 50; i++) {
        assertThat(Udp.receiveInt(peer)).isEqualTo(i);
      }
    }
  }

  /** Whichever of them is cancelled, all are sent, in their order. */
  @EachTransport
  void aCancelledSendIsSent(Transport transport) throws Exception {
    UdpOptions options = UdpOptions.defaults().sendLimit(200);
    try (WorkStealingExecutor executor = Net.executor(transport);
        DatagramSocket peer = Udp.peer();
        UdpSocket socket = Udp.bind(executor, options)) {
      InetSocketAddress to = (InetSocketAddress) peer.getLocalSocketAddress();
      for (int cancelled = 0; cancelled < 10; cancelled++) {
        List<Task<@Nullable Void>> sends = new ArrayList<>();
        try (Udp.BusyLoop busy = new Udp.BusyLoop(socket)) {
          for (int i = 0; i < 10; i++) {
            sends.add(socket.send(Udp.buf(i), to));
          }
          sends.get(cancelled).cancel(true);
        }
        for (int i = 0; i < 10; i++) {
          assertThat(Udp.receiveInt(peer)).isEqualTo(i);
          if (i != cancelled) {
            Net.get(sends.get(i));
          }
        }
      }
      Net.get(socket.flush());
    }
  }

  @EachTransport
  void tasksOnAllThreadsSendThroughOneSocket(Transport transport) throws Exception {
    UdpOptions options = UdpOptions.defaults().sendLimit(500);
    try (WorkStealingExecutor executor = Net.executor(transport);
        UdpSocket server = Udp.bind(executor, UdpOptions.defaults().receiveBuffer(200_000));
        UdpSocket socket = Udp.bind(executor, options)) {
      int tasks = 8;
      int each = 200;
      List<CompletableFuture<?>> senders = new ArrayList<>();
      int[] next = new int[tasks];
      int[] received = {0};
      CompletableFuture<?> receiver = receiveAll(server, next, received, tasks * each);
      for (int task = 0; task < tasks; task++) {
        int first = task * 1_000;
        senders.add(executor.spawn(() -> sendAll(socket, server.localAddress(), first, each)));
      }
      for (CompletableFuture<?> sender : senders) {
        Net.get(sender);
      }
      Net.get(socket.flush());
      UdpCounts counts = Net.get(server.counts());
      if (counts.droppedByKernel() <= 0 && transport != Transport.NIO) {
        Net.get(receiver);
        assertThat(next).containsOnly(each);
      }
      assertThat(Net.get(socket.counts()).sent()).isEqualTo(tasks * each);
    }
  }

  private static CompletableFuture<@Nullable Void> sendAll(
      UdpSocket socket, InetSocketAddress to, int number, int left) {
    return left == 0
        ? CompletableFuture.completedFuture(null)
        : socket
            .send(Udp.buf(number), to)
            .thenComposeAsync(sent -> sendAll(socket, to, number + 1, left - 1));
  }

  private static CompletableFuture<@Nullable Void> receiveAll(
      UdpSocket socket, int[] next, int[] received, int count) {
    return socket
        .receive()
        .thenComposeAsync(
            datagram -> {
              int number = Udp.number(datagram);
              int task = number / 1_000;
              assertThat(number % 1_000).isGreaterThanOrEqualTo(next[task]);
              next[task] = number % 1_000 + 1;
              return ++received[0] == count
                  ? CompletableFuture.completedFuture(null)
                  : receiveAll(socket, next, received, count);
            });
  }

  @EachTransport
  void whatIsTooLongToSendIsRefusedWithItsSize(Transport transport) throws Exception {
    try (WorkStealingExecutor executor = Net.executor(transport);
        UdpSocket socket = Udp.bind(executor)) {
      InetSocketAddress self = socket.localAddress();
      assertThatThrownBy(() -> Net.get(socket.send(Net.buf(new byte[65_508]), self)))
          .isInstanceOf(SocketException.class)
          .hasMessage(
              socket
                  + ": A datagram of 65508 bytes: Message too long: 65507 are the most that fit"
                  + " into one");
      Net.get(socket.send(Udp.buf(7), self));
      assertThat(Udp.number(Net.get(socket.receive()))).isEqualTo(7);
    }
  }

  @Test
  void optionsAreChecked() {
    UdpOptions defaults = UdpOptions.defaults();
    assertThat(defaults.receiveSize(65_527).receiveSize()).isEqualTo(65_527);
    assertThatThrownBy(() -> defaults.receiveSize(65_528))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("receiveSize must be at least 1 and at most 65527, not 65528");
    assertThatThrownBy(() -> defaults.receiveSize(0)).hasMessageContaining("receiveSize");
    assertThatThrownBy(() -> defaults.receiveLimit(0)).hasMessageContaining("receiveLimit");
    assertThatThrownBy(() -> defaults.receiveDatagrams(0)).hasMessageContaining("receiveDatagrams");
    assertThatThrownBy(() -> defaults.sendLimit(1)).hasMessageContaining("sendLimit");
    assertThatThrownBy(() -> defaults.timeToLive(256)).hasMessageContaining("timeToLive");
    assertThatThrownBy(() -> defaults.multicastTimeToLive(-1))
        .hasMessageContaining("multicastTimeToLive");
  }
}
