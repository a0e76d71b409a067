package dev.weft.weaver.lifetimes;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.weaver.lifetimes.Tree.Failure;
import dev.weft.weaver.lifetimes.Tree.Kind;
import dev.weft.weaver.lifetimes.Tree.Step;
import dev.weft.weaver.lifetimes.Tree.Wrap;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** Starts what a step awaits that is no tree. */
final class Operation {
  private static final Duration DAY = Duration.ofDays(1);

  private Operation() {}

  static CompletableFuture<Integer> start(Call call, Step step, Ledger ledger) {
    Trouble trouble = ledger.trouble();
    int number = step.number();
    return switch (step.kind()) {
      case YIELD -> typed(Async.yieldNow());
      case SLEEP -> typed(Async.sleep(Duration.ofMillis(number % 4)));
      case READY ->
          number % 2 == 0 ? Async.done(number) : CompletableFuture.completedFuture(number);
      case PLAIN -> soon(trouble, new CompletableFuture<>(), number);
      case TASK -> soon(trouble, new Task<>(), number);
      case BLOCKING -> Async.spawnBlocking(() -> number);
      case IN_PLACE -> {
        if (ledger.venue() != Venue.NODE) {
          inPlace();
        }
        yield Async.done(number);
      }
      case FAIL -> throw new Failure(number);
      case FAILED -> {
        CompletableFuture<Integer> failing =
            number % 2 == 0 ? new Task<>() : new CompletableFuture<>();
        trouble.later(() -> failing.completeExceptionally(new Failure(number)), number);
        yield failing;
      }
      case NEVER, NEVER_TASK, NEVER_SLEEP, NEVER_BLOCKING -> never(call, step, ledger);
      default -> Async.done(0);
    };
  }

  @SuppressWarnings("unchecked")
  private static CompletableFuture<Integer> typed(Task<@Nullable Void> task) {
    return (CompletableFuture<Integer>) (CompletableFuture<?>) task;
  }

  private static CompletableFuture<Integer> soon(
      Trouble trouble, CompletableFuture<Integer> future, int number) {
    if (number % 5 == 0) {
      future.complete(number);
    } else {
      trouble.later(() -> future.complete(number), number);
    }
    return future;
  }

  private static void inPlace() {
    try {
      Async.blockInPlace(
          () -> {
            Thread.yield();
            return 0;
          });
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  /**
   * What ends when who awaits it is cancelled, which is done here; or by itself, if that is not
   * sure to help.
   */
  private static CompletableFuture<Integer> never(Call call, Step step, Ledger ledger) {
    Trouble trouble = ledger.trouble();
    if (new Waiting(step).isLimited()) {
      return new CompletableFuture<>();
    }
    if (step.wrap() == Wrap.SHIELD || !call.isEndedByFamily()) {
      Call target = call.target(step.number() % 8);
      if (target == null) {
        CompletableFuture<Integer> future = new CompletableFuture<>();
        trouble.later(() -> future.complete(0), step.number());
        return future;
      }
      trouble.later(target::cancel, step.number());
    }
    // Behind a shield it would go on for ever; and where there is one thread, so would a call.
    boolean endless =
        step.wrap() == Wrap.SHIELD
            || (step.kind() == Kind.NEVER_BLOCKING && ledger.venue() == Venue.DETERMINISTIC);
    Kind kind = endless ? Kind.NEVER : step.kind();
    return switch (kind) {
      case NEVER_TASK -> new Task<>();
      case NEVER_SLEEP -> typed(Async.sleep(DAY));
      case NEVER_BLOCKING ->
          Async.spawnBlocking(
              () -> {
                new CountDownLatch(1).await();
                return 0;
              });
      default -> new CompletableFuture<>();
    };
  }
}
