package dev.weft.net;

/** What the connections of one listener may hold together, within the budget of the executor. */
final class MemoryGroup {
  final long limit;

  /** Under the budget's lock. */
  long used;

  MemoryGroup(long limit) {
    this.limit = limit;
  }

  long room() {
    return limit - used;
  }
}
