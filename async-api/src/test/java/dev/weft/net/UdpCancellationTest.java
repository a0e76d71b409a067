package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.frame.HandWritten;
import java.net.DatagramSocket;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.ExtendWith;

/** Giving a receive up loses no datagram. */
@ExtendWith(LeakCheck.class)
class UdpCancellationTest {
  @EachTransport
  void racingCancellationsLoseNothingAndChangeNoOrder(Transport transport) throws Exception {
    long seed = ThreadLocalRandom.current().nextLong();
    Random random = new Random(seed);
    int count = 2_000;
    try (WorkStealingExecutor executor = Net.executor(transport);
        UdpSocket socket = Udp.bind(executor);
        DatagramSocket peer = Udp.peer()) {
      int received = 0;
      int cancelled = 0;
      for (int sent = 0; sent < count; sent++) {
        Task<Datagram> receive = socket.receive();
        Udp.send(peer, socket, Udp.bytes(sent));
        for (int spin = random.nextInt(2_000); spin > 0; spin--) {
          Thread.onSpinWait();
        }
        if (receive.cancel(true)) {
          cancelled++;
        } else {
          assertThat(Udp.number(Net.get(receive))).as("seed %d", seed).isEqualTo(received++);
        }
        while (sent + 1 - received > 50) { // more than that might not fit into the kernel's buffer
          assertThat(Udp.number(Net.get(socket.receive()))).isEqualTo(received++);
        }
      }
      while (received < count) {
        assertThat(Udp.number(Net.get(socket.receive())))
            .as("seed %d, %d cancelled", seed, cancelled)
            .isEqualTo(received++);
      }
    }
  }

  /** The receive has its datagram, but the method that awaits it is cancelled before it resumes. */
  @EachTransport
  void aCancelledMethodGivesItsDatagramBack(Transport transport) throws Exception {
    long seed = ThreadLocalRandom.current().nextLong();
    Random random = new Random(seed);
    try (WorkStealingExecutor executor = Net.executor(transport);
        UdpSocket socket = Udp.bind(executor);
        DatagramSocket peer = Udp.peer()) {
      for (int sent = 0; sent < 500; sent++) {
        // What the method got: its datagram, or null if it saw its cancellation at the await.
        CompletableFuture<@Nullable Datagram> got = new CompletableFuture<>();
        HandWritten<@Nullable Void> method =
            new HandWritten<>(
                executor, (frame, state, receive) -> receiveOnce(socket, got, frame, receive));
        executor.schedule(method);
        Net.await("it waits", socket::isReceiveAwaited);
        Udp.send(peer, socket, Udp.bytes(sent));
        for (int spin = random.nextInt(3_000); spin > 0; spin--) {
          Thread.onSpinWait();
        }
        method.cancel(true);
        Datagram datagram = Net.get(got);
        assertThat(Udp.number(datagram != null ? datagram : Net.get(socket.receive())))
            .as("seed %d", seed)
            .isEqualTo(sent);
      }
    }
  }

  private static Object receiveOnce(
      UdpSocket socket,
      CompletableFuture<@Nullable Datagram> got,
      HandWritten<@Nullable Void> frame,
      @Nullable CompletableFuture<?> receive) {
    if (receive == null) {
      return frame.await(socket.receive(), 1);
    }
    try {
      got.complete((Datagram) receive.join());
    } catch (CancellationException cancelled) {
      got.complete(null);
    }
    return Async.done();
  }
}
