package dev.weft.net.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.net.Net;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Chunks come before they are needed, and go when they have not been. */
class MemoryGrowthTest {
  private static final int CHUNK = MemoryBudget.CHUNK;

  private final MemoryBudget budget = new MemoryBudget(8L * CHUNK);
  private final List<Account> accounts = new ArrayList<>();

  @AfterEach
  void allComesBack() throws Exception {
    accounts.forEach(Account::close);
    assertThat(budget.used()).isZero();
    assertThat(budget.promised()).isZero();
    budget.close();
    Net.await("the chunks are freed", () -> budget.committed() == 0);
  }

  private void open(int number) {
    for (int i = 0; i < number; i++) {
      accounts.add(Account.open(budget));
    }
  }

  private void receiveAsMuchAsCanBe() {
    for (Account account : accounts) {
      if (!account.memory.isStopped()) {
        account.receive(MemoryBudget.LARGEST);
      }
    }
  }

  @Test
  void itGrowsAsItIsUsedAndShrinksWhenItIsNot() throws Exception {
    assertThat(budget.committed()).as("at first").isEqualTo(CHUNK);
    open(40);
    Net.await(
        "it has grown",
        () -> {
          receiveAsMuchAsCanBe();
          return budget.committed() >= 5L * CHUNK;
        });
    assertThat(budget.committed()).isLessThanOrEqualTo(budget.limit());
    accounts.forEach(Account::release);
    Net.await("what is not used is given back", () -> budget.committed() <= 2L * CHUNK);
    receiveAsMuchAsCanBe();
    assertThat(budget.used()).as("and there is enough again").isPositive();
  }

  /** However the growing thread and who asks come between one another. */
  @Test
  void aPromiseIsNotRefusedAsLongAsMoreMemoryIsOnItsWay() throws Exception {
    int most = 4 * CHUNK / MemoryBudget.SMALLEST; // half
    int[] made = {0};
    Net.await(
        "all promises that fit",
        () -> {
          MemoryBudget.Answer answer = MemoryBudget.Answer.PROMISED;
          while (made[0] < most && answer == MemoryBudget.Answer.PROMISED) {
            answer = budget.ask(null);
            assertThat(answer).isNotEqualTo(MemoryBudget.Answer.NO);
            made[0] += answer == MemoryBudget.Answer.PROMISED ? 1 : 0;
          }
          return made[0] == most;
        });
    Net.await("no more than half", () -> budget.ask(null) == MemoryBudget.Answer.NO);
    for (; made[0] > 0; made[0]--) {
      budget.unpromise(null);
    }
  }

  @Test
  void itGrowsAheadOfPromises() throws Exception {
    int most = 4 * CHUNK / MemoryBudget.SMALLEST; // half
    int[] made = {0};
    Net.await(
        "all promises that fit",
        () -> {
          while (made[0] < most && budget.promise(null)) {
            made[0]++;
          }
          return made[0] == most;
        });
    assertThat(budget.promise(null)).isFalse();
    for (int i = 0; i < most; i++) {
      budget.unpromise(null);
    }
    Net.await("what nobody needs is given back", () -> budget.committed() <= 2L * CHUNK);
  }

  /** It has stopped because the memory had not grown yet, and waits for the rest of a message. */
  @Test
  void whoHasStoppedGoesOnWhenItHasGrown() throws Exception {
    open(20);
    for (Account account : accounts) {
      account.receiveUntilStopped();
    }
    Net.await(
        "each has more than it could have had before",
        () -> {
          receiveAsMuchAsCanBe();
          return accounts.stream().allMatch(one -> one.holds() > CHUNK / 2 / accounts.size());
        });
  }

  @Test
  void whatIsInUseIsNotGivenBack() throws Exception {
    open(40);
    Net.await(
        "it has grown",
        () -> {
          receiveAsMuchAsCanBe();
          return budget.committed() >= 5L * CHUNK;
        });
    List<ByteBuf> kept = new ArrayList<>();
    for (Account account : accounts) {
      if (kept.size() < 3) { // fewer than there are chunks, and the spare one makes four
        kept.add(account.held.remove(0).setLong(0, kept.size()));
      }
      account.release();
    }
    Net.await("some is given back", () -> budget.committed() < 5L * CHUNK);
    for (int i = 0; i < kept.size(); i++) {
      assertThat(kept.get(i).getLong(0)).isEqualTo(i);
      kept.get(i).release();
    }
  }
}
