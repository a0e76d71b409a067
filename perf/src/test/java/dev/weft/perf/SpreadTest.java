package dev.weft.perf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class SpreadTest {
  @Test
  void theMedianOfAnOddNumberIsTheMiddleOne() {
    assertThat(Spread.of(DoubleStream.of(9, 1, 5))).isEqualTo(new Spread(1, 5, 9));
  }

  @Test
  void theMedianOfAnEvenNumberLiesBetweenTheMiddleOnes() {
    assertThat(Spread.of(DoubleStream.of(40, 10, 30, 20))).isEqualTo(new Spread(20, 25, 40));
  }

  @Test
  void oneFigureIsAllThree() {
    assertThat(Spread.of(DoubleStream.of(7)).toString()).isEqualTo("7 (7..7)");
  }

  @Test
  void ofNothingThereIsNone() {
    assertThatIllegalArgumentException().isThrownBy(() -> Spread.of(DoubleStream.empty()));
  }
}
