package dev.weft.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.NodeExecutor;
import dev.weft.NodePrograms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A sleep may be longer than the longest timer of Node's, which is 24 days. */
@Timeout(60)
class LongSleepTest {
  private final VirtualTime time = new VirtualTime();
  private final long start = time.getAsLong();
  private final List<Long> days = new ArrayList<>();

  private void wakes() {
    days.add(Duration.ofNanos(time.getAsLong() - start).toDays());
  }

  @Test
  void itTakesTheTimeThatItWasGiven() throws Exception {
    NodePrograms.run(
        time,
        time,
        () -> {
          for (int length : new int[] {60, 20, 25}) {
            NodeExecutor.current().sleep(Duration.ofDays(length)).thenRun(this::wakes);
          }
        });
    assertThat(days).containsExactly(20L, 25L, 60L);
  }

  @Test
  void itCanBeCancelledLater() throws Exception {
    NodePrograms.run(
        time,
        time,
        () -> {
          var sleep = NodeExecutor.current().sleep(Duration.ofDays(1000));
          NodeExecutor.current()
              .sleep(Duration.ofDays(30))
              .thenRun(
                  () -> {
                    sleep.cancel(true);
                    wakes();
                  });
        });
    assertThat(Duration.ofNanos(time.getAsLong() - start).toDays()).isEqualTo(30);
    assertThat(days).containsExactly(30L);
  }
}
