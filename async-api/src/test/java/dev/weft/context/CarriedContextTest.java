package dev.weft.context;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.AsyncExecutor;
import dev.weft.NodeExecutor;
import dev.weft.WorkStealingExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * MDC, OpenTelemetry's context, thread-locals of an application's own and scoped values go along
 * with what is awaited, spawned and called: each request sees its own, and never another's.
 */
class CarriedContextTest {
  private static final int SEEDS = Integer.getInteger("weft.seeds", 100);

  @BeforeEach
  void register() {
    Bound.register();
  }

  @AfterEach
  void unregister() {
    Bound.set(null);
    Bound.unregister();
  }

  private static void run(AsyncExecutor executor, int requests, long seed, boolean blocking)
      throws Exception {
    Requests all = new Requests(executor, blocking);
    executor.spawn(() -> all.run(requests, seed)).get(120, TimeUnit.SECONDS);
    assertThat(all.wrong).as("seed " + seed).isEmpty();
    assertThat(executor.submit(Bound::seen).get(60, TimeUnit.SECONDS)).isEqualTo(Bound.all(null));
  }

  @Test
  void onWorkersThatStealFromEachOther() throws Exception {
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder().workers(4).noDriver().build()) {
      for (int round = 0; round < 10; round++) {
        run(executor, 400, round, true);
      }
    }
  }

  @Test
  void inAnyOrderThatASeedGives() throws Exception {
    for (int seed = 0; seed < SEEDS; seed++) {
      try (WorkStealingExecutor executor =
          WorkStealingExecutor.builder().deterministic(seed).noDriver().build()) {
        run(executor, 12, seed, false);
      }
    }
  }

  @Test
  void onTheLoopOfNodeMode() throws Exception {
    try (NodeExecutor executor = NodeExecutor.builder().build()) {
      for (int round = 0; round < 3; round++) {
        run(executor, 200, round, true);
      }
    }
  }

  @Test
  void whatACallerHasGoesToATaskAndNotBack() throws Exception {
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder().workers(1).noDriver().build()) {
      Bound.set("caller");
      String spawned =
          executor
              .submit(
                  () -> {
                    String seen = Bound.seen();
                    Bound.set("task");
                    return seen;
                  })
              .get(60, TimeUnit.SECONDS);
      assertThat(spawned).isEqualTo(Bound.all("caller"));
      assertThat(Bound.seen()).isEqualTo(Bound.all("caller"));
      Bound.set(null);
      assertThat(executor.submit(Bound::seen).get(60, TimeUnit.SECONDS)).isEqualTo(Bound.all(null));
    }
  }
}
