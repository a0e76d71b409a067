package dev.weft.net.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.net.Net;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A program for a JVM that has less direct memory than the budget: see {@link NoMemoryTest}. */
final class WithoutDirectMemory {
  private WithoutDirectMemory() {}

  public static void main(String[] args) throws Exception {
    MemoryBudget budget = new MemoryBudget(64L * MemoryBudget.CHUNK);
    List<Account> accounts = new ArrayList<>();
    AtomicInteger told = new AtomicInteger();
    budget.whenRoom(told::incrementAndGet);
    Net.await(
        "no more can be promised, nor will be",
        () -> {
          MemoryBudget.Answer answer;
          while ((answer = budget.ask(null)) == MemoryBudget.Answer.PROMISED) {
            budget.unpromise(null);
            accounts.add(Account.open(budget));
          }
          return answer == MemoryBudget.Answer.NO;
        });
    long there = budget.committed();
    assertThat(there).isLessThan(1024 * 1024 + 1);
    assertThat(budget.promised()).isBetween(there / 2, there);
    told.set(0);
    accounts.forEach(Account::receiveUntilStopped);
    assertThat(budget.used()).isLessThanOrEqualTo(there);
    accounts.forEach(Account::close);
    assertThat(budget.used()).isZero();
    assertThat(told.get()).isPositive();
    Account alone = Account.open(budget);
    alone.receiveUntilStopped();
    assertThat(alone.holds()).isGreaterThan(4 * 1024);
    alone.close();
    budget.close();
    Net.await("the chunks are freed", () -> budget.committed() == 0);
    System.out.println("went on with " + there);
  }
}
