package dev.weft.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.net.UdpCounts;
import dev.weft.net.UdpSocket;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class UdpEchoTest {
  private static byte[] receive(DatagramSocket client) throws Exception {
    DatagramPacket packet = new DatagramPacket(new byte[65_535], 65_535);
    client.receive(packet);
    return Arrays.copyOf(packet.getData(), packet.getLength());
  }

  @Test
  void whatComesGoesBackUnlessItIsTooLong() throws Exception {
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().build()) {
      UdpSocket socket = executor.blockOn(() -> UdpSocket.bind("127.0.0.1", 0, UdpEcho.OPTIONS));
      Task<@Nullable Void> serving = executor.spawn(() -> UdpEcho.serve(socket));
      Random random = new Random(15);
      InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      try (DatagramSocket client = new DatagramSocket(any)) {
        client.setSoTimeout(60_000);
        for (int round = 0; round < 100; round++) {
          byte[] small = new byte[random.nextInt(1_000)];
          byte[] large = new byte[8_193];
          byte[] longest = new byte[8_192];
          random.nextBytes(small);
          random.nextBytes(longest);
          for (byte[] bytes : new byte[][] {small, large, longest}) {
            client.send(new DatagramPacket(bytes, bytes.length, socket.localAddress()));
          }
          assertThat(receive(client)).isEqualTo(small);
          assertThat(receive(client)).isEqualTo(longest);
        }
      }
      UdpCounts counts = socket.counts().get(60, TimeUnit.SECONDS);
      assertThat(counts.received()).isEqualTo(300);
      assertThat(counts.truncated()).isEqualTo(100);
      socket.close();
      assertThatThrownBy(() -> serving.get(60, TimeUnit.SECONDS))
          .hasCauseInstanceOf(SocketException.class);
    }
  }
}
