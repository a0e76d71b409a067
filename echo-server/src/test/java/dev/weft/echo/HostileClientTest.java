package dev.weft.echo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Clients that do not read, or vanish, cost the server a bounded amount and the others nothing. */
class HostileClientTest {
  private static final int STUCK = 40;

  /** Far more than the server's memory. */
  private static final long MUCH = 100 << 20;

  /** Enough for 40 times 192 KiB and the allocator's slack, not for what 40 clients send. */
  private static final List<String> LITTLE_MEMORY =
      List.of("-Xmx32m", "-XX:MaxDirectMemorySize=32m", "-Dio.netty.maxDirectMemory=33554432");

  @Test
  void clientsThatNeverReadAreHeldInBoundedMemory() throws Exception {
    try (ServerProcess.Running server = ServerProcess.serve(LITTLE_MEMORY, "--quiet")) {
      List<SocketChannel> stuck = new ArrayList<>();
      try {
        for (int i = 0; i < STUCK; i++) {
          SocketChannel channel = SocketChannel.open(server.address());
          channel.configureBlocking(false);
          stuck.add(channel);
        }
        assertThat(fill(stuck, MUCH)).as("bytes that were taken").isGreaterThan(MUCH);
        pingPong(server);
        reset(stuck.subList(0, STUCK / 2));
        pingPong(server);
      } finally {
        for (SocketChannel channel : stuck) {
          channel.close();
        }
      }
      server.endWell();
    }
  }

  @Test
  void aResetIsReportedAndHarmsNobody() throws Exception {
    try (ServerProcess.Running server = ServerProcess.serve()) {
      Socket client = server.connect();
      String peer = server.process.line().substring("Accepted connection from: ".length());
      client.getOutputStream().write(new byte[100_000]);
      assertThat(client.getInputStream().read()).isEqualTo(0);
      client.setSoLinger(true, 0);
      client.close();
      assertThat(server.process.line())
          .matches(
              Pattern.quote("Failed to read from socket " + peer + ": ")
                  + "(Connection reset.*|Broken pipe)");
      pingPong(server);
      server.endWell();
    }
  }

  private static void pingPong(ServerProcess.Running server) throws IOException {
    try (Socket client = server.connect()) {
      for (int i = 0; i < 200; i++) {
        client.getOutputStream().write(i);
        assertThat(client.getInputStream().read()).isEqualTo(i);
      }
    }
  }

  /** Sends on all of them until none takes any more; if that is not much, the server is slow. */
  private static long fill(List<SocketChannel> channels, long much) throws Exception {
    ByteBuffer junk = ByteBuffer.allocateDirect(256 * 1024);
    long sent = 0;
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(ServerProcess.SECONDS);
    for (int idleRounds = 0;
        idleRounds < 200 || (sent <= much && System.nanoTime() - deadline < 0); ) {
      long before = sent;
      for (SocketChannel channel : channels) {
        sent += channel.write(junk.clear());
      }
      idleRounds = sent == before ? idleRounds + 1 : 0;
      if (sent == before) {
        TimeUnit.MILLISECONDS.sleep(2); // between two looks whether the kernel takes more
      }
    }
    return sent;
  }

  private static void reset(List<SocketChannel> channels) throws IOException {
    for (SocketChannel channel : channels) {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
      channel.close();
    }
  }
}
