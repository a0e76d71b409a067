package dev.weft.scheduler.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.WorkStealingExecutor;
import dev.weft.scheduler.thread.Hooks;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Who looks at the tasks one after the other, while some come and go. */
class OwnedTasksVisitTest {
  private static final int STAY = 5000;
  private static final int COME_AND_GO = 500;
  private static final int ROUNDS = 200;
  private static final int VISITORS = 2;

  private final OwnedTasks tasks = new OwnedTasks(1, Hooks.NONE, () -> {});

  private static OwnedTask<String> task(WorkStealingExecutor executor) {
    return OwnedTask.of(executor, OwnedTasksVisitTest.class, CompletableFuture<String>::new);
  }

  /**
   * Who stays is seen once by each visitor, whoever is taken out beside it: also the one to which a
   * visitor would go next.
   */
  @Test
  void whoStaysIsSeenOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(VISITORS + 1);
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().workers(1).build()) {
      Set<OwnedTask<?>> stay = Collections.newSetFromMap(new IdentityHashMap<>());
      List<OwnedTask<?>> others = new ArrayList<>();
      long seed = System.nanoTime();
      Random random = new Random(seed);
      for (int i = 0; i < STAY; i++) {
        OwnedTask<String> one = task(executor);
        stay.add(one);
        assertThat(tasks.add(one, -1, true)).isTrue();
      }
      List<Future<?>> visits = new ArrayList<>();
      for (int i = 0; i < VISITORS; i++) {
        visits.add(
            threads.submit(
                () -> {
                  for (int round = 0; round < ROUNDS; round++) {
                    Set<OwnedTask<?>> seen = Collections.newSetFromMap(new IdentityHashMap<>());
                    int[] twice = {0};
                    tasks.forEach(
                        task -> {
                          if (stay.contains(task) && !seen.add(task)) {
                            twice[0]++;
                          }
                        });
                    assertThat(seen).as("seed %s", seed).hasSameSizeAs(stay);
                    assertThat(twice[0]).isZero();
                  }
                }));
      }
      while (visits.stream().anyMatch(visit -> !visit.isDone())) {
        if (others.size() < COME_AND_GO || random.nextBoolean()) {
          OwnedTask<String> one = task(executor);
          tasks.add(one, random.nextInt(2) - 1, true);
          others.add(one);
        }
        if (others.size() > COME_AND_GO / 2) {
          OwnedTask<?> gone = others.remove(random.nextInt(others.size()));
          Objects.requireNonNull(gone.shard).remove(gone);
        }
      }
      for (Future<?> visit : visits) {
        visit.get(1, TimeUnit.MINUTES);
      }
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void aVisitorThatThrowsLeaves() {
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().workers(1).build()) {
      OwnedTask<String> one = task(executor);
      tasks.add(one, -1, true);
      int[] visits = {0};
      try {
        tasks.forEach(
            task -> {
              visits[0]++;
              throw new IllegalStateException("enough");
            });
      } catch (IllegalStateException thrown) {
        visits[0]++;
      }
      tasks.forEach(task -> visits[0]++);
      assertThat(visits[0]).isEqualTo(3);
      Objects.requireNonNull(one.shard).remove(one);
      tasks.forEach(task -> visits[0]++);
      assertThat(visits[0]).isEqualTo(3);
    }
  }
}
