package dev.weft.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Task;
import dev.weft.frame.ManualExecutor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each receiver sees all from its subscription on, or is told what it has missed. */
class BroadcastTest {
  private final Broadcast<Integer> channel = new Broadcast<>(3);

  @Test
  void eachSeesAllFromItsSubscriptionOn() {
    BroadcastReceiver<Integer> early = channel.subscribe();
    assertThat(channel.send(1)).isOne();
    BroadcastReceiver<Integer> late = channel.subscribe();
    assertThat(channel.send(2)).isEqualTo(2);
    channel.close();
    assertThat(early.receive().join()).isEqualTo(1);
    assertThat(early.receive().join()).isEqualTo(2);
    assertThat(early.receive().join()).isNull();
    assertThat(late.tryReceive()).isEqualTo(2);
    assertThat(late.tryReceive()).isNull();
    assertThatThrownBy(() -> channel.send(3)).isInstanceOf(ChannelClosedException.class);
  }

  @Test
  void oneThatIsSlowIsToldOnceAndGoesOn() {
    BroadcastReceiver<Integer> slow = channel.subscribe();
    for (int i = 1; i <= 5; i++) {
      channel.send(i);
    }
    assertThatThrownBy(() -> slow.receive().join())
        .cause()
        .isInstanceOfSatisfying(LaggedException.class, it -> assertThat(it.missed()).isEqualTo(2));
    assertThat(slow.receive().join()).isEqualTo(3);
    channel.send(6);
    channel.send(7);
    assertThatThrownBy(slow::tryReceive).isInstanceOf(LaggedException.class);
    assertThat(slow.tryReceive()).isEqualTo(5);
  }

  @Test
  void thoseWhoWaitAreWokenEachTime() {
    ManualExecutor executor = new ManualExecutor();
    List<String> seen = new ArrayList<>();
    for (String name : List.of("a", "b")) {
      BroadcastReceiver<Integer> mine = channel.subscribe();
      Loops.call(
          executor,
          () -> seen.contains(name + null) ? null : mine.receive(),
          it -> seen.add(name + it));
    }
    channel.send(1);
    executor.runAll();
    channel.send(2);
    channel.send(3);
    executor.runAll();
    channel.close();
    executor.runAll();
    assertThat(seen)
        .containsExactlyInAnyOrder("a1", "b1", "a2", "b2", "a3", "b3", "anull", "bnull");
  }

  @Test
  void whoHasLeftGetsNothing() {
    BroadcastReceiver<Integer> mine = channel.subscribe();
    channel.send(1);
    mine.close();
    mine.close();
    assertThat(channel.receivers()).isZero();
    assertThat(mine.receive().join()).isNull();
    BroadcastReceiver<Integer> other = channel.subscribe();
    Task<Integer> waits = other.receive();
    other.close();
    assertThat(waits.join()).isNull();
  }

  @Test
  void aReceiveThatIsCancelledTakesNothing() {
    BroadcastReceiver<Integer> mine = channel.subscribe();
    mine.receive().cancel(true);
    channel.send(1);
    assertThat(mine.receive().join()).isEqualTo(1);
  }

  /** A receive that was cancelled has left it in the list, from which a message takes it out. */
  @Test
  void whoWaitsAgainInTheMiddleOfAMessageHearsOfTheNext() {
    Broadcast<String> channel = new Broadcast<>(4);
    BroadcastReceiver<String> before = channel.subscribe();
    BroadcastReceiver<String> mine = channel.subscribe();
    List<Task<String>> again = new ArrayList<>();
    before
        .receive()
        .thenAccept(
            message -> { // the message is there, and mine is yet to be told
              assertThat(mine.receive().join()).isEqualTo(message);
              again.add(mine.receive());
            });
    mine.receive().cancel(false);
    channel.send("a");
    assertThat(again.get(0).isDone()).isFalse();
    channel.send("b");
    assertThat(again.get(0)).isCompletedWithValue("b");
  }
}
