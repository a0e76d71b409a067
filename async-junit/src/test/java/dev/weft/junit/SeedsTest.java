package dev.weft.junit;

import static dev.weft.Async.await;
import static dev.weft.Async.done;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.platform.testkit.engine.Events;

/** A seed is an invocation of its own, and gives one order. */
class SeedsTest {
  static final List<String> ORDERS = Collections.synchronizedList(new ArrayList<>());

  static class Racy {
    @AsyncTest(seed = 5, seeds = 20)
    Task<Void> lastWriterIsTheSecond(WorkStealingExecutor executor) {
      StringBuffer order = new StringBuffer();
      Task<Void> first = Async.spawn(() -> step(order, "1"));
      Task<Void> second = Async.spawn(() -> step(order, "2"));
      await(first);
      await(second);
      ORDERS.add(order.toString());
      assertThat(order.toString()).endsWith("2");
      return done();
    }

    private static Task<Void> step(StringBuffer order, String name) {
      await(Async.yieldNow());
      order.append(name);
      return done();
    }

    @AsyncTest
    Task<Void> hasOneSeed() {
      return done();
    }
  }

  @BeforeEach
  void forget() {
    ORDERS.clear();
  }

  @Test
  void eachSeedIsATestThatIsNamedAfterIt() {
    List<String> names = Kit.names(Kit.run(Racy.class));
    assertThat(names).hasSize(21).contains("seed 0", "seed 5", "seed 24").doesNotContain("seed 25");
  }

  @Test
  void aFailureNamesItsSeedWhichAloneFailsAgain() {
    Events tests = Kit.run(Racy.class);
    List<Throwable> failures = Kit.failures(tests);
    assertThat(failures).hasSizeBetween(1, 19); // the lots fall either way
    assertThat(ORDERS).contains("12", "21");
    for (Throwable failure : failures) {
      String note = failure.getSuppressed()[0].toString();
      assertThat(note).contains("lastWriterIsTheSecond ran with seed ");
      String seed = note.replaceFirst(".*-Dweft.seed=(\\d+),.*", "$1");
      assertThat(note).contains("@AsyncTest(seed = " + seed + ")");
      ORDERS.clear();

      Events again = Kit.run(Racy.class, Map.of("weft.seed", seed));

      assertThat(Kit.names(again)).containsExactlyInAnyOrder("seed " + seed, "seed " + seed);
      assertThat(Kit.failures(again)).hasSize(1);
      assertThat(ORDERS).containsExactly("21");
    }
  }

  @Test
  void theNumberOfSeedsCanBeRaisedForTestsThatHaveSeveral() {
    Kit.run(Racy.class, Map.of("weft.seeds", "200"))
        .assertStatistics(count -> count.started(200 + 1));
  }

  @Test
  void oneSeedGivesOneTrace() {
    Kit.run(Traced.class);
    List<String> first = List.copyOf(ORDERS);
    ORDERS.clear();
    Kit.run(Traced.class);
    assertThat(first).hasSize(20).doesNotHaveDuplicates().isEqualTo(ORDERS);
  }

  static class Traced {
    @AsyncTest(seeds = 20)
    Task<Void> many(WorkStealingExecutor executor) {
      List<Task<Void>> tasks = new ArrayList<>();
      for (int i = 0; i < 10; i++) {
        tasks.add(executor.spawn(() -> Racy.step(new StringBuffer(), "")));
      }
      for (Task<Void> task : tasks) {
        await(task);
      }
      ORDERS.add(executor.trace().toString());
      return done();
    }
  }

  static class Wrong {
    @AsyncTest(on = RunOn.NODE, seeds = 2)
    Task<Void> nodeHasNoSeeds() {
      return done();
    }

    @AsyncTest(seeds = 0)
    Task<Void> none() {
      return done();
    }
  }

  @Test
  void seedsThatMeanNothingAreRefused() {
    Events containers = Kit.results(Wrong.class, Map.of()).containerEvents();
    assertThat(Kit.failures(containers))
        .extracting(Throwable::getMessage)
        .anyMatch(message -> message.contains("RunOn.DETERMINISTIC only"))
        .anyMatch(message -> message.contains("seeds must be 1 or more, not 0"));
  }
}
