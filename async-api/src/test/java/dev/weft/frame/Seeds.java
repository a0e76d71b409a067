package dev.weft.frame;

import java.util.stream.LongStream;

/** The seeds of a run: 100, or as many as {@code -Dweft.seeds=10000} says. */
public final class Seeds {
  private Seeds() {}

  /** From 0 on. */
  public static LongStream all() {
    return LongStream.range(0, Long.getLong("weft.seeds", 100));
  }
}
