package dev.weft.context;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.AsyncExecutor;
import dev.weft.AsyncLocal;
import dev.weft.NodeExecutor;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.frame.HandWritten;
import dev.weft.frame.Settled;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;

/** A real ScopedValue, by reflection, as this is compiled for Java 17. */
@EnabledForJreRange(minVersion = 25)
class ScopedValueTest {
  private final Object user;
  private final Method where;
  private final Method run;
  private final Method isBound;
  private final Method get;

  ScopedValueTest() throws Exception {
    Class<?> type = Class.forName("java.lang.ScopedValue");
    user = type.getMethod("newInstance").invoke(null);
    where = type.getMethod("where", type, Object.class);
    run = Class.forName("java.lang.ScopedValue$Carrier").getMethod("run", Runnable.class);
    isBound = type.getMethod("isBound");
    get = type.getMethod("get");
  }

  private String bound() {
    try {
      return (boolean) isBound.invoke(user) ? (String) get.invoke(user) : null;
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  private void runAs(String name, Runnable body) {
    try {
      run.invoke(where.invoke(null, user, name), body);
    } catch (ReflectiveOperationException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void isBoundAgainAfterEachAwaitAndInWhatIsSpawned() throws Exception {
    AsyncLocal.carry(this::bound, this::runAs);
    try (WorkStealingExecutor stealing =
            WorkStealingExecutor.builder().workers(4).noDriver().build();
        NodeExecutor node = NodeExecutor.builder().noDriver().build()) {
      for (AsyncExecutor executor : List.of(stealing, node)) {
        List<Task<List<String>>> tasks = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
          runAs("user " + i, () -> tasks.add(executor.spawn(() -> seen(executor))));
        }
        tasks.add(executor.spawn(() -> seen(executor)));
        for (int i = 0; i <= 100; i++) {
          assertThat(tasks.get(i).get(60, TimeUnit.SECONDS))
              .hasSize(4)
              .containsOnly(i == 100 ? null : "user " + i);
        }
      }
    }
  }

  private java.util.concurrent.CompletableFuture<List<String>> seen(AsyncExecutor executor) {
    List<String> seen = new ArrayList<>();
    return new HandWritten<List<String>>(
            (self, state, awaited) -> {
              seen.add(bound());
              return switch (state) {
                case 0 -> self.await(Async.yieldNow(), 1);
                case 1 -> self.await(executor.spawnBlocking(this::bound), 2);
                case 2 -> {
                  seen.add((String) awaited.join());
                  yield Settled.value(seen);
                }
                default -> throw new IllegalStateException();
              };
            })
        .call();
  }
}
