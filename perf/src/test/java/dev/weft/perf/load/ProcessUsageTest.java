package dev.weft.perf.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.perf.Json;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** What Linux tells of a process. */
class ProcessUsageTest {
  @Test
  void sleepsAndTimeAreCounted() throws Exception {
    assumeTrue(ProcessUsage.isAvailable(), "no /proc");
    long me = ProcessHandle.current().pid();
    ProcessUsage before = ProcessUsage.of(me);
    for (int i = 0; i < 50; i++) {
      LockSupport.parkNanos(100_000);
    }
    long end = System.nanoTime() + 100_000_000;
    while (System.nanoTime() - end < 0) {
      Thread.onSpinWait();
    }
    ProcessUsage used = ProcessUsage.of(me).since(before);
    assertThat(used.sleeps()).isGreaterThanOrEqualTo(40); // a park may return early
    assertThat(used.preemptions()).isNotNegative();
    assertThat(used.cpuNanos()).isPositive();
    assertThat(used.residentBytes()).isPositive();
  }

  @Test
  void theyAreToldPerMessage() {
    ProcessUsage usage = new ProcessUsage(3_000_000, 7_000_000, 20, 5, 1, 2);
    LoadResult.ServerCost cost = LoadResult.ServerCost.of(usage, 1000, 1);
    assertThat(cost.userMicros()).isEqualTo(3);
    assertThat(cost.systemMicros()).isEqualTo(7);
    assertThat(cost.sleeps()).isEqualTo(0.02);
    assertThat(cost.preemptions()).isEqualTo(0.005);
  }

  /** Kept from before they were counted. */
  @Test
  void olderResultsAreReadWithoutThem() {
    LoadResult.ServerCost cost =
        Json.read(
            "{\"userMicros\": 1, \"systemMicros\": 2, \"cpuMicros\": 3, \"cores\": 1,"
                + " \"residentBytes\": 4, \"peakBytes\": 5}",
            LoadResult.ServerCost.class);
    assertThat(cost.cpuMicros()).isEqualTo(3);
    assertThat(cost.sleeps()).isNull();
  }
}
