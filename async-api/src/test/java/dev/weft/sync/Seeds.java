package dev.weft.sync;

import java.util.stream.LongStream;

/** The seeds of a run: 100, or as many as {@code -Dweft.seeds=10000} says. */
final class Seeds {
  private Seeds() {}

  static LongStream all() {
    return LongStream.range(0, Long.getLong("weft.seeds", 100));
  }
}
