package dev.weft.perf.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.perf.load.LoadResult;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

/** More rounds are made as long as they would sharpen what is told of the CPU time. */
class RoundsTest {
  @Test
  void noiseAsksForMore() {
    assertThat(isCoarse(rounds(1, 1.2, 0.9))).isTrue();
  }

  @Test
  void aNarrowIntervalIsEnough() {
    assertThat(isCoarse(rounds(1, 1.01, 0.99))).isFalse();
  }

  /** To stop at a difference, and not at the same figures, would find too many. */
  @Test
  void aDifferenceIsNoReasonToStop() {
    assertThat(isCoarse(rounds(3, 3.6, 2.7))).isTrue();
    assertThat(isCoarse(rounds(3, 3.03, 2.97))).isFalse();
  }

  @Test
  void withoutTheBaselineThereIsNothingToSharpen() {
    assertThat(Rounds.isCoarse(Map.of("weft-epoll", rounds(1, 1.2, 0.9)), "tokio")).isFalse();
  }

  private static boolean isCoarse(List<LoadResult> weft) {
    return Rounds.isCoarse(Map.of("tokio", rounds(1, 1, 1), "weft-epoll", weft), "tokio");
  }

  private static List<LoadResult> rounds(double... scales) {
    return DoubleStream.of(scales).mapToObj(ClaimsTest::result).toList();
  }
}
