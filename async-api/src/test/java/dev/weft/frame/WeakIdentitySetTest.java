package dev.weft.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A set, and with it the map that it stands on, by identity and weakly. */
class WeakIdentitySetTest {
  @Test
  void equalObjectsAreNotTakenForEachOther() {
    record Same(int n) {}
    WeakIdentitySet set = new WeakIdentitySet();
    Same one = new Same(1);
    Same other = new Same(1);

    assertThat(set.add(one)).isTrue();
    assertThat(set.add(one)).isFalse();
    assertThat(set.contains(one)).isTrue();
    assertThat(set.contains(other)).isFalse();
    assertThat(set.add(other)).isTrue();
  }

  @Test
  void whatNobodyHoldsAnyMoreIsForgotten() {
    WeakIdentitySet set = new WeakIdentitySet();
    for (int i = 0; i < 1000; i++) {
      set.add(new Object());
    }

    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (set.size() > 100 && System.nanoTime() - deadline < 0) {
      System.gc();
      set.add(new Object());
    }

    assertThat(set.size()).isLessThanOrEqualTo(100);
  }
}
