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
  private static final Duration LONG = Duration.ofSeconds(30);

  static List<Contender> contenders() throws IOException {
    return Contenders.all(Path.of(System.getProperty("java.home")), Path.of("peers"), 2);
  }

  @ParameterizedTest
  @MethodSource("contenders")
  void itEchoes(Contender contender) throws Exception {
    assumeTrue(contender.missing() == null, () -> String.valueOf(contender.missing()));
    try (RunningPeer peer = RunningPeer.start(contender, 0)) {
      LoadPlan plan = shortPlan(peer);

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
      LoadPlan plan = shortPlan(peer).withConnections(4, size);
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

  /** It waits for every reply, however late. */
  private static LoadPlan shortPlan(RunningPeer peer) {
    LoadPlan defaults = LoadPlan.defaults(peer.port());
    return new LoadPlan(
        defaults.host(),
        defaults.port(),
        defaults.connections(),
        defaults.size(),
        defaults.depth(),
        defaults.rate(),
        defaults.work(),
        defaults.burners(),
        defaults.burn(),
        Duration.ZERO,
        SHORT,
        Duration.ofSeconds(60),
        defaults.threads());
  }

  /** For longer if the machine was so busy that nothing was sent in so short a time. */
  private static LoadResult assertRight(LoadPlan plan) throws Exception {
    LoadResult result = LoadGenerator.run(plan, 0);
    assertThat(result.failures()).isEmpty();
    assertThat(result.lost()).isZero();
    // Without a warm-up the first messages count, however long the server takes to answer them.
    boolean some =
        result.latencies().count() > 0 && (result.burns() == null || result.burns().count() > 0);
    if (!some && plan.duration().compareTo(LONG) < 0) {
      return assertRight(plan.withTimes(Duration.ZERO, plan.duration().multipliedBy(4)));
    }
    assertThat(some).as("something was sent").isTrue();
    return result;
  }
}
