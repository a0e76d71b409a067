package dev.weft.weaver.lifetimes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.Engine;
import dev.weft.weaver.FrameMode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random trees of calls with scopes, sets of tasks, channels between parent and child, mutexes and
 * permits, cancelled anywhere: woven by both engines, each run in the deterministic mode of the
 * same seed. Each keeps the rules, and both do the same. {@code -Dweft.seeds=5000} for as many
 * trees; {@code -Dlifetimes.seed} is that of the first. {@link LifetimesTest} has such trees among
 * its own, on every executor.
 */
class FamiliesTest {
  private static final int SEEDS = Integer.getInteger("weft.seeds", 100);
  private static final long FIRST = Long.getLong("lifetimes.seed", 0);
  private static final int MOST_FAILURES = 3;

  private static final Weaving EA = new Weaving(Engine.EA, FrameMode.CLASS_FILES);
  private static final Weaving DIRECT = new Weaving(Engine.DIRECT, FrameMode.CLASS_FILES);

  private final Program byEa = WovenInterpreter.by(EA);
  private final Program byDirect = WovenInterpreter.by(DIRECT);
  private int wrong;
  private int different;

  @Test
  @Timeout(value = 24, unit = TimeUnit.HOURS) // each tree has its own limit
  void keepTheRulesWhoeverWeavesThem() throws Exception {
    List<String> failures = new ArrayList<>();
    for (long seed = FIRST; seed < FIRST + SEEDS && failures.size() < MOST_FAILURES; seed++) {
      String failure = failureOf(seed);
      if (!failure.isEmpty()) {
        System.out.println(failure);
        failures.add(failure);
      }
    }
    System.out.printf(
        "%d trees with scopes from seed %d: %d break a rule, of %d the engines make another run%n",
        SEEDS, FIRST, wrong, different);

    assertThat(failures).as("of %d trees from seed %d", SEEDS, FIRST).isEmpty();
  }

  private String failureOf(long seed) throws InterruptedException {
    Trial first = Trial.ofFamily(seed, EA);
    Trial second = Trial.ofFamily(seed, DIRECT);
    if (!first.run(byEa).isEmpty()) {
      wrong++;
      return first.describe(true);
    }
    if (!second.run(byDirect).isEmpty()) {
      wrong++;
      return second.describe(true);
    }
    if (!first.events().equals(second.events())) {
      different++;
      return first.describe(true) + "\nis not\n" + second.describe(true);
    }
    return "";
  }
}
