package dev.weft.net.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** No leaf is given out twice, none is lost, and a free one can always be had. */
class BuddyBlocksTest {
  private static final int LEAVES = BuddyBlocks.LEAVES;

  private record Block(int start, int order) {
    int end() {
      return start + (1 << order);
    }
  }

  private final BuddyBlocks blocks = new BuddyBlocks();

  /** The same by a bit for each leaf, of all the chunks that there are. */
  private final BitSet free = new BitSet();

  private final List<Block> taken = new ArrayList<>();

  private void add(int chunk) {
    blocks.add(chunk);
    free.set(chunk * LEAVES, (chunk + 1) * LEAVES);
  }

  private boolean take(int order) {
    int start = blocks.take(order);
    if (start == -1) {
      return false;
    }
    Block block = new Block(start, order);
    assertThat(start % (1 << order)).as("%s is aligned", block).isZero();
    assertThat(free.nextClearBit(start))
        .as("%s is free", block)
        .isGreaterThanOrEqualTo(block.end());
    free.clear(start, block.end());
    taken.add(block);
    return true;
  }

  private void give(Block block) {
    blocks.give(block.start, block.order);
    free.set(block.start, block.end());
  }

  /** Whether an aligned run of this size is free: the buddy system has it as one block then. */
  private boolean hasRun(int order) {
    int size = 1 << order;
    for (int start = 0; start < free.length(); start += size) {
      if (free.nextClearBit(start) >= start + size) {
        return true;
      }
    }
    return false;
  }

  @RepeatedTest(20)
  void agreesWithABitForEachLeaf() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    int chunks = 1 + random.nextInt(4);
    for (int chunk = 0; chunk < chunks; chunk++) {
      add(chunk);
    }
    int greatest = 1 + random.nextInt(BuddyBlocks.ORDERS);
    for (int step = 0; step < 4000; step++) {
      boolean filling = (step / 500) % 2 == 0;
      if (random.nextInt(4) < (filling ? 3 : 1)) {
        int order = random.nextInt(greatest);
        boolean there = hasRun(order);
        assertThat(take(order))
            .as("seed %s, step %s, order %s", seed, step, order)
            .isEqualTo(there);
      } else if (!taken.isEmpty()) {
        give(taken.remove(random.nextInt(taken.size())));
      }
      assertThat(blocks.freeLeaves())
          .as("seed %s, step %s", seed, step)
          .isEqualTo(free.cardinality());
    }
    taken.forEach(this::give);
    taken.clear();
    for (int chunk = 0; chunk < chunks; chunk++) {
      assertThat(take(BuddyBlocks.ORDERS - 1)).as("seed %s: all is whole again", seed).isTrue();
    }
    assertThat(blocks.freeLeaves()).isZero();
  }

  @RepeatedTest(20)
  void aFreeLeafCanBeHadHoweverTheOthersLie() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    add(0);
    add(1);
    while (take(0)) {
      // all leaves, one by one
    }
    assertThat(taken).hasSize(2 * LEAVES);
    for (int round = 0; round < 200; round++) {
      int given = 1 + random.nextInt(40);
      for (int i = 0; i < given; i++) {
        give(taken.remove(random.nextInt(taken.size())));
      }
      take(random.nextInt(4)); // or not
      while (blocks.freeLeaves() > 0) {
        assertThat(take(0)).as("seed %s, round %s", seed, round).isTrue();
      }
      assertThat(blocks.take(0)).isEqualTo(-1);
    }
  }

  /** What is still in the processor's cache; and nothing is halved for it. */
  @Test
  void theBlockThatWasGivenBackLastIsTakenFirst() {
    add(0);
    int first = blocks.take(2);
    int second = blocks.take(2);
    for (int i = 0; i < 100; i++) {
      blocks.give(first, 2);
      blocks.give(second, 2);
      assertThat(blocks.take(2)).isEqualTo(second);
      assertThat(blocks.take(2)).isEqualTo(first);
    }
  }

  /** Also of so many that not all of them stay as they are. */
  @Test
  void ofManyThoseThatWereGivenBackLastAreTakenFirst() {
    add(0);
    while (take(2)) {
      // all of it
    }
    taken.forEach(this::give);
    for (int i = 1; i <= 20; i++) {
      assertThat(blocks.take(2)).isEqualTo(taken.get(taken.size() - i).start);
    }
  }

  /** However many were given back in small parts. */
  @Test
  void whatWasGivenBackIsWholeWhenSomebodyNeedsThat() {
    add(0);
    for (int order = 0; order < BuddyBlocks.ORDERS; order++) {
      while (take(order)) {
        // all of it
      }
      taken.forEach(this::give);
      taken.clear();
      assertThat(take(BuddyBlocks.ORDERS - 1)).as("after blocks of order %s", order).isTrue();
      give(taken.remove(0));
    }
  }

  @Test
  void onlyAChunkThatIsWhollyFreeCanBeRemoved() {
    add(0);
    assertThat(take(0)).isTrue();
    assertThat(blocks.remove(0)).isFalse();
    assertThat(blocks.freeLeaves()).isEqualTo(LEAVES - 1);
    give(taken.remove(0));
    assertThat(blocks.remove(0)).isTrue();
    assertThat(blocks.freeLeaves()).isZero();
    assertThat(blocks.take(0)).isEqualTo(-1);
    assertThat(blocks.remove(0)).as("it is not there any more").isFalse();
  }

  @Test
  void theNumberOfARemovedChunkCanBeUsedAgain() {
    add(0);
    add(1);
    add(2);
    assertThat(blocks.remove(1)).isTrue();
    free.clear(LEAVES, 2 * LEAVES);
    assertThat(take(BuddyBlocks.ORDERS - 1)).isTrue();
    assertThat(take(BuddyBlocks.ORDERS - 1)).isTrue();
    assertThat(take(0)).as("of the chunk that is gone").isFalse();
    add(1);
    assertThat(take(BuddyBlocks.ORDERS - 1)).isTrue();
    assertThat(taken).extracting(Block::start).containsExactlyInAnyOrder(0, LEAVES, 2 * LEAVES);
    assertThat(blocks.freeLeaves()).isZero();
  }

  @Test
  void halvesOfDifferentChunksAreNotJoined() {
    add(0);
    add(1);
    for (int i = 0; i < 4; i++) {
      assertThat(take(BuddyBlocks.ORDERS - 2)).isTrue();
    }
    for (Block block : taken) {
      if (block.start == LEAVES / 2 || block.start == LEAVES) {
        give(block);
      }
    }
    assertThat(blocks.freeLeaves()).isEqualTo(LEAVES);
    assertThat(blocks.take(BuddyBlocks.ORDERS - 1)).isEqualTo(-1);
  }
}
