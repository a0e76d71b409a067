package dev.weft.frame;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.weft.Async;
import dev.weft.WorkStealingExecutor;
import dev.weft.context.ThreadBound;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;

/**
 * That libraries' values could be carried costs no memory where there are none: a suspension and a
 * resumption allocate nothing, with Micrometer's library on the class path and no value set.
 */
class ContextCostTest {
  private static final int TURNS = 20_000;

  @Test
  void suspendingAllocatesNothing() throws Exception {
    assertThat(ThreadBound.hasLibrary()).isTrue();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long[] bytes = new long[2];
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder().workers(1).noDriver().build()) {
      executor.blockOn(
          () ->
              new HandWritten<Void>(
                      (self, state, awaited) -> {
                        if (state % TURNS == 0 && state > 0) { // the first turns are to warm up
                          long id = Thread.currentThread().getId();
                          bytes[state / TURNS - 1] = threads.getThreadAllocatedBytes(id);
                        }
                        return state == 2 * TURNS
                            ? Async.done()
                            : self.await(Async.yieldNow(), state + 1);
                      })
                  .call());
    }
    long allocated = bytes[1] - bytes[0];
    assertThat(allocated).isLessThan(TURNS); // 16 bytes is the least that an object takes
  }
}
