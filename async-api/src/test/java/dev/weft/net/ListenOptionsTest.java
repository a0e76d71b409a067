package dev.weft.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.net.ListenOptions.WhenFull;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Each method changes its own option and no other; bad values are refused. */
class ListenOptionsTest {
  private final ListenOptions defaults = ListenOptions.defaults();

  @Test
  void eachMethodChangesOneThing() {
    TcpOptions connections = TcpOptions.defaults().receiveLimit(1);
    ListenOptions options =
        defaults
            .connections(connections)
            .backlog(2)
            .maxConnections(3)
            .maxPerAddress(4)
            .memoryLimit(5000)
            .whenFull(WhenFull.REFUSE)
            .acceptBackOff(Duration.ofSeconds(6))
            .reusePort(true);
    assertThat(options)
        .isEqualTo(
            new ListenOptions(
                connections, 2, 3, 4, 5000, WhenFull.REFUSE, Duration.ofSeconds(6), true));
  }

  @Test
  void byDefaultThereAreAsManyPlacesAsHalfOfTheHeapHas() {
    assertThat((long) defaults.maxConnections() * 6 * 1024)
        .isLessThanOrEqualTo(Runtime.getRuntime().maxMemory() / 2)
        .isGreaterThan(Runtime.getRuntime().maxMemory() / 3);
    assertThat(defaults.whenFull()).isEqualTo(WhenFull.WAIT);
    assertThat(defaults.reusePort()).isFalse();
  }

  @Test
  void badValuesAreRefused() {
    assertThatThrownBy(() -> defaults.backlog(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("backlog must be at least 1, not 0");
    assertThatThrownBy(() -> defaults.maxConnections(0))
        .hasMessage("maxConnections must be at least 1, not 0");
    assertThatThrownBy(() -> defaults.maxPerAddress(-1))
        .hasMessage("maxPerAddress must be at least 1, not -1");
    assertThatThrownBy(() -> defaults.memoryLimit(511))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("memoryLimit must be at least 512, not 511");
    assertThatThrownBy(() -> defaults.acceptBackOff(Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("acceptBackOff must be more than nothing, not PT0S");
    assertThat(defaults.acceptBackOff(Duration.ofNanos(1)).acceptBackOff())
        .as("rounded up")
        .isEqualTo(Duration.ofMillis(1));
  }
}
