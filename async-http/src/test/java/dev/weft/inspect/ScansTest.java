package dev.weft.inspect;

import static dev.weft.Async.await;
import static dev.weft.Async.done;
import static dev.weft.Async.sleep;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.AsyncExecutor;
import dev.weft.VirtualClock;
import dev.weft.WorkStealingExecutor;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** When all tasks are looked at: once for all pages, and never if there is none. */
class ScansTest {
  private final FakeProgram program = new FakeProgram();
  private final AtomicLong cpu = new AtomicLong();
  private final VirtualClock clock = new VirtualClock();

  @FunctionalInterface
  private interface Steps {
    void take(Scans scans) throws Exception;
  }

  /** In virtual time, with a look that costs so much CPU time. */
  private void with(Duration cost, Steps steps) throws Exception {
    try (WorkStealingExecutor own =
        WorkStealingExecutor.builder().workers(1).clock(clock).noDriver().build()) {
      program.sights = List.of(FakeSight.suspended(own, 1));
      Program costly = new Costly(program, () -> cpu.addAndGet(cost.toNanos()));
      Scans scans = new Scans(own, new Scan(costly, new Names()), clock::nanoTime, cpu::get);
      own.blockOn(
          () -> {
            steps.take(scans);
            return done();
          });
    }
  }

  private int looks() {
    return program.looks.get();
  }

  /** Time passes while nobody asks. */
  private void passes(long millis) {
    clock.skipTo(clock.nanoTime() + Duration.ofMillis(millis).toNanos());
  }

  @Test
  void manyPagesHaveOneLook() throws Exception {
    with(
        Duration.ofMillis(1),
        scans -> {
          for (int page = 0; page < 100; page++) {
            assertThat(scans.current().size()).isEqualTo(1);
          }
          assertThat(looks()).isEqualTo(1);
        });
  }

  @Test
  void aCheapLookComesAgainAfterASecond() throws Exception {
    with(
        Duration.ofMillis(1),
        scans -> {
          scans.current();
          passes(999);
          scans.current();
          assertThat(looks()).isEqualTo(1);
          assertThat(scans.nanosLeft()).isEqualTo(1_000_000);
          assertThat(scans.ageNanos()).isEqualTo(999_000_000);
          passes(1);
          scans.current();
          assertThat(looks()).isEqualTo(2);
        });
  }

  @Test
  void aLookThatCostsComesThreeHundredTimesLater() throws Exception {
    with(
        Duration.ofMillis(60),
        scans -> {
          scans.current();
          assertThat(scans.costNanos()).isEqualTo(60_000_000);
          passes(17_999);
          scans.current();
          assertThat(looks()).isEqualTo(1);
          passes(1);
          scans.current();
          assertThat(looks()).isEqualTo(2);
        });
  }

  /** Somebody who sorts this way and that puts the next look off. */
  @Test
  void answersAreInTheBudgetToo() throws Exception {
    with(
        Duration.ofMillis(60),
        scans -> {
          scans.current();
          cpu.addAndGet(Duration.ofMillis(20).toNanos());
          passes(23_999);
          scans.current();
          assertThat(looks()).isEqualTo(1);
          passes(1);
          scans.current();
          assertThat(looks()).isEqualTo(2);
        });
  }

  /** It is dear, and has a share of its own: that puts no look off. */
  @Test
  void deadlocksAreSoughtNowAndThen() throws Exception {
    with(
        Duration.ofMillis(1),
        scans -> {
          scans.current();
          assertThat(program.searches).as("before the first rows are shown").hasValue(0);
          passes(1000);
          scans.current();
          assertThat(program.searches).hasValue(1);
          passes(1000);
          scans.current();
          assertThat(looks()).isEqualTo(3);
          passes(78_999);
          scans.current();
          assertThat(program.searches).hasValue(1);
          passes(1000);
          scans.current();
          assertThat(program.searches).hasValue(2);
        });
  }

  /** When the last page is closed, the tasks are let go of, and no timer is left. */
  @Test
  void whatNobodyAsksForIsForgotten() throws Exception {
    try (WorkStealingExecutor own =
        WorkStealingExecutor.builder().workers(1).clock(clock).noDriver().build()) {
      program.sights = List.of(FakeSight.suspended(own, 1));
      Scan scan = new Scan(program, new Names());
      Scans scans = new Scans(own, scan, clock::nanoTime, cpu::get);
      own.blockOn(
          () -> {
            scans.current();
            await(sleep(Duration.ofSeconds(6)));
            scans.current();
            await(sleep(Duration.ofSeconds(6)));
            assertThat(scans.last()).as("of a page that is open").isNotNull();
            await(sleep(Duration.ofSeconds(6)));
            assertThat(scans.last()).isNull();
            assertThat(scan.size()).isZero();
            return done();
          });
      long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
      while (own.metrics().aliveTasks() > 0 && System.nanoTime() - end < 0) {
        Thread.onSpinWait(); // the task of blockOn ends after it is heard of
      }
      assertThat(own.metrics().aliveTasks()).isZero();
      assertThat(clock.elapsed()).isEqualTo(Duration.ofSeconds(18));
      assertThat(looks()).isEqualTo(2);
    }
  }

  /** Else who opens and closes pages had it made each time. */
  @Test
  void whatWasDearIsKeptUntilTheNextIsDue() throws Exception {
    try (WorkStealingExecutor own =
        WorkStealingExecutor.builder().workers(1).clock(clock).noDriver().build()) {
      program.sights = List.of(FakeSight.suspended(own, 1));
      Program costly = new Costly(program, () -> cpu.addAndGet(Duration.ofSeconds(1).toNanos()));
      Scans scans = new Scans(own, new Scan(costly, new Names()), clock::nanoTime, cpu::get);
      own.blockOn(
          () -> {
            scans.current();
            await(sleep(Duration.ofSeconds(299)));
            assertThat(scans.current().size()).isEqualTo(1);
            assertThat(looks()).isEqualTo(1);
            return done();
          });
    }
  }

  private record Costly(FakeProgram program, Runnable cost) implements Program {
    @Override
    public Map<AsyncExecutor, String> executors() {
      return program.executors();
    }

    @Override
    public void forEach(Consumer<? super Sight> visitor) {
      cost.run();
      program.forEach(visitor);
    }

    @Override
    public Optional<Sight> find(String key) {
      return program.find(key);
    }

    @Override
    public List<String> deadlocks() {
      for (int i = 0; i < 100; i++) {
        cost.run();
      }
      return program.deadlocks();
    }
  }
}
