package dev.weft.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
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
    listen().close(); // the first one opens what the JDK keeps
    long before = LeakCheck.open();
    try (ServerSocket socket = listen()) {
      assertThat(socket.getLocalPort()).isPositive();
      assertThat(LeakCheck.open()).isEqualTo(before + 1);
    }
    assertThat(LeakCheck.open()).isEqualTo(before);
  }

  private static ServerSocket listen() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }
}
