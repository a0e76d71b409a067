package dev.weft.perf.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/** A cell of the summary claims no more than was measured. */
class SummaryTest {
  @Test
  void aRatioIsOneFigureIfItIsCertain() {
    assertThat(cell(2, 2.01, 1.99)).isEqualTo("0.50");
  }

  @Test
  void sameIsSaidWithinFivePercentOnly() {
    assertThat(cell(1, 1.001, 0.999)).isEqualTo("same");
    assertThat(cell(0.97, 1, 1.03)).isEqualTo("not measured");
    assertThat(cell(1, 1.5, 0.7)).isEqualTo("not measured");
  }

  @Test
  void aDifferenceOfUncertainSizeIsAnInterval() {
    assertThat(cell(4, 5, 6)).matches("0\\.1[0-9] \\.\\. 0\\.[23][0-9]");
  }

  /** What is said of a server of scale 1 over another, by the scales of the other's rounds. */
  private static String cell(double... other) {
    Results results =
        new Results(
            "perf/run echo",
            new Machine("2026-01-01T00:00:00Z", "abc", "CPU", 2, "Linux", 0.1, "17", Map.of()),
            "tokio",
            Map.of(),
            Map.of(),
            List.of(
                new Results.Found(
                    "echo-64x64",
                    "?",
                    "closed loop",
                    Map.of(
                        "tokio",
                        DoubleStream.of(other).mapToObj(ClaimsTest::result).toList(),
                        "weft-epoll",
                        DoubleStream.of(other).mapToObj(any -> ClaimsTest.result(1)).toList()))),
            null);
    return Summary.of(results, "weft-epoll", List.of("tokio")).get(0).cells().get(0);
  }
}
