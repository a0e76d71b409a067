package dev.weft.weaver.lifetimes;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever is cancelled, limited, shielded, drained or closed, and when: calls unwind from the
 * inside out, no two of a chain run at once, what was acquired is released once, and everything
 * ends. The system properties {@code lifetimes.seed}, {@code lifetimes.count} and {@code
 * lifetimes.repeat} (of each seed) repeat a run or make it longer.
 */
class LifetimesTest {
  private static final int COUNT = Integer.getInteger("lifetimes.count", 2_000);
  private static final long SEED =
      Long.getLong("lifetimes.seed", RandomGenerator.getDefault().nextLong(1L << 40));
  private static final int REPEAT = Integer.getInteger("lifetimes.repeat", 1);
  private static final int MOST_FAILURES = 3;
  private static final long PROGRESS_NANOS = TimeUnit.SECONDS.toNanos(10);

  @Test
  @Timeout(value = 24, unit = TimeUnit.HOURS) // each tree has its own limit
  void randomTreesKeepTheRules() throws Exception {
    List<String> failures = run(SEED, COUNT);

    assertThat(failures).as("of %d trees from seed %d", COUNT, SEED).isEmpty();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (EchoServer.open() > 0 && System.nanoTime() < deadline) {
      Thread.yield(); // the peer has yet to see that they were closed
    }
    assertThat(EchoServer.open()).as("connections that nobody has closed").isZero();
  }

  @Test
  void aSeedOfTheDeterministicModeGivesOneRun() throws Exception {
    for (long seed = 3; seed < 400; seed += 4) {
      Trial first = new Trial(seed);
      Trial second = new Trial(seed);
      Program program = WovenInterpreter.by(first.weaving());

      first.run(program);
      second.run(program);

      assertThat(second.describe(true)).isEqualTo(first.describe(true));
    }
  }

  static List<String> run(long seed, int count) throws InterruptedException {
    Map<Weaving, Program> programs = new HashMap<>();
    List<String> failures = new ArrayList<>();
    System.out.printf("%d trees from seed %d%n", count, seed);
    long start = System.nanoTime();
    long reported = start;
    long trials = (long) count * REPEAT;
    for (long i = 0; i < trials && failures.size() < MOST_FAILURES; i++) {
      Trial trial = new Trial(seed + i / REPEAT);
      Program program = programs.computeIfAbsent(trial.weaving(), WovenInterpreter::by);
      if (!trial.run(program).isEmpty()) {
        String failure = trial.describe(true);
        System.out.println(failure);
        failures.add(failure);
      }
      long now = System.nanoTime();
      if (now - reported > PROGRESS_NANOS || i == trials - 1) {
        reported = now;
        double seconds = (now - start) / 1e9;
        System.out.printf("%d trees in %.0f s, %.0f a second%n", i + 1, seconds, i / seconds);
      }
    }
    return failures;
  }
}
