package dev.weft.perf.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.perf.load.LoadGenerator;
import dev.weft.perf.load.LoadPlan;
import dev.weft.perf.load.LoadResult;
import dev.weft.perf.load.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every peer that can run here answers right, byte for byte, by both protocols. Those that {@code
 * perf/peers/build} builds are there if it has; the others are reported as skipped, with the
 * reason.
 */
class PeersTest {
  private static final Duration SHORT = Duration.ofMillis(200);

  static List<Contender> contenders() throws IOException {
    return Contenders.all(Path.of(System.getProperty("java.home")), Path.of("peers"), 2);
  }

  @ParameterizedTest
  @MethodSource("contenders")
  void itEchoes(Contender contender) throws Exception {
    assumeTrue(contender.missing() == null, () -> String.valueOf(contender.missing()));
    try (RunningPeer peer = RunningPeer.start(contender, 0)) {
      LoadPlan plan = LoadPlan.defaults(peer.port()).withTimes(Duration.ZERO, SHORT);

      assertRight(plan.withConnections(5, 33).withDepth(16));
      assertRight(plan.withConnections(2, 100_000));
    }
  }

  @ParameterizedTest
  @MethodSource("contenders")
  void itBurnsAndEchoesFrames(Contender contender) throws Exception {
    assumeTrue(contender.missing() == null, () -> String.valueOf(contender.missing()));
    int size = 37;
    try (RunningPeer peer = RunningPeer.start(contender, size)) {
      LoadPlan plan =
          LoadPlan.defaults(peer.port()).withTimes(Duration.ZERO, SHORT).withConnections(4, size);
      Duration burn = Duration.ofMillis(10);

      LoadResult inline =
          assertRight(plan.withDepth(16).withRequests(Request.framed(), 1, Request.burn(burn)));
      LoadResult elsewhere =
          assertRight(
              plan.withRate(500).withRequests(Request.framed(), 1, Request.burnElsewhere(burn)));

      // By the server's clock, and then some.
      assertThat(inline.burns().p50()).isGreaterThanOrEqualTo(9_900);
      assertThat(elsewhere.burns().p50()).isGreaterThanOrEqualTo(9_900);
    }
  }

  private static LoadResult assertRight(LoadPlan plan) throws Exception {
    LoadResult result = LoadGenerator.run(plan, 0);
    assertThat(result.failures()).isEmpty();
    assertThat(result.lost()).isZero();
    // Without a warm-up the first messages count, however long the server takes to answer them.
    assertThat(result.latencies().count()).isPositive();
    return result;
  }
}
