package dev.weft.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Task;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Nobody goes on before all are there. */
class AsyncBarrierTest {
  private final AsyncBarrier barrier = new AsyncBarrier(3);

  @Test
  void theLastOneLetsAllGoOnAgainAndAgain() {
    for (int round = 0; round < 3; round++) {
      Task<Integer> one = barrier.arrive();
      Task<Integer> two = barrier.arrive();
      assertThat(barrier.waiting()).isEqualTo(2);
      assertThat(one).isNotDone();
      Task<Integer> three = barrier.arrive();
      assertThat(List.of(one.join(), two.join(), three.join())).containsExactly(2, 1, 0);
      assertThat(barrier.waiting()).isZero();
    }
  }

  @Test
  void whoIsCancelledHasNotArrived() {
    Task<Integer> one = barrier.arrive();
    Task<Integer> two = barrier.arrive();
    one.cancel(false);
    Task<Integer> three = barrier.arrive();
    assertThat(two).isNotDone();
    barrier.arrive();
    assertThat(two.join()).isEqualTo(2);
    assertThat(three.join()).isEqualTo(1);
  }

  @Test
  void aBarrierForOneStopsNobody() {
    assertThat(new AsyncBarrier(1).arrive().join()).isZero();
    assertThatThrownBy(() -> new AsyncBarrier(0)).isInstanceOf(IllegalArgumentException.class);
  }
}
