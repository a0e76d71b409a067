package dev.weft.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.extension.ExtensionContext;

/** What the tests under load rely on: that a leak is seen. */
class LeakCheckTest {
  /** Not looked at. */
  private static final ExtensionContext ANY = null;

  @Test
  void aBufferThatNobodyReleasesIsReported() throws Exception {
    LeakCheck check = new LeakCheck();
    check.beforeEach(ANY);
    assertThat(check.leaks()).isEmpty();
    loseBuffer();
    assertThat(check.leaks()).singleElement().asString().contains("LEAK", "loseBuffer");
    assertThatThrownBy(() -> check.afterEach(ANY))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("reports of leaked buffers");
  }

  private static void loseBuffer() {
    ByteBufAllocator.DEFAULT.directBuffer(100);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aSocketThatIsOpenIsCounted() throws Exception {
    int port;
    try (ServerSocket socket = listen()) {
      port = socket.getLocalPort();
      assertThat(OpenSockets.of(port)).isOne();
      try (Socket there = new Socket(socket.getInetAddress(), port);
          Socket here = socket.accept()) {
        assertThat(here.getPort()).isEqualTo(there.getLocalPort());
        assertThat(OpenSockets.of(port)).isEqualTo(2);
      }
    }
    assertThat(OpenSockets.of(port)).isZero();
  }

  private static ServerSocket listen() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }
}
