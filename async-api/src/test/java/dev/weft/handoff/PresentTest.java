package dev.weft.handoff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Async;
import dev.weft.frame.Await;
import dev.weft.handoff.Nexts.There;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** A complete task that is used again when its value was taken by an await. */
class PresentTest {
  private final There there = There.with("a");

  @Test
  void isUsedAgainForOneAwaitAfterTheOther() {
    assertThat(there.put("too early")).isFalse();
    assertThat(Await.take(there)).isEqualTo("a");
    assertThat(there.put("b")).isTrue();
    assertThat(Await.take(there)).isEqualTo("b");
    assertThat(there.isFinished()).isTrue();
  }

  @Test
  void whatWasTakenIsNotTakenTwice() {
    List<Function<There, CompletableFuture<String>>> ways =
        List.of(
            task -> task.thenApply(it -> it),
            task -> CompletableFuture.completedFuture(1).thenCompose(it -> task),
            Async::shield,
            task -> CompletableFuture.supplyAsync(() -> task.getNow("none"), Runnable::run),
            task -> CompletableFuture.supplyAsync(task::join, Runnable::run));
    for (Function<There, CompletableFuture<String>> way : ways) {
      There each = There.with("a");
      Await.take(each);
      assertThat(way.apply(each).handle((value, error) -> value).join()).isNull();
    }
  }

  @Test
  void whoDerivesSomethingFromItHasTheValueForGood() {
    assertThat(there.thenApply(it -> it).join()).isEqualTo("a");
    assertThat(there.put("b")).isFalse();
    assertThat(there.join()).isEqualTo("a");
    Nexts.abandoned(there);
    assertThat(there.returned).isEmpty();
  }

  @Test
  void whatReachesNobodyIsGivenBackOnce() {
    Nexts.abandoned(there);
    Nexts.abandoned(there);
    assertThat(there.returned).containsExactly("a");
    assertThatThrownBy(there::join).isInstanceOf(CancellationException.class);
    assertThat(there.put("b")).isFalse();
  }

  @Test
  void whatWasTakenIsNotGivenBack() {
    Await.take(there);
    Nexts.abandoned(there);
    assertThat(there.returned).isEmpty();
  }

  @Test
  void cannotBeCancelled() {
    assertThat(there.cancel(true)).isFalse();
    assertThat(there.join()).isEqualTo("a");
  }
}
