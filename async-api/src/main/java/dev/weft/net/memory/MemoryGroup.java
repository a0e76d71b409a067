package dev.weft.net.memory;

/** What the connections of one listener may hold together, within the budget of the executor. */
public final class MemoryGroup {
  final long limit;

  /** Under the budget's lock. */
  long used;

  /** Holds nothing yet. In bytes. */
  public MemoryGroup(long limit) {
    this.limit = limit;
  }

  long room() {
    return limit - used;
  }
}
