package dev.weft.net.loop;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * On which loop a new channel is to be served, where there are several. Netty's own group takes the
 * next in turn, whatever the loops have to do. Here, in this order:
 *
 * <ol>
 *   <li>One that does not stand still in a handler: whoever is given to it waits for the end of
 *       that, and if the handler waits for a channel that comes now, for ever.
 *   <li>No {@linkplain dev.weft.scheduler.io.DriverSeat#isReserve reserve}, unless all others stand
 *       still.
 *   <li>The one with the fewest channels. One on which nothing has happened of late counts an
 *       eighth: thousands of them may be less than ten that are busy.
 *   <li>Of those that have about as few, one that has been less busy of late, if that differs much
 *       and the other has more than a handful.
 *   <li>Else the next in turn, as two channels that are opened together had better be served by two
 *       loops: handlers of the one may wait for the other. A closed channel counts until its loop
 *       has seen it, so the exact numbers would bring such a pair together now and then.
 * </ol>
 *
 * <p>From any thread; two threads at once may choose the same, which does no harm.
 */
final class LoopChoice<L extends LoopChoice.Loop> {
  /** One channel that is not idle. */
  private static final int BUSY_WEIGHT = 8;

  /** Loops whose weights differ by less are alike: so much, and an eighth. Guessed. */
  private static final int ALIKE = 4 * BUSY_WEIGHT;

  /** And those that were busy for shares of their time that differ by less. Guessed. */
  private static final double ALIKE_LOAD = 0.5;

  /**
   * A loop with so few channels is passed over for its load by nobody. Guessed: it may be one
   * handler that blocks, which looks like load, and then turns matter more.
   */
  private static final int FEW = 8;

  /** In one round of handlers for so long, a loop stands still. The monitor's figure for tasks. */
  private static final long STANDING_NANOS = 1_000_000;

  /**
   * And for so long that others have to do its share. Guessed: on a machine with more threads than
   * cores one may get no core for as long, and the two ends of a connection are not to be served by
   * one loop for that.
   */
  private static final long LONG_NANOS = 10_000_000;

  /** A loop as it is seen here; a moment old. */
  interface Loop {
    /** For how many nanoseconds it has been in one round of handlers; 0 if it is in none. */
    long standing(long now);

    /** Whether it is for what comes while others stand still. */
    boolean isReserve();

    /** How many channels it serves. */
    int channels();

    /** On how many of them something has happened of late. */
    int activeChannels(long now);

    /** Which share of its time it was busy of late. */
    double load(long now);
  }

  /** Which was chosen last. A race for it makes two channels take one turn. */
  private volatile int last = -1;

  /** The loop for the next channel; null if there is none. */
  @Nullable L next(List<L> loops, long now) {
    int size = loops.size();
    if (size <= 1) {
      return size == 0 ? null : loops.get(0);
    }
    List<L> suitable = suitable(loops, now);
    long lightest = Long.MAX_VALUE;
    for (L loop : suitable) {
      lightest = Math.min(lightest, weight(loop, now));
    }
    long limit = lightest + ALIKE + lightest / 8;
    double leastBusy = Double.MAX_VALUE;
    for (L loop : suitable) {
      if (weight(loop, now) <= limit) {
        leastBusy = Math.min(leastBusy, loop.load(now));
      }
    }
    int turn = last + 1;
    for (int i = 0; i < size; i++) {
      int index = (turn + i) % size;
      L loop = loops.get(index);
      if (suitable.contains(loop)
          && weight(loop, now) <= limit
          && (loop.channels() <= FEW || loop.load(now) <= leastBusy + ALIKE_LOAD)) {
        last = index;
        return loop;
      }
    }
    return suitable.get(0); // what was seen has changed meanwhile
  }

  private List<L> suitable(List<L> loops, long now) {
    List<L> regular = new ArrayList<>(loops.size());
    List<L> notLong = new ArrayList<>(loops.size());
    List<L> reserves = new ArrayList<>(loops.size());
    boolean allStand = true;
    L shortest = null;
    long shortestStanding = Long.MAX_VALUE;
    for (L loop : loops) {
      long standing = loop.standing(now);
      if (standing < shortestStanding || (standing == shortestStanding && !loop.isReserve())) {
        shortest = loop;
        shortestStanding = standing;
      }
      if (!loop.isReserve()) {
        regular.add(loop);
        allStand &= standing > STANDING_NANOS;
        if (standing <= LONG_NANOS) {
          notLong.add(loop);
        }
      } else if (standing <= STANDING_NANOS) {
        reserves.add(loop);
      }
    }
    if (allStand && !reserves.isEmpty()) {
      return reserves;
    }
    boolean reserveMayHaveNoCore = allStand && regular.size() < loops.size();
    if (shortest != null && (reserveMayHaveNoCore || notLong.isEmpty())) {
      // All stand; one that has no core for a moment looks like that. Who has stood for the
      // shortest time is the most likely not to be one that blocks.
      return List.of(shortest);
    }
    return notLong;
  }

  private static long weight(Loop loop, long now) {
    return loop.channels() + (BUSY_WEIGHT - 1L) * loop.activeChannels(now);
  }
}
