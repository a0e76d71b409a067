package dev.weft.scheduler;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The interval at which a worker looks at the injection queue follows the cost of its polls. */
class PollAverageTest {
  private final PollAverage average = new PollAverage();

  @Test
  void isSixtyOneAtFirst() {
    assertThat(average.injectionInterval()).isEqualTo(61);
  }

  @Test
  void isAsManyPollsAsFitInto200Microseconds() {
    average.add(1000 * 10_000L, 1000);
    assertThat(average.nanos()).isEqualTo(10_000);
    assertThat(average.injectionInterval()).isEqualTo(20);
  }

  @Test
  void isNeverOneNorMoreThanTwiceTheUsual() {
    average.add(1000 * 5_000_000L, 1000);
    assertThat(average.injectionInterval()).isEqualTo(2);
    average.add(1000 * 50L, 1000);
    assertThat(average.injectionInterval()).isEqualTo(127);
    average.add(0, 1000); // a clock that stood still
    assertThat(average.injectionInterval()).isEqualTo(127);
  }

  @Test
  void weighsABatchAsItsPolls() {
    PollAverage single = new PollAverage();
    for (int i = 0; i < 5; i++) {
      single.add(100, 1);
    }
    average.add(500, 5);
    assertThat(average.nanos())
        .isCloseTo(single.nanos(), org.assertj.core.data.Offset.offset(0.001));
  }
}
