package dev.weft.perf.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is due when. */
class ScheduleTest {
  @Test
  void connectionsTakeTurns() {
    Schedule schedule = new Schedule(1000, 10, 3);

    assertThat(schedule.due(0, 0)).isEqualTo(1000);
    assertThat(schedule.due(1, 0)).isEqualTo(1010);
    assertThat(schedule.due(2, 0)).isEqualTo(1020);
    assertThat(schedule.due(0, 1)).isEqualTo(1030).isEqualTo(schedule.due(3));
  }

  @ParameterizedTest
  @CsvSource({"1000,0", "1001,1", "1030,1", "1031,2", "4000,100", "999,0"})
  void whatIsDueBeforeAPointInTime(long end, long messages) {
    assertThat(new Schedule(1000, 10, 3).dueBefore(0, end)).isEqualTo(messages);
  }
}
