package dev.weft.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What options there may be. */
class HttpOptionsTest {
  private static final HttpOptions DEFAULTS = HttpOptions.defaults();

  @Test
  void eachChangesOneThing() {
    HttpOptions all =
        DEFAULTS
            .headLimit(1000)
            .bodyLimit(5L << 30)
            .headTimeout(Duration.ofSeconds(1))
            .bodyTimeout(Duration.ofSeconds(2))
            .idleTimeout(Duration.ofSeconds(3))
            .writeTimeout(Duration.ofSeconds(4))
            .requestLimit(5)
            .streamLimit(6)
            .http2(false);
    assertThat(all)
        .isEqualTo(
            new HttpOptions(
                1000,
                5L << 30,
                Duration.ofSeconds(1),
                Duration.ofSeconds(2),
                Duration.ofSeconds(3),
                Duration.ofSeconds(4),
                5,
                6,
                false,
                null));
    assertThat(DEFAULTS.bodyLimit()).isEqualTo(1 << 20);
  }

  @Test
  void whatCannotBeIsRefused() {
    refused(() -> DEFAULTS.headLimit(255), "headLimit must be at least 256, not 255");
    refused(() -> DEFAULTS.bodyLimit(-1), "bodyLimit must be at least 0, not -1");
    refused(() -> DEFAULTS.requestLimit(0), "requestLimit must be at least 1, not 0");
    refused(() -> DEFAULTS.streamLimit(0), "streamLimit must be at least 1, not 0");
    refused(
        () -> DEFAULTS.headTimeout(Duration.ZERO),
        "headTimeout must be more than nothing, not PT0S");
    refused(
        () -> DEFAULTS.bodyTimeout(Duration.ofMillis(-1)),
        "bodyTimeout must be more than nothing, not PT-0.001S");
    refused(
        () -> DEFAULTS.idleTimeout(Duration.ZERO),
        "idleTimeout must be more than nothing, not PT0S");
    refused(
        () -> DEFAULTS.writeTimeout(Duration.ZERO),
        "writeTimeout must be more than nothing, not PT0S");
  }

  private static void refused(Supplier<HttpOptions> options, String message) {
    assertThatThrownBy(options::get)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  /** Of more than a long has nanoseconds. */
  @Test
  void timesOfAnyLength() throws Exception {
    Duration ever = Duration.ofSeconds(Long.MAX_VALUE);
    HttpOptions patient =
        DEFAULTS.headTimeout(ever).bodyTimeout(ever).idleTimeout(ever).writeTimeout(ever);
    try (Site site = new Site(Ground.NIO, patient);
        Client client = site.client()) {
      assertThat(client.post("/echo", "a").reply().body()).isEqualTo("a");
      assertThat(client.request("GET /stream").reply().body()).isEqualTo("one two tri ");
    }
  }
}
