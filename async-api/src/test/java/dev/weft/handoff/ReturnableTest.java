package dev.weft.handoff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Async;
import dev.weft.Task;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Whose value goes one way, and once. */
class ReturnableTest {
  private final Held held = new Held();

  @Test
  void whatReachesNobodyIsGivenBackOnce() {
    held.complete("it");
    Held.abandoned(held);
    Held.abandoned(held);
    assertThat(held.returned).containsExactly("it");
    assertThatThrownBy(held::join)
        .isInstanceOf(CancellationException.class)
        .hasStackTraceContaining("given back"); // in its cause, on later JDKs
  }

  @Test
  void whatComesLaterIsNotAccepted() {
    Held.abandoned(held);
    assertThat(held.complete("it")).isFalse();
    assertThat(held.returned).isEmpty();
  }

  @Test
  void whatSomebodyHasIsNotGivenBack() {
    List<Consumer<Held>> takers =
        List.of(
            Held::join,
            task -> assertThat(task).isCompletedWithValue("it"),
            task -> task.thenApply(it -> it),
            task -> CompletableFuture.completedFuture(1).thenCompose(it -> task),
            task -> Async.shield(task).join(),
            task -> Async.timeout(Duration.ofDays(1), Async.shield(task)).join(),
            task -> Async.cancelling(task).thenAccept(it -> {}));
    for (Consumer<Held> taker : takers) {
      Held each = new Held();
      each.complete("it");
      taker.accept(each);
      Held.abandoned(each);
      assertThat(each.returned).isEmpty();
      assertThat(each.join()).isEqualTo("it");
    }
  }

  @Test
  void whatARelayHasBroughtToNobodyIsGivenBack() {
    Task<String> limited = Async.timeout(Duration.ofDays(1), Async.shield(held));
    held.complete("it");
    assertThat(limited.isDone()).isTrue();
    Held.abandoned(limited);
    assertThat(held.returned).containsExactly("it");
    assertThatThrownBy(limited::join).isInstanceOf(CancellationException.class);
  }

  @Test
  void whatIsHungOnItLaterFails() {
    held.complete("it");
    Held.abandoned(held);
    assertThat(held.thenApply(it -> it)).isCompletedExceptionally();
    assertThat(Async.shield(held)).isCancelled();
  }

  @Test
  void itGoesOneWayOnly() throws Exception {
    for (int round = 0; round < 2_000; round++) {
      Held each = new Held();
      each.complete("it");
      AtomicInteger taken = new AtomicInteger();
      Thread taker =
          new Thread(
              () -> {
                try {
                  each.join();
                  taken.incrementAndGet();
                } catch (CancellationException givenBack) {
                  // the other way
                }
              });
      taker.start();
      Held.abandoned(each);
      taker.join();
      assertThat(taken.get() + each.returned.size()).isOne();
    }
  }
}
