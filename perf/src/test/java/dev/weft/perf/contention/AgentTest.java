package dev.weft.perf.contention;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AgentTest {
  private final Tally tally = new Tally();
  private final Line own = new Line();
  private final Line others = Line.of(agent(1));

  private Agent agent(int id) {
    return new Agent(id, tally) {
      @Override
      void step() {}
    };
  }

  @Test
  void nobodyWaitsForAStore() {
    Agent agent = agent(0);
    agent.store(others);
    assertThat(agent.now).isEqualTo(Costs.HIT);
    assertThat(tally.transfers).isEqualTo(1);
  }

  @Test
  void anAtomicWaitsForTheStoresBeforeIt() {
    Agent agent = agent(0);
    agent.store(others);
    agent.atomic(own);
    assertThat(agent.now).isGreaterThan(Costs.TRANSFER);
    assertThat(tally.atomics).isEqualTo(1);
  }

  @Test
  void aVolatileStoreIsAFence() {
    agent(0).storeVolatile(own);
    assertThat(tally.fences).isEqualTo(1);
    assertThat(tally.atomics).isZero();
  }

  @Test
  void whoFindsALockHeldWaitsAndTriesAgain() {
    own.heldUntil = 500;
    Agent agent = agent(0);
    agent.lock(own);
    assertThat(agent.now).isGreaterThanOrEqualTo(500);
    assertThat(tally.atomics).isEqualTo(2);
  }

  @Test
  void whoOnlyTriesDoesNotWait() {
    own.heldUntil = 500;
    Agent agent = agent(0);
    assertThat(agent.tryLock(own)).isFalse();
    assertThat(agent.now).isLessThan(500);
  }

  @Test
  void aPausePassesBehindTheStep() {
    Agent agent = agent(0);
    agent.pauses(100);
    assertThat(agent.now).isZero();
    agent.endStep();
    assertThat(agent.now).isEqualTo(100);
  }
}
