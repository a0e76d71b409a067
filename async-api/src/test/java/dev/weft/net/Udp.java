package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.AsyncExecutor;
import io.netty.buffer.ByteBuf;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** What the tests of sockets for datagrams have in common. */
final class Udp {
  private Udp() {}

  static UdpSocket bind(AsyncExecutor executor, UdpOptions options) throws Exception {
    return Net.get(UdpSocket.bind(executor, Net.loopback(0), options));
  }

  static UdpSocket bind(AsyncExecutor executor) throws Exception {
    return bind(executor, UdpOptions.defaults());
  }

  static UdpSocket connect(AsyncExecutor executor, InetSocketAddress peer) throws Exception {
    return Net.get(UdpSocket.connect(executor, null, peer, UdpOptions.defaults()));
  }

  /** A peer by the JDK's own sockets. */
  static DatagramSocket peer() throws Exception {
    DatagramSocket peer = new DatagramSocket(Net.loopback(0));
    peer.setSoTimeout(Net.SECONDS * 1000);
    return peer;
  }

  static void send(DatagramSocket peer, UdpSocket to, byte[] bytes) throws Exception {
    peer.send(new DatagramPacket(bytes, bytes.length, to.localAddress()));
  }

  static byte[] receive(DatagramSocket peer) throws Exception {
    DatagramPacket packet = new DatagramPacket(new byte[UdpOptions.LONGEST], UdpOptions.LONGEST);
    peer.receive(packet);
    return java.util.Arrays.copyOf(packet.getData(), packet.getLength());
  }

  static int receiveInt(DatagramSocket peer) throws Exception {
    byte[] bytes = receive(peer);
    assertThat(bytes).hasSize(4);
    return java.nio.ByteBuffer.wrap(bytes).getInt();
  }

  static byte[] bytes(int number) {
    return java.nio.ByteBuffer.allocate(4).putInt(number).array();
  }

  static ByteBuf buf(int number) {
    return Net.buf(bytes(number));
  }

  static int number(Datagram datagram) {
    byte[] bytes = Net.bytes(datagram.content());
    assertThat(bytes).hasSize(4);
    return java.nio.ByteBuffer.wrap(bytes).getInt();
  }

  /** Keeps an executor's only loop busy until it is closed. */
  static final class BusyLoop implements AutoCloseable {
    private final CountDownLatch free = new CountDownLatch(1);

    /** That of a socket: a busy executor may have several. */
    BusyLoop(UdpSocket socket) throws Exception {
      CountDownLatch busy = new CountDownLatch(1);
      socket
          .loop()
          .execute(
              () -> {
                busy.countDown();
                try {
                  free.await(Net.SECONDS, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
              });
      assertThat(busy.await(Net.SECONDS, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public void close() {
      free.countDown();
    }
  }
}
