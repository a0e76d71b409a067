package dev.weft.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.WorkStealingExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The same programs on several workers: {@code -Dweft.stress.seconds=60} for longer. */
class ChannelStressTest {
  private static final long SECONDS = Long.getLong("weft.stress.seconds", 2);

  @Test
  void noMessageIsLostDoubledOrOvertaken() throws Exception {
    long received = 0;
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().workers(4).build()) {
      for (long seed = 0; seed == 0 || System.nanoTime() < until; seed++) {
        ChannelProgram program = new ChannelProgram(executor, seed, seed % 4 != 0);
        executor.spawn(() -> program.run(64)).get(1, TimeUnit.MINUTES);
        try {
          program.check();
        } catch (AssertionError error) {
          throw new AssertionError("seed " + seed, error);
        }
        received += program.received();
      }
    }
    assertThat(received).isPositive();
  }
}
