package dev.weft.weaver.generated;

import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** The random choices of one program, all of them from its seed. */
final class Dice {
  private final Random random;
  private final Set<Feature> features = EnumSet.noneOf(Feature.class);
  private final int release;
  private int names;

  /**
   * @param release the release of the language to write in
   */
  Dice(long seed, int release) {
    this.random = new Random(mix(seed));
    this.release = release;
    for (Feature feature : Feature.values()) {
      if (chance(feature.percent)) {
        features.add(feature);
      }
    }
  }

  /** SplitMix64's finalizer, as the first numbers of {@link Random} are alike for close seeds. */
  static long mix(long seed) {
    long z = seed + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }

  boolean has(Feature feature) {
    return features.contains(feature);
  }

  int release() {
    return release;
  }

  boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  /** A number from 0 below the bound. */
  int below(int bound) {
    return random.nextInt(bound);
  }

  /** A number from the first to the last given. */
  int between(int first, int last) {
    return first + random.nextInt(last - first + 1);
  }

  <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /** A name that nothing else in the program has. */
  String name(String prefix) {
    return prefix + ++names;
  }
}
