package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Each method changes its own option and no other; bad values are refused. */
class TcpOptionsTest {
  @Test
  void eachMethodChangesOneThing() {
    TcpOptions options =
        TcpOptions.defaults()
            .receiveLimit(1)
            .sendLimit(2)
            .idleTimeout(Duration.ofSeconds(3))
            .lingerTimeout(Duration.ofSeconds(4))
            .connectTimeout(Duration.ofSeconds(5))
            .keepAlive(true)
            .handshakeTimeout(Duration.ofSeconds(6))
            .noDelay(false);
    assertThat(options)
        .isEqualTo(
            new TcpOptions(
                1,
                2,
                Duration.ofSeconds(3),
                Duration.ofSeconds(4),
                Duration.ofSeconds(5),
                false,
                true,
                Duration.ofSeconds(6)));
  }

  @Test
  void badValuesAreRefused() {
    TcpOptions options = TcpOptions.defaults();
    assertThatThrownBy(() -> options.receiveLimit(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("receiveLimit must be at least 1, not 0");
    assertThatThrownBy(() -> options.sendLimit(1)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> options.idleTimeout(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("idleTimeout must not be negative: PT-1S");
  }
}
