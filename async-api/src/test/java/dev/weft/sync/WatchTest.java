package dev.weft.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Task;
import org.junit.jupiter.api.Test;

/** The latest value, and who waits for one. */
class WatchTest {
  private final Watch<Integer> watch = new Watch<>(1);
  private final WatchReceiver<Integer> mine = watch.subscribe();

  @Test
  void theFirstValueCountsAsSeen() {
    assertThat(mine.get()).isEqualTo(1);
    assertThat(mine.hasChanged()).isFalse();
    assertThat(mine.changed().isDone()).isFalse();
  }

  @Test
  void onlyTheLatestValueComes() {
    watch.send(2);
    assertThat(watch.send(3)).isEqualTo(2);
    assertThat(mine.hasChanged()).isTrue();
    assertThat(mine.changed().join()).isEqualTo(3);
    assertThat(mine.hasChanged()).isFalse();
    assertThat(watch.get()).isEqualTo(3);
  }

  @Test
  void whoWaitsGetsTheNextOne() {
    Task<Integer> waits = mine.changed();
    watch.update(it -> it);
    assertThat(waits.isDone()).isFalse();
    watch.update(it -> it + 1);
    assertThat(waits.join()).isEqualTo(2);
  }

  @Test
  void whatWasMarkedAsSeenDoesNotCome() {
    watch.send(2);
    assertThat(mine.getAndMarkSeen()).isEqualTo(2);
    assertThat(mine.changed().isDone()).isFalse();
  }

  @Test
  void theLastOneComesBeforeTheEnd() {
    watch.send(2);
    watch.close();
    assertThat(mine.changed().join()).isEqualTo(2);
    assertThat(mine.changed().join()).isNull();
    assertThatThrownBy(() -> watch.send(3)).isInstanceOf(ChannelClosedException.class);
  }

  @Test
  void whoHasLeftGetsNull() {
    Task<Integer> waits = mine.changed();
    mine.close();
    assertThat(waits.join()).isNull();
    watch.send(2);
    assertThat(mine.changed().join()).isNull();
  }

  @Test
  void whatWasCancelledHasSeenNothing() {
    mine.changed().cancel(true);
    watch.send(2);
    assertThat(mine.changed().join()).isEqualTo(2);
  }

  /** It waits anew while it is being told, and there is nothing for it then. */
  @Test
  void whoHasSeenItBeforeItsTurnHearsOfTheNext() {
    WatchReceiver<Integer> other = watch.subscribe();
    Task<Integer> first = mine.changed();
    Task<Integer> others = other.changed();
    first.thenAccept(value -> other.getAndMarkSeen());
    watch.send(2);
    assertThat(others.isDone()).isFalse();
    watch.send(3);
    assertThat(others).isCompletedWithValue(3);
  }

  @Test
  void nothingIsLeftOfThoseWhoLeaveWhileNothingChanges() {
    for (int i = 0; i < 100; i++) {
      WatchReceiver<Integer> passing = watch.subscribe();
      passing.changed().cancel(false);
      passing.close();
    }
    assertThat(watch.waiting()).isZero();
  }
}
