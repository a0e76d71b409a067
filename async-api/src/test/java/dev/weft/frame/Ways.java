package dev.weft.frame;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Ways in which a method comes to await an operation. An await of the operation itself has its
 * value as soon as that is there. Behind a call that ends with it or something that combines, there
 * is a time in which the operation has ended and the method has nothing yet: who is cancelled then
 * never gets the value, and it has to come back.
 */
public final class Ways {
  private static final int NUMBER = 6;

  private final WorkStealingExecutor executor;
  private final Random random;
  private final List<Way> all = new ArrayList<>();

  private record Way(Task<?> operation, CompletableFuture<?> awaited, Supplier<Task<?>> method) {
    boolean hasValueUnderWay() {
      return operation.isDone() && !awaited.isDone();
    }
  }

  /** Ways that a seed draws from. */
  public Ways(WorkStealingExecutor executor, Random random) {
    this.executor = executor;
    this.random = random;
  }

  /**
   * Any of them.
   *
   * @param method the task that awaits it
   * @return what it awaits, of which {@link #value} is the operation's
   */
  public CompletableFuture<?> to(Task<?> operation, Supplier<Task<?>> method) {
    CompletableFuture<?> awaited = any(operation);
    all.add(new Way(operation, awaited, method));
    return awaited;
  }

  /** Cancels one who waits although the operation has ended; false if there is none. */
  public boolean cancelOneWithValueUnderWay() {
    Way found = all.stream().filter(Way::hasValueUnderWay).findFirst().orElse(null);
    return found != null && found.method().get().cancel(true);
  }

  private CompletableFuture<?> any(Task<?> operation) {
    return switch (random.nextInt(NUMBER)) {
      case 0 -> operation;
      case 1 -> tail(operation);
      case 2 -> Async.timeout(Duration.ofHours(1), operation);
      case 3 -> Async.any(List.of(operation, new Task<>()));
      case 4 -> tail(Async.race(List.of(operation, new Task<>())));
      default -> Async.all(List.of(operation, pause())); // which is often over later
    };
  }

  /** What the operation has brought. */
  @SuppressWarnings("unchecked")
  public static <T> @Nullable T value(@Nullable Object awaited) {
    return (T) (awaited instanceof List<?> both ? both.get(0) : awaited);
  }

  /** A call of a method that ends with it. */
  private CompletableFuture<?> tail(CompletableFuture<?> operation) {
    HandWritten<Object> call = new HandWritten<>(executor, (self, state, awaited) -> operation);
    call.run();
    return call;
  }

  /** Some milliseconds, or some dozens of them. */
  private Task<Void> pause() {
    return executor.sleep(Duration.ofMillis(random.nextInt(1 << 1 + random.nextInt(7))));
  }
}
