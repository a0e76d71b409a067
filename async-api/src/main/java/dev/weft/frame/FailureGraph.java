package dev.weft.frame;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.Set;

/**
 * What exceptions lead to, by cause and suppressed ones, where one is added to another: kept
 * without a circle, whatever was combined with what before. An exception that a cache keeps, or
 * that several stages share, comes by here again and again; printing it must come to an end, and it
 * must not grow for as long as it is cached.
 *
 * <p>So nothing is added that is there already, however deep; nothing that leads back to where it
 * is added; and nothing to exceptions that have {@link #BOUND} others behind them, or of those,
 * since that is more than anybody reads and as far as is looked.
 *
 * <p>Looking and adding are one step, under a lock for the whole program: two threads that add two
 * exceptions to each other would both find no circle. Failures that meet are few enough for that.
 */
final class FailureGraph {
  /** So many exceptions are looked at from one; a guess. */
  static final int BOUND = 100;

  private FailureGraph() {}

  /** Adds an exception to the suppressed ones of another, by the rules above. */
  static synchronized void add(Throwable primary, Throwable further) {
    if (!mayLeadTo(primary, further) && !mayLeadTo(further, primary)) {
      primary.addSuppressed(further);
    }
  }

  /** True if one is or has the other, or has so many that it was not found out. */
  private static boolean mayLeadTo(Throwable from, Throwable to) {
    Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
    Deque<Throwable> open = new ArrayDeque<>();
    open.add(from);
    for (Throwable at; (at = open.poll()) != null; ) {
      if (at == to || seen.size() == BOUND) {
        return true;
      }
      if (seen.add(at)) {
        Throwable cause = at.getCause();
        if (cause != null) {
          open.add(cause);
        }
        Collections.addAll(open, at.getSuppressed());
      }
    }
    return false;
  }
}
