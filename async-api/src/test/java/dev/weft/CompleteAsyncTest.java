package dev.weft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.frame.Await;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** {@link Task#completeAsync} does what that of a {@link CompletableFuture} does. */
class CompleteAsyncTest {
  private static <T> Supplier<T> failing(RuntimeException error) {
    return () -> {
      throw error;
    };
  }

  private static Throwable seen(CompletableFuture<?> future) {
    AtomicReference<Throwable> seen = new AtomicReference<>();
    future.whenComplete((value, error) -> seen.set(error));
    return seen.get();
  }

  @Test
  void dependentsSeeWhatTheSupplierThrowsInACompletionException() {
    RuntimeException error = new IllegalStateException("broken");
    for (CompletableFuture<String> future :
        new CompletableFuture[] {new CompletableFuture<String>(), new Task<String>()}) {
      future.completeAsync(failing(error), Runnable::run);
      assertThat(seen(future)).isExactlyInstanceOf(CompletionException.class).hasCause(error);
      assertThatThrownBy(future::get).isInstanceOf(ExecutionException.class).hasCause(error);
      assertThatThrownBy(() -> Await.take(future)).isSameAs(error);
    }
  }

  @Test
  void aCompletionExceptionIsNotWrappedAgain() {
    CompletionException error = new CompletionException(new IllegalStateException());
    for (CompletableFuture<String> future :
        new CompletableFuture[] {new CompletableFuture<String>(), new Task<String>()}) {
      future.completeAsync(failing(error), Runnable::run);
      assertThat(seen(future)).isSameAs(error);
    }
  }

  @Test
  void nullIsRefusedAtOnce() {
    Queue<Runnable> queue = new ArrayDeque<>();
    Task<String> task = new Task<>();
    assertThatNullPointerException().isThrownBy(() -> task.completeAsync(null, queue::add));
    assertThatNullPointerException().isThrownBy(() -> task.completeAsync(() -> "", null));
    assertThatNullPointerException().isThrownBy(() -> task.completeAsync(null));
    assertThat(queue).isEmpty();
    assertThat(task).isNotDone();
  }
}
