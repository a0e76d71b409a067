package dev.weft.scheduler.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** The wheel against a sorted map, in virtual time. */
class TimerWheelTest {
  private final TimerWheel wheel = new TimerWheel(() -> 0);

  private Sleep add(long when) {
    Sleep sleep = new Sleep(wheel, when);
    assertThat(wheel.add(sleep)).isTrue();
    return sleep;
  }

  private List<Long> advance(long now) {
    List<Long> due = new ArrayList<>();
    for (Sleep sleep = wheel.advance(now); sleep != null; sleep = sleep.following) {
      due.add(sleep.when);
    }
    return due;
  }

  @Test
  void firesNothingEarlyAndEverythingInOrder() {
    for (long when : new long[] {5, 1, 63, 64, 65, 4095, 4096, 4097, 1_000_000, TimerWheel.END}) {
      add(when);
    }
    assertThat(advance(0)).isEmpty();
    assertThat(advance(1)).containsExactly(1L);
    assertThat(advance(63)).containsExactly(5L, 63L);
    assertThat(advance(4096)).containsExactly(64L, 65L, 4095L, 4096L);
    assertThat(advance(999_999)).containsExactly(4097L);
    assertThat(advance(1_000_000)).containsExactly(1_000_000L);
    assertThat(advance(TimerWheel.END)).containsExactly(TimerWheel.END);
    assertThat(wheel.next()).isEqualTo(TimerWheel.NEVER);
    assertThat(wheel.size()).isZero();
  }

  @Test
  void saysWhenItWantsToBeAdvanced() {
    assertThat(wheel.next()).isEqualTo(TimerWheel.NEVER);
    add(5000);
    assertThat(wheel.next()).as("a slot to be distributed").isLessThanOrEqualTo(5000);
    Sleep soon = add(3);
    assertThat(wheel.next()).isEqualTo(3);
    soon.cancel(true);
    assertThat(wheel.next()).isBetween(4L, 5000L);
  }

  @Test
  void whatIsDueAlreadyComesNext() {
    advance(1000);
    add(10);
    assertThat(wheel.next()).isEqualTo(1001);
    assertThat(advance(1001)).containsExactly(10L);
  }

  @Test
  void cancellationFreesTheEntry() {
    List<Sleep> sleeps = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      sleeps.add(add(1 + i % 100 * 77));
    }
    for (Sleep sleep : sleeps) {
      assertThat(sleep.cancel(true)).isTrue();
      assertThat(sleep.slot).isEqualTo(Sleep.NOWHERE);
      assertThat(sleep.previous).isNull();
      assertThat(sleep.following).isNull();
    }
    assertThat(wheel.size()).isZero();
    assertThat(wheel.next()).isEqualTo(TimerWheel.NEVER);
    assertThat(advance(1_000_000)).isEmpty();
  }

  @Test
  void closingHandsOutAllAndRefusesMore() {
    add(1);
    add(100_000);
    int count = 0;
    for (Sleep sleep = wheel.close(); sleep != null; sleep = sleep.following) {
      count++;
    }
    assertThat(count).isEqualTo(2);
    assertThat(wheel.add(new Sleep(wheel, 5))).isFalse();
    assertThat(wheel.next()).isEqualTo(TimerWheel.NEVER);
  }

  @RepeatedTest(20)
  void agreesWithASortedMap() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    TreeMap<Long, List<Sleep>> model = new TreeMap<>();
    long now = 0;
    for (int step = 0; step < 2000; step++) {
      if (random.nextInt(3) > 0) {
        long when = now + 1 + (random.nextLong() >>> (random.nextInt(30) + 34));
        model.computeIfAbsent(when, key -> new ArrayList<>()).add(add(when));
      }
      if (random.nextInt(4) == 0 && !model.isEmpty()) {
        Long key = model.ceilingKey(now + random.nextInt(100_000));
        if (key != null) {
          List<Sleep> there = model.get(key);
          there.remove(random.nextInt(there.size())).cancel(true);
          if (there.isEmpty()) {
            model.remove(key);
          }
        }
      }
      if (random.nextInt(4) == 0) {
        now += random.nextLong() >>> (random.nextInt(30) + 34);
        List<Long> expected = new ArrayList<>();
        while (!model.isEmpty() && model.firstKey() <= now) {
          model.pollFirstEntry().getValue().forEach(sleep -> expected.add(sleep.when));
        }
        assertThat(advance(now)).as("seed %d, step %d", seed, step).isEqualTo(expected);
      }
      if (model.isEmpty()) {
        assertThat(wheel.next()).isEqualTo(TimerWheel.NEVER);
      } else {
        assertThat(wheel.next())
            .as("seed %d, step %d", seed, step)
            .isGreaterThan(now)
            .isLessThanOrEqualTo(model.firstKey());
      }
    }
  }
}
