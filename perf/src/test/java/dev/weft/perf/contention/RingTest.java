package dev.weft.perf.contention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.perf.contention.SimTask.Progress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RingTest {
  private final Agent owner = new Outsider();
  private final Agent thief = new Outsider();
  private final Ring ring = new Ring();
  private final Ring booty = new Ring();

  private static final class Outsider extends Agent {
    Outsider() {
      super(0, new Tally());
    }

    @Override
    void step() {}
  }

  private List<SimTask> push(int count) {
    List<SimTask> tasks = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      SimTask task = new SimTask(owner, (worker, self) -> Progress.ENDED);
      ring.push(owner, task);
      tasks.add(task);
    }
    return tasks;
  }

  private List<SimTask> popAll(Ring from) {
    List<SimTask> tasks = new ArrayList<>();
    for (SimTask task; (task = from.pop(owner)) != null; ) {
      tasks.add(task);
    }
    return tasks;
  }

  @Test
  void tasksComeOutInTheOrderInWhichTheyWentInAlsoThoseThatDidNotFit() {
    List<SimTask> tasks = push(3 * Ring.CAPACITY);
    assertThat(popAll(ring)).isEqualTo(tasks);
  }

  @Test
  void aThiefTakesHalfRoundedUp() {
    List<SimTask> tasks = push(5);
    int head = ring.headSeen(thief);
    assertThat(ring.half()).isEqualTo(3);
    ring.copy(thief, booty, head, 3);
    assertThat(ring.take(thief, booty, head, 3)).isSameAs(tasks.get(0));
    assertThat(popAll(booty)).isEqualTo(tasks.subList(1, 3));
    assertThat(popAll(ring)).isEqualTo(tasks.subList(3, 5));
  }

  @Test
  void aThiefGetsNothingIfTheOwnerCameBetween() {
    push(4);
    int head = ring.headSeen(thief);
    ring.copy(thief, booty, head, 2);
    ring.pop(owner);
    @Nullable SimTask taken = ring.take(thief, booty, head, 2);
    assertThat(taken).isNull();
    assertThat(booty.size()).isZero();
    assertThat(ring.size()).isEqualTo(3);
  }

  @Test
  void aThiefReachesTheOverflowOfAnEmptyRing() {
    List<SimTask> tasks = push(Ring.CAPACITY + 4);
    for (int i = 0; i < Ring.CAPACITY / 2; i++) {
      ring.pop(owner); // not yet refilled
    }
    while (ring.half() > 0) {
      int head = ring.headSeen(thief);
      int count = ring.half();
      ring.copy(thief, booty, head, count);
      ring.take(thief, booty, head, count);
    }
    thief.now = owner.now; // who holds a lock, held it until then
    assertThat(ring.looksEmpty(thief)).isFalse();
    assertThat(ring.takeOverflow(thief, booty)).isSameAs(tasks.get(Ring.CAPACITY));
  }

  @Test
  void anEmptySlotIsFilledWithoutAnAtomic() {
    SimTask task = new SimTask(owner, (worker, self) -> Progress.ENDED);
    assertThat(ring.pushLifo(owner, task, false)).isNull();
    assertThat(owner.tally.atomics).isZero();
    assertThat(ring.pushLifo(owner, task, false)).isSameAs(task);
    assertThat(owner.tally.atomics).isEqualTo(1);
  }
}
