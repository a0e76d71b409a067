package dev.weft.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Task;
import org.junit.jupiter.api.Test;

/** Opens once, for all. */
class AsyncCountDownLatchTest {
  @Test
  void opensAtZeroAndStaysOpen() {
    AsyncCountDownLatch latch = new AsyncCountDownLatch(2);
    Task<Void> one = latch.opened();
    Task<Void> two = latch.opened();
    latch.countDown();
    assertThat(latch.count()).isOne();
    assertThat(one).isNotDone();
    latch.countDown();
    assertThat(one).isDone();
    assertThat(two).isDone();
    latch.countDown();
    assertThat(latch.count()).isZero();
    assertThat(latch.opened()).isDone().isSameAs(latch.opened());
  }

  @Test
  void whoIsCancelledChangesNothing() {
    AsyncCountDownLatch latch = new AsyncCountDownLatch(1);
    Task<Void> one = latch.opened();
    Task<Void> two = latch.opened();
    one.cancel(false);
    latch.countDown();
    assertThat(one).isCancelled();
    assertThat(two).isCompleted();
  }

  @Test
  void zeroIsOpenAndLessIsNoCount() {
    assertThat(new AsyncCountDownLatch(0).opened()).isDone();
    assertThatThrownBy(() -> new AsyncCountDownLatch(-1))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
