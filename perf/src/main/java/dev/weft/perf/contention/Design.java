package dev.weft.perf.contention;

/**
 * A scheduler: Weft's, or one that differs from it in one thing.
 *
 * @param name for the table
 * @param shards of live tasks for each worker; 0 for one list that all share
 * @param slot who may take what stands in a LIFO slot
 * @param searchers how many may search at a time; 0 for half of the workers
 * @param wakesBlindly whether the last searcher that has found something wakes another in any case,
 *     or only if it sees something queued
 * @param injectionApart whether the two ends of the injection queue are on lines of their own
 */
record Design(
    String name,
    int shards,
    Slot slot,
    int searchers,
    boolean wakesBlindly,
    boolean injectionApart) {

  /** Who may take what stands in a LIFO slot, and what that costs its owner. */
  enum Slot {
    /** A thief that has seen it wait for 100 us; an empty slot is filled by a plain store. */
    AFTER_A_WAIT,
    /** Any thief at once; each push is an exchange. Nobody is woken for it. */
    AT_ONCE,
    /** As before, and a sleeper is woken for it, as in Tokio 1.51.0 to 1.52.1. */
    AT_ONCE_AND_WOKEN
  }

  static final Design WEFT = new Design("as it is", 16, Slot.AFTER_A_WAIT, 0, true, false);
  static final Design ONE_LIST =
      new Design("one list for all", 0, Slot.AFTER_A_WAIT, 0, true, false);
  static final Design ONE_SHARD =
      new Design("one shard a worker", 1, Slot.AFTER_A_WAIT, 0, true, false);
  static final Design STEALABLE = new Design("slot stealable", 16, Slot.AT_ONCE, 0, true, false);
  static final Design STEALABLE_AND_WOKEN =
      new Design("slot stealable, woken for", 16, Slot.AT_ONCE_AND_WOKEN, 0, true, false);
  static final Design ALL_SEARCH =
      new Design("all may search", 16, Slot.AFTER_A_WAIT, Integer.MAX_VALUE, true, false);
  static final Design TWO_SEARCH =
      new Design("two may search", 16, Slot.AFTER_A_WAIT, 2, true, false);
  static final Design LOOKS_BEFORE_WAKING =
      new Design("looks before it wakes the next", 16, Slot.AFTER_A_WAIT, 0, false, false);
  static final Design INJECTION_APART =
      new Design("injection's ends apart", 16, Slot.AFTER_A_WAIT, 0, true, true);

  boolean wakesForSlot() {
    return slot == Slot.AT_ONCE_AND_WOKEN;
  }

  boolean slotIsOpen() {
    return slot != Slot.AFTER_A_WAIT;
  }

  boolean maySearch(int searching, int workers) {
    return searchers == 0 ? 2 * searching < workers : searching < searchers;
  }
}
