package dev.weft.frame;

import java.util.Random;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/** The seeds of a run: 100, or as many as {@code -Dweft.seeds=10000} says. */
public final class Seeds {
  private Seeds() {}

  /** From 0 on. */
  public static LongStream all() {
    return LongStream.range(0, Long.getLong("weft.seeds", 100));
  }

  /**
   * What a seed draws. Of seeds that follow each other, {@code new Random(seed)} draws much the
   * same at first: {@code nextBoolean} is true for each of the first hundred.
   */
  public static Random random(long seed) {
    return new Random(new SplittableRandom(seed).nextLong());
  }
}
