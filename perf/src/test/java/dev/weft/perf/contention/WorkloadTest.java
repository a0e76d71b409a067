package dev.weft.perf.contention;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What the protocols promise, counted. */
class WorkloadTest {
  private static final long SEED = 1;

  @ParameterizedTest
  @EnumSource(Workload.class)
  void eachComesToItsEndWithAnyNumberOfWorkers(Workload workload) {
    for (int workers : new int[] {1, 2, 3, 64}) {
      Tally tally = workload.run(workers, Design.WEFT, SEED);
      assertThat(tally.units).isGreaterThanOrEqualTo(Workload.units(workers));
    }
  }

  @Test
  void theSameSeedGivesTheSameTables() {
    assertThat(Contention.tables(7, 2, 4)).isEqualTo(Contention.tables(7, 2, 4));
  }

  @Test
  void anotherSeedGivesOthers() {
    assertThat(Contention.tables(7, 2)).isNotEqualTo(Contention.tables(8, 2));
  }

  @ParameterizedTest
  @CsvSource({"PAIRS", "CHAINS"})
  void nobodyIsWokenForWhatIsPolledNext(Workload workload) {
    Tally tally = workload.run(8, Design.WEFT, SEED);
    assertThat(tally.perUnit(tally.wakes)).isLessThan(0.01);
    assertThat(tally.perUnit(tally.transfers)).isLessThan(0.1);
    // Lock, slot, outcome, lock; or outcome, two waiter slots, slot. And each fourth by the ring.
    assertThat(tally.perUnit(tally.atomics)).isBetween(4.0, 4.5);
  }

  @ParameterizedTest
  @CsvSource({"PAIRS", "CHAINS"})
  void aSlotThatIsWokenForCostsWakeUps(Workload workload) {
    Tally asItIs = workload.run(2, Design.WEFT, SEED);
    Tally woken = workload.run(2, Design.STEALABLE_AND_WOKEN, SEED);
    assertThat(woken.perUnit(woken.wakes)).isGreaterThan(0.25);
    assertThat(woken.awake).isGreaterThan(2 * asItIs.awake);
  }

  @Test
  void aRequestFromOutsideWakesTwo() {
    Tally tally = Workload.REQUESTS.run(8, Design.WEFT, SEED);
    assertThat(2 * tally.perUnit(tally.wakes)).isBetween(1.9, 2.1);
  }

  @Test
  void workersThatSpawnForThemselvesDoNotMeet() {
    Tally tally = Workload.EACH_SPAWNS.run(64, Design.WEFT, SEED);
    assertThat(tally.perUnit(tally.transfers)).isLessThan(0.05);
  }

  @Test
  void halfOfTheWorkersMaySearch() {
    assertThat(Design.WEFT.maySearch(3, 8)).isTrue();
    assertThat(Design.WEFT.maySearch(4, 8)).isFalse();
    assertThat(Design.ALL_SEARCH.maySearch(7, 8)).isTrue();
    assertThat(Design.TWO_SEARCH.maySearch(2, 64)).isFalse();
  }
}
