package dev.weft.net.poll;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** How many are handled in a round, and that its end is seen though not each looks at the clock. */
class LightShareTest {
  private static final long MILLI = 1_000_000;

  private long now;
  private int looks;

  private final LightShare share =
      new LightShare(
          () -> {
            looks++;
            return now;
          },
          100);

  @Test
  void noMoreThanItIsMadeFor() {
    share.begin(now);
    for (int i = 0; i < 100; i++) {
      assertThat(share.takeOne()).isTrue();
    }
    assertThat(share.takeOne()).isFalse();
    assertThat(share.handled()).isEqualTo(100);
    share.begin(now);
    assertThat(share.takeOne()).isTrue();
  }

  @Test
  void ofShortOnesEachFourthLooksAtTheClock() {
    share.begin(now);
    for (int i = 0; i < 40; i++) {
      share.takeOne();
    }
    assertThat(looks).isEqualTo(10);
  }

  @Test
  void ofLongOnesEachDoes() {
    share.begin(now);
    share.takeOne();
    looks = 0;
    int taken = 0;
    for (; share.takeOne(); taken++) {
      now += MILLI / 2;
    }
    assertThat(looks).isEqualTo(taken + 1 - 3); // but for those that the first one has promised
  }

  /** Also if what came just before was short. */
  @Test
  void onceTheTimeIsOverItStaysOver() {
    share.begin(now);
    for (int i = 0; i < 16; i++) {
      now += MILLI / 8; // the longest that is short
      while (share.handled() < 4 * (i + 1) && share.takeOne()) {
        // those that need no look
      }
    }
    int handled = share.handled();
    for (int i = 0; i < 10; i++) {
      assertThat(share.takeOne()).as("try %s", i).isFalse();
    }
    assertThat(share.handled()).isEqualTo(handled);
    share.begin(now);
    assertThat(share.takeOne()).isTrue();
  }
}
