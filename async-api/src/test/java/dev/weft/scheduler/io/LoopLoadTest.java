package dev.weft.scheduler.io;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When a loop counts as busy. */
class LoopLoadTest {
  private static final long WINDOW = 50_000_000;

  private long now;
  private long active;
  private final LoopLoad load = new LoopLoad(0);

  /** Runs for some windows with this share of I/O; true if another loop was asked for. */
  private boolean run(int windows, double share) {
    boolean asked = false;
    for (int i = 0; i < windows; i++) {
      now += WINDOW;
      active += (long) (WINDOW * share);
      assertThat(load.isDue(now)).isTrue();
      asked |= load.add(now, active);
      assertThat(load.isDue(now)).isFalse();
    }
    return asked;
  }

  @Test
  void aBurstIsNotEnough() {
    assertThat(run(5, 1)).isFalse();
    assertThat(run(20, 0.1)).isFalse();
  }

  @Test
  void whatLastsIs() {
    assertThat(run(20, 0.95)).isTrue();
  }

  @Test
  void halfTheTimeIsNot() {
    assertThat(run(1000, 0.5)).isFalse();
  }

  @Test
  void oneSleepIsForgottenAsFastAsItIsLong() {
    run(10, 1);
    now += 100 * WINDOW;
    load.add(now, active);
    assertThat(run(10, 1)).isFalse();
  }

  @Test
  void oneLongLookIsNotEnough() {
    now += 100 * WINDOW;
    active = now;
    assertThat(load.add(now, active)).isFalse();
  }

  @Test
  void itBeginsAnewWhenItHasAsked() {
    assertThat(run(13, 1)).isTrue();
    assertThat(run(12, 1)).isFalse();
  }
}
