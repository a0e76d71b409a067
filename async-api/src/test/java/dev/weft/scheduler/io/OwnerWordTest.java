package dev.weft.scheduler.io;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The transitions of a loop's ownership, one by one and all at once. */
class OwnerWordTest {
  private final OwnerWord word = new OwnerWord();

  @Test
  void aFreeLoopIsTakenOnce() {
    assertThat(word).hasToString("FREE(-1, -1)");
    assertThat(word.take(1)).isTrue();
    assertThat(word.take(2)).isFalse();
    assertThat(word).hasToString("LENT(1, -1)");
  }

  @Test
  void onlyTheHolderUsesIt() {
    word.take(1);
    assertThat(word.use(2)).isFalse();
    assertThat(word.use(1)).isTrue();
    assertThat(word).hasToString("IN_USE(1, 1)");
    assertThat(word.use(1)).isFalse();
    assertThat(word.takeOver(1, 2)).isFalse();
    assertThat(word.borrow(1, 2)).isFalse();
    word.release(1);
    assertThat(word).hasToString("LENT(1, -1)");
  }

  @Test
  void anotherTakesItOver() {
    word.take(1);
    assertThat(word.takeOver(3, 2)).as("not the holder any more").isFalse();
    assertThat(word.takeOver(1, 2)).isTrue();
    assertThat(word.use(1)).isFalse();
    assertThat(word.giveUp(1)).isFalse();
    assertThat(word.use(2)).isTrue();
  }

  @Test
  void aBorrowerGivesItBackToItsHolder() {
    word.take(1);
    assertThat(word.borrow(1, 2)).isTrue();
    assertThat(word).hasToString("BORROWED(1, 2)");
    assertThat(word.use(1)).isFalse();
    assertThat(word.takeOver(1, 3)).isFalse();
    assertThat(word.giveBack()).isFalse();
    assertThat(word.use(1)).isTrue();
  }

  @Test
  void aBorrowerWhoseHolderHasGivenUpFreesIt() {
    word.take(1);
    word.borrow(1, 2);
    assertThat(word.giveUp(1)).isTrue();
    assertThat(word).hasToString("ABANDONED(-1, 2)");
    assertThat(word.take(3)).isFalse();
    assertThat(word.giveBack()).isTrue();
    assertThat(word.isFree()).isTrue();
  }

  @Test
  void aFreeLoopCanBeBorrowed() {
    assertThat(word.borrow(OwnerWord.NOBODY, 2)).isTrue();
    assertThat(word.take(1)).isFalse();
    assertThat(word.giveBack()).isTrue();
  }

  @Test
  void theHighestIndexFits() {
    assertThat(word.take(1023)).isTrue();
    assertThat(word.borrow(1023, 1022)).isTrue();
    assertThat(word.holder()).isEqualTo(1023);
    assertThat(word.user()).isEqualTo(1022);
  }

  /** What the users do is not atomic, and comes out right only if one is inside at a time. */
  @Test
  void oneIsInsideAtATimeWhateverTheyDo() throws Exception {
    long seed = ThreadLocalRandom.current().nextLong();
    int threads = 4;
    Users users = new Users();
    List<FutureTask<Integer>> running = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int me = i;
      FutureTask<Integer> task = new FutureTask<>(() -> users.act(me, new Random(seed + me)));
      running.add(task);
      new Thread(task, "user-" + i).start();
    }
    int visits = 0;
    for (FutureTask<Integer> task : running) {
      visits += task.get(60, TimeUnit.SECONDS);
    }
    assertThat(users.visits).as("seed %d", seed).isEqualTo(visits);
    assertThat(users.overlaps.get()).as("seed %d", seed).isZero();
    assertThat(visits).isPositive();
  }

  private final class Users {
    private static final int ROUNDS = 300_000;

    /** Plain: guarded by nothing but the word. */
    private int visits;

    private int inside;
    private final AtomicInteger overlaps = new AtomicInteger();

    int act(int me, Random random) {
      int mine = 0;
      for (int i = 0; i < ROUNDS; i++) {
        int holder = word.holder();
        switch (random.nextInt(6)) {
          case 0 -> word.take(me);
          case 1 -> {
            if (holder != OwnerWord.NOBODY && holder != me) {
              word.takeOver(holder, me);
            }
          }
          case 2 -> {
            if (holder != me && word.borrow(holder, me)) {
              mine += visit();
              word.giveBack();
            }
          }
          case 3 -> word.giveUp(me);
          default -> {
            if (word.use(me)) {
              mine += visit();
              word.release(me);
            }
          }
        }
      }
      return mine;
    }

    private int visit() {
      if (++inside != 1) {
        overlaps.incrementAndGet();
      }
      visits++;
      inside--;
      return 1;
    }
  }
}
