package dev.weft.frame;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The coarse clock. */
class TicksTest {
  private static final int MILLIS_OF_1000 = 4194;

  @Test
  void timesAreCountedAcrossTheEndOfTheirRange() {
    int now = Ticks.refresh();
    assertThat(Ticks.millisSince(now - 1000)).isGreaterThanOrEqualTo(MILLIS_OF_1000);
    assertThat(Ticks.millisSince(now)).isLessThan(Ticks.millisSince(now - 100_000));
  }

  @Test
  void aTimeThatIsStillToComeIsNow() {
    assertThat(Ticks.millisSince(Ticks.refresh() + 1000)).isZero();
  }

  @Test
  void halfOfTheRangeAndMoreIsCounted() {
    assertThat(Ticks.millisSince(Ticks.refresh() - Integer.MAX_VALUE - 1000))
        .isGreaterThan(Integer.MAX_VALUE * 4L);
  }

  @Test
  void itStandsWhereItWasMoved() {
    long later = System.nanoTime();
    assertThat(Ticks.moveTo(later)).isEqualTo(Ticks.moveTo(later));
  }
}
