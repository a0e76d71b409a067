package dev.weft.perf.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.perf.Json;
import dev.weft.perf.load.ProcessUsage.Switches;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Map;
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
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long end = threads.getCurrentThreadCpuTime() + 50_000_000;
    while (threads.getCurrentThreadCpuTime() < end) {
      Thread.onSpinWait();
    }
    ProcessUsage used = ProcessUsage.of(me).since(before);
    assertThat(used.sleeps()).isGreaterThanOrEqualTo(40); // a park may return early
    assertThat(used.preemptions()).isNotNegative();
    assertThat(used.cpuNanos()).isPositive();
    assertThat(used.residentBytes()).isPositive();
  }

  @Test
  void aThreadThatHasEndedTakesNothingFromTheOthers() {
    ProcessUsage before = usage(Map.of(1L, new Switches(100, 10), 2L, new Switches(5000, 500)));
    ProcessUsage after = usage(Map.of(1L, new Switches(120, 11), 3L, new Switches(7, 2)));
    ProcessUsage used = after.since(before);
    assertThat(used.sleeps()).isEqualTo(20 + 7);
    assertThat(used.preemptions()).isEqualTo(1 + 2);
  }

  @Test
  void aThreadNumberMayBeUsedAgain() {
    ProcessUsage before = usage(Map.of(1L, new Switches(100, 10)));
    ProcessUsage after = usage(Map.of(1L, new Switches(3, 11)));
    assertThat(after.since(before).sleeps()).isEqualTo(3);
    assertThat(after.since(before).preemptions()).isEqualTo(11);
  }

  private static ProcessUsage usage(Map<Long, Switches> threads) {
    return new ProcessUsage(0, 0, threads, 0, 0);
  }

  @Test
  void theyAreToldPerMessage() {
    ProcessUsage usage =
        new ProcessUsage(
            3_000_000, 7_000_000, Map.of(8L, new Switches(15, 1), 9L, new Switches(5, 4)), 1, 2);
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
