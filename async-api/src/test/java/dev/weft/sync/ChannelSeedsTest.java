package dev.weft.sync;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.VirtualClock;
import dev.weft.WorkStealingExecutor;
import org.junit.jupiter.api.Test;

/**
 * Random programs of senders, receivers, selects and cancels, in many orders: {@code
 * -Dweft.seeds=10000} for more than a build tries.
 */
class ChannelSeedsTest {
  private static final int SEEDS = Integer.getInteger("weft.seeds", 100);

  @Test
  void noMessageIsLostDoubledOrOvertaken() throws Exception {
    int received = 0;
    for (long seed = 0; seed < SEEDS; seed++) {
      received += run(seed, true);
      received += run(seed, false);
    }
    assertThat(received).isGreaterThan(SEEDS);
  }

  private static int run(long seed, boolean cancels) throws Exception {
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder().deterministic(seed).clock(new VirtualClock()).build()) {
      ChannelProgram program = new ChannelProgram(executor, seed, cancels);
      executor.blockOn(() -> program.run(8));
      program.check();
      return program.received();
    } catch (Throwable error) {
      throw new AssertionError("seed " + seed + (cancels ? ", with cancels" : ""), error);
    }
  }
}
