package dev.weft.perf.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.perf.load.Latencies;
import dev.weft.perf.load.LoadPlan;
import dev.weft.perf.load.LoadResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Outcomes follow from the figures. */
class ClaimsTest {
  private final List<Results.Found> found = new ArrayList<>();

  @Test
  void withoutItsLoadsARunMakesNoClaims() {
    add("echo-64x64", Map.of("tokio", 1.0, "node", 1.0));

    assertThat(Claims.of(results(null))).isEmpty();
  }

  @Test
  void aClaimHoldsOrDoesNotByItsFigures() {
    // Throughput is the inverse of the scale, and everything else follows it.
    add("compute", Map.of("tokio", 1.0, "node", 2.0, "weft-epoll", 1.0, "weft-node", 1.2));
    add("echo-64x64", Map.of("tokio", 1.0, "node", 1.0, "weft-epoll", 1.0, "weft-node", 0.5));

    assertThat(claim("Work stealing").outcome()).isEqualTo("holds");
    assertThat(claim("Work stealing").weftOutcome()).isEqualTo("does not hold");
    assertThat(claim("On I/O-bound work").outcome()).isEqualTo("holds");
    assertThat(claim("On I/O-bound work").weftOutcome()).isEqualTo("does not hold");
    assertThat(claim("Simple tasks cost").outcome()).isEqualTo("within the noise");
    assertThat(claim("Simple tasks cost").weftOutcome()).isEqualTo("holds");
  }

  @Test
  void aStallIsSeenAgainstTheSameLoadWithoutIt() {
    add("compute", Map.of("tokio", 1.0));
    add("mixed-inline", Map.of("tokio", 1.0, "node", 50.0, "weft-epoll", 1.0, "weft-node", 50.0));
    add("mixed-idle", Map.of("tokio", 1.0, "node", 1.0, "weft-epoll", 1.0, "weft-node", 1.0));

    assertThat(claim("One callback").outcome()).isEqualTo("holds");
    assertThat(claim("A multi-threaded runtime goes on").outcome()).isEqualTo("holds");
    assertThat(claim("One callback").weftFigures()).startsWith("weft-node: p99");
  }

  @Test
  void whatWasNotMeasuredIsNotClaimed() {
    add("compute", Map.of("weft-epoll", 1.0, "weft-node", 2.0));

    assertThat(claim("Work stealing").outcome()).isEqualTo("not measured");
    assertThat(claim("But the hand-off").weftOutcome()).isEqualTo("not measured");
    assertThat(claim("A stack trace").outcome()).isEqualTo("not measured");
  }

  @Test
  void aTraceIsWholeIfItNamesAllThree() {
    add("compute", Map.of("tokio", 1.0));
    List<StackTraces.Seen> traces =
        List.of(
            new StackTraces.Seen(
                "Tokio", StackTraces.functionsIn("inner::{{closure}}, middle, outer")),
            new StackTraces.Seen(
                "Node", StackTraces.functionsIn("at inner\n at async middle\n at outer")),
            new StackTraces.Seen(
                "Weft, epoll", StackTraces.functionsIn("Traced.lambda$async$inner(T.java)")));

    Claims.Claim claim =
        Claims.of(results(traces)).stream()
            .filter(c -> c.statement().startsWith("A stack trace"))
            .findFirst()
            .orElseThrow();

    assertThat(claim.outcome()).isEqualTo("holds");
    assertThat(claim.figures())
        .isEqualTo("Tokio: inner, middle, outer; Node: inner, middle, outer");
    assertThat(claim.weftOutcome()).isEqualTo("does not hold");
    assertThat(claim.weftFigures()).isEqualTo("Weft, epoll: inner");
  }

  @Test
  void figuresThatDecideNothingMakeNoClaim() {
    add("compute", Map.of("tokio", 1.0));
    addRounds("echo-64x64", List.of(1.0, 2.0, 1.0), List.of(1.0, 1.0, 2.0));

    assertThat(claim("On I/O-bound work").outcome()).isEqualTo("not measured");
  }

  @Test
  void aLittleNoiseIsSaidToBeNoise() {
    add("compute", Map.of("tokio", 1.0));
    addRounds("echo-64x64", List.of(1.0, 1.0, 1.0), List.of(0.97, 1.0, 1.03));

    assertThat(claim("Simple tasks cost").outcome()).isEqualTo("within the noise");
    assertThat(claim("On I/O-bound work").outcome())
        .as("the interval is narrow, but not within 5 %")
        .isEqualTo("within the noise");
  }

  @Test
  void whatIsWithinFivePercentIsEqual() {
    add("compute", Map.of("tokio", 1.0));
    addRounds("echo-64x64", List.of(1.0, 1.0, 1.0), List.of(1.021, 1.022, 1.023));

    assertThat(claim("On I/O-bound work").outcome()).isEqualTo("holds");
    assertThat(claim("Simple tasks cost").outcome()).isEqualTo("does not hold");
  }

  @Test
  void aNoiseThatHidesOneOfTwoAnswersDecidesNothing() {
    add("compute", Map.of("tokio", 1.0));
    addRounds("echo-10000x64", List.of(1.0, 2.0, 1.0), List.of(1.0, 1.0, 2.0));

    assertThat(claim("A multi-threaded runtime scales").outcome()).isEqualTo("not measured");
  }

  @Test
  void aStallThatMayBeOneIsNotMeasured() {
    add("compute", Map.of("tokio", 1.0));
    add("mixed-idle", Map.of("tokio", 1.0, "node", 1.0));
    add("mixed-elsewhere", Map.of("tokio", 1.0, "node", 1.0));
    addRounds("mixed-inline", List.of(1.0, 1.0, 1.0), List.of(8.0, 12.0, 11.0));

    assertThat(claim("One callback").outcome()).isEqualTo("not measured");
    assertThat(claim("spawn_blocking").outcome()).isEqualTo("not measured");
    assertThat(claim("spawn_blocking").figures()).contains("node: p99");
  }

  @Test
  void theGateLetsNoisePass() {
    Map<String, List<LoadResult>> rounds = new LinkedHashMap<>();
    rounds.put("before", List.of(result(1), result(1), result(1)));
    rounds.put("now", List.of(result(0.8), result(1.3), result(2)));
    found.add(new Results.Found("echo-64x64", "?", "closed loop", rounds));
    assertThat(Gate.judge(results(null), System.out)).as("a median of 1.3").isTrue();

    found.clear();
    add("echo-64x64", Map.of("before", 1.0, "now", 1.04));
    assertThat(Gate.judge(results(null), System.out)).as("certain, but small").isTrue();
  }

  @Test
  void theGatePassesNothingThatItHasNotMeasured() {
    assertThat(Gate.judge(results(null), System.out)).isFalse();
  }

  @Test
  void theGateFailsOnlyBeyondTheNoise() {
    add("echo-64x64", Map.of("before", 1.0, "now", 1.0));
    assertThat(Gate.judge(results(null), System.out)).isTrue();

    found.clear();
    add("echo-64x64", Map.of("before", 1.0, "now", 1.3));
    assertThat(Gate.judge(results(null), System.out)).isFalse();

    found.clear();
    add("echo-64x64", Map.of("before", 1.3, "now", 1.0));
    assertThat(Gate.judge(results(null), System.out)).isTrue();
  }

  private Claims.Claim claim(String beginning) {
    return Claims.of(results(null)).stream()
        .filter(claim -> claim.statement().startsWith(beginning))
        .findFirst()
        .orElseThrow();
  }

  private void add(String scenario, Map<String, Double> scales) {
    Map<String, List<LoadResult>> rounds = new LinkedHashMap<>();
    scales.forEach(
        (server, scale) ->
            rounds.put(
                server, List.of(result(scale), result(scale * 1.001), result(scale * 0.999))));
    found.add(new Results.Found(scenario, "?", "closed loop", rounds));
  }

  /** Rounds of Tokio and Node, by their scales. */
  private void addRounds(String scenario, List<Double> tokio, List<Double> node) {
    Map<String, List<LoadResult>> rounds = new LinkedHashMap<>();
    rounds.put("tokio", tokio.stream().map(ClaimsTest::result).toList());
    rounds.put("node", node.stream().map(ClaimsTest::result).toList());
    found.add(new Results.Found(scenario, "?", "closed loop", rounds));
  }

  private Results results(List<StackTraces.Seen> traces) {
    return new Results(
        "perf/run claims",
        new Machine("2026-01-01T00:00:00Z", "abc", "CPU", 2, "Linux", 0.1, "17", Map.of()),
        "tokio",
        Map.of(),
        Map.of(),
        found,
        traces);
  }

  static LoadResult result(double scale) {
    double us = 100 * scale;
    return new LoadResult(
        LoadPlan.defaults(1),
        3,
        1000,
        100_000 / scale,
        new Latencies(1000, us, us, us, us, us, us, List.of()),
        null,
        new LoadResult.ServerCost(
            2 * scale, 3 * scale, 5 * scale, 0.1 * scale, 0.01 * scale, 1, 50_000_000, 60_000_000),
        0.5,
        null,
        new long[0],
        0,
        List.of());
  }
}
