package dev.weft.scheduler.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Order, overflow and stealing of the local queue, on one thread. */
class LocalQueueTest {
  private static void push(LocalQueue queue, int from, int to) {
    for (int i = from; i < to; i++) {
      queue.push(new NumberedFrame(i));
    }
  }

  private static List<Integer> popAll(LocalQueue queue) {
    List<Integer> numbers = new ArrayList<>();
    for (var frame = queue.pop(); frame != null; frame = queue.pop()) {
      numbers.add(NumberedFrame.of(frame));
    }
    return numbers;
  }

  private static List<Integer> range(int from, int to) {
    return java.util.stream.IntStream.range(from, to).boxed().toList();
  }

  @Test
  void isFirstInFirstOut() {
    LocalQueue queue = new LocalQueue(4);
    push(queue, 0, 3);
    assertThat(queue.size()).isEqualTo(3);
    assertThat(popAll(queue)).isEqualTo(range(0, 3));
    assertThat(queue.isEmpty()).isTrue();
  }

  @Test
  void keepsTheOrderWhenItOverflowsAndWrapsRound() {
    LocalQueue queue = new LocalQueue(4);
    List<Integer> seen = new ArrayList<>();
    int pushed = 0;
    for (int round = 0; round < 100; round++) {
      push(queue, pushed, pushed + round % 11);
      pushed += round % 11;
      for (int i = 0; i < round % 7; i++) {
        var frame = queue.pop();
        if (frame != null) {
          seen.add(NumberedFrame.of(frame));
        }
      }
      assertThat(queue.size()).isEqualTo(pushed - seen.size());
    }
    seen.addAll(popAll(queue));
    assertThat(seen).isEqualTo(range(0, pushed));
  }

  @Test
  void aThiefTakesTheOlderHalfRoundedUp() {
    LocalQueue victim = new LocalQueue(8);
    LocalQueue thief = new LocalQueue(8);
    push(victim, 0, 5);
    assertThat(NumberedFrame.of(victim.stealInto(thief))).isZero();
    assertThat(popAll(thief)).isEqualTo(range(1, 3));
    assertThat(popAll(victim)).isEqualTo(range(3, 5));
    assertThat(victim.stealInto(thief)).isNull();
  }

  @Test
  void aThiefGetsTheOnlyFrame() {
    LocalQueue victim = new LocalQueue(2);
    LocalQueue thief = new LocalQueue(2);
    push(victim, 7, 8);
    assertThat(NumberedFrame.of(victim.stealInto(thief))).isEqualTo(7);
    assertThat(thief.isEmpty()).isTrue();
  }

  @Test
  void aThiefTakesTheOverflowToo() {
    LocalQueue victim = new LocalQueue(4);
    LocalQueue thief = new LocalQueue(4);
    push(victim, 0, 12);
    List<Integer> stolen = new ArrayList<>();
    for (var frame = victim.stealInto(thief); frame != null; frame = victim.stealInto(thief)) {
      stolen.add(NumberedFrame.of(frame));
      stolen.addAll(popAll(thief));
    }
    assertThat(stolen).isEqualTo(range(0, 12));
    assertThat(victim.pop()).isNull();
    assertThat(victim.isEmpty()).isTrue();
  }

  @Test
  void forgetsStolenFrames() {
    LocalQueue victim = new LocalQueue(4);
    push(victim, 0, 1);
    var stolen = new java.lang.ref.WeakReference<>(victim.stealInto(new LocalQueue(4)));
    victim.clearStale();
    for (int i = 0; stolen.get() != null && i < 100; i++) {
      System.gc();
    }
    assertThat(stolen.get()).isNull();
    assertThat(victim.pop()).isNull();
  }

  @Test
  void refusesACapacityThatIsNoPowerOfTwo() {
    assertThatThrownBy(() -> new LocalQueue(6)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new LocalQueue(1)).isInstanceOf(IllegalArgumentException.class);
  }
}
