package dev.weft.scheduler.task;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A task fails at the moment at which somebody asks for its outcome. */
class UnheardFailureStressTest {
  private static final int BATCH = 1000;
  private static final int MAX_TASKS = 300_000;
  private static final long MAX_NANOS = TimeUnit.SECONDS.toNanos(10);

  /** What each way to ask has to see of an exception. */
  enum Look {
    WHEN_COMPLETE {
      @Override
      void at(Task<String> task, AtomicReference<Throwable> seen) {
        task.whenComplete((value, error) -> seen.set(error));
      }
    },
    JOIN {
      @Override
      void at(Task<String> task, AtomicReference<Throwable> seen) {
        try {
          task.join();
        } catch (CompletionException error) {
          seen.set(error.getClass() == CompletionException.class ? error.getCause() : error);
        }
      }
    },
    THEN_COMPOSE {
      @Override
      void at(Task<String> task, AtomicReference<Throwable> seen) {
        CompletableFuture.completedFuture("")
            .thenCompose(value -> task)
            .whenComplete((value, error) -> seen.set(error.getCause()));
      }
    },
    ALL_OF {
      @Override
      void at(Task<String> task, AtomicReference<Throwable> seen) {
        CompletableFuture.allOf(task).whenComplete((value, error) -> seen.set(error.getCause()));
      }
    };

    abstract void at(Task<String> task, AtomicReference<Throwable> seen);
  }

  private final RuntimeException error = new IllegalStateException("handled");
  private final AtomicInteger reported = new AtomicInteger();

  @ParameterizedTest
  @EnumSource
  void aFailureThatIsHandledIsNotReported(Look look) throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    int tasks = 0;
    WorkStealingExecutor executor =
        WorkStealingExecutor.builder()
            .workers(1)
            .noDriver()
            .onUnheardFailure((name, unheard) -> reported.incrementAndGet())
            .build();
    try {
      long end = System.nanoTime() + MAX_NANOS;
      while (tasks < MAX_TASKS && System.nanoTime() - end < 0) {
        batch(executor, look, random);
        tasks += BATCH;
      }
    } finally {
      executor.close(Duration.ofSeconds(60)); // which reports what is on watch
    }
    assertThat(reported).as("of %s tasks, seed %s", tasks, seed).hasValue(0);
  }

  /**
   * The worker fails the tasks one after the other, while this thread asks for them in another
   * order: so that the two meet at some of them.
   */
  private void batch(WorkStealingExecutor executor, Look look, Random random) {
    AtomicBoolean asking = new AtomicBoolean();
    executor.spawn(
        () -> {
          while (!asking.get()) {
            Thread.onSpinWait();
          }
          return Async.done();
        });
    List<Task<String>> tasks = new ArrayList<>();
    for (int i = 0; i < BATCH; i++) {
      tasks.add(
          executor.spawn(
              () -> {
                throw error;
              }));
    }
    Collections.shuffle(tasks, random);
    List<AtomicReference<Throwable>> seen = new ArrayList<>();
    tasks.forEach(task -> seen.add(new AtomicReference<>()));
    asking.set(true);
    for (int i = 0; i < BATCH; i++) {
      look.at(tasks.get(i), seen.get(i));
    }
    for (int i = 0; i < BATCH; i++) {
      while (seen.get(i).get() == null) {
        Thread.onSpinWait(); // the task has yet to fail, or is about to tell
      }
      assertThat(seen.get(i).get()).isSameAs(error);
    }
  }
}
