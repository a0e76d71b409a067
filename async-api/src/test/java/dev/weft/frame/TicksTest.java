package dev.weft.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The coarse clock. */
class TicksTest {
  private static final int MILLIS_OF_1000 = 4194;

  /** In ticks. */
  private static final int HOUR = (int) (TimeUnit.HOURS.toNanos(1) >> 22);

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
    long later = System.nanoTime() + TimeUnit.HOURS.toNanos(1);
    int moved = Ticks.moveTo(later); // a monitor may set it back before we look
    assertThat(moved - Ticks.refresh()).isBetween(HOUR - HOUR / 100, HOUR + 1);
    assertThat(Ticks.now() - moved).isNegative();
  }
}
