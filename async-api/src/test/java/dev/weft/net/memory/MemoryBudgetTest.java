package dev.weft.net.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.net.Net;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Who gets how much of the memory, without sockets and on one thread. */
class MemoryBudgetTest {
  private static final int SMALLEST = MemoryBudget.SMALLEST;
  private static final int CHUNK = MemoryBudget.CHUNK;

  /** Of what is free, one connection may have one part in so many. */
  private static final int PARTS = 8;

  /** All of it is there from the start, so nothing depends on when it grows. */
  private final MemoryBudget budget = new MemoryBudget(CHUNK);

  private final List<Account> accounts = new ArrayList<>();

  private Account open() {
    Account account = Account.open(budget);
    accounts.add(account);
    return account;
  }

  private List<Account> open(int number) {
    return IntStream.range(0, number).mapToObj(i -> open()).toList();
  }

  /** Of what is shared, in bytes. */
  /** Nothing less is taken of what is shared. */
  private static final int LEAST = 4 * SMALLEST;

  private long free() {
    return CHUNK - Math.max(budget.promised(), CHUNK / 4) - shared(); // a quarter is kept
  }

  private long shared() {
    return budget.used()
        - accounts.stream().filter(a -> a.memory.ownPiece != null).count() * SMALLEST;
  }

  @AfterEach
  void allComesBack() throws Exception {
    accounts.forEach(Account::close);
    assertThat(budget.used()).isZero();
    assertThat(budget.promised()).isZero();
    budget.close();
    Net.await("the chunks are freed", () -> budget.committed() == 0);
  }

  @Test
  void oneAloneGetsAnEighthOfWhatIsFree() {
    Account alone = open();
    alone.receiveUntilStopped();
    assertThat(shared()).isLessThanOrEqualTo(free() / PARTS);
    assertThat(shared() + LEAST).as("with one more").isGreaterThan((free() - LEAST) / PARTS);
    assertThat(alone.holds()).isEqualTo(budget.used());
  }

  @Test
  void manyGetLessEachAndLeaveSomething() {
    Account alone = open();
    alone.receiveUntilStopped();
    long ofOne = alone.holds();
    alone.close();
    List<Account> many = open(20);
    for (boolean more = true; more; ) {
      more = false;
      for (Account one : many) {
        if (!one.memory.isStopped()) {
          one.receive(2 * 1024);
          more = true;
        }
      }
    }
    for (Account one : many) {
      assertThat(one.holds()).isBetween((long) 2 * SMALLEST, ofOne / 2);
    }
    Account late = open();
    assertThat(late.receive(2 * 1024).capacity()).as("for who comes late").isEqualTo(2 * 1024);
  }

  @Test
  void aBufferIsNoLargerThanWanted() {
    Account account = open();
    assertThat(account.receive(2 * 1024).capacity()).isEqualTo(2 * 1024);
    assertThat(account.receive(3 * 1024).capacity()).isEqualTo(2 * 1024);
    assertThat(account.receive(SMALLEST).capacity()).isEqualTo(SMALLEST);
    assertThat(account.receive(1).capacity()).as("at least the smallest").isEqualTo(SMALLEST);
  }

  /** Whose messages have just that size would else look like one who sends more each time. */
  @Test
  void aBufferThatIsSmallerThanWantedHasRoomForOneByteLess() {
    Account account = open();
    assertThat(account.receive(2048).writerIndex()).as("filled").isEqualTo(2048);
    account.receiveUntilStopped();
    ByteBuf own = account.last();
    assertThat(own.readableBytes()).isEqualTo(SMALLEST - 1);
    own.release();
  }

  @Test
  void asManyArePromisedAPieceAsFitIntoHalf() {
    AtomicInteger told = new AtomicInteger();
    Runnable waiter = told::incrementAndGet;
    int most = CHUNK / 2 / SMALLEST;
    List<Account> all = open(most);
    assertThat(budget.promise(null)).isFalse();
    assertThat(budget.isGrowing()).as("it has grown to its limit").isFalse();
    budget.whenRoom(waiter);
    all.forEach(Account::receiveUntilStopped); // each has its piece, whatever the others have
    assertThat(told).hasValue(0);
    all.get(0).close();
    assertThat(told.get()).isPositive();
    assertThat(budget.promise(null)).isTrue();
    budget.forget(waiter);
    told.set(0);
    budget.unpromise(null);
    assertThat(told).hasValue(0);
  }

  @Test
  void itStopsUntilItsOwnPieceIsBack() {
    Account account = open();
    account.receiveUntilStopped();
    assertThat(account.memory.take(SMALLEST)).isNull();
    ByteBuf own = account.last();
    assertThat(own.capacity()).isEqualTo(SMALLEST);
    assertThat(account.told).hasValue(0);
    own.release();
    assertThat(account.told).hasValue(1);
    assertThat(account.back).hasValue(1);
    assertThat(account.memory.isStopped()).isFalse();
    account.receive(SMALLEST);
    assertThat(account.memory.isStopped()).isTrue();
  }

  @Test
  void itDoesNotStopIfItsOwnPieceIsBackAlready() {
    Account account = open();
    account.receiveUntilStopped();
    account.last().release();
    ByteBuf own = account.memory.take(SMALLEST);
    own.release();
    account.memory.received();
    assertThat(account.memory.isStopped()).isFalse();
    assertThat(account.told).hasValue(1);
  }

  @Test
  void itDoesNotStopWhileItsOwnPieceIsNotFilled() {
    Account account = open();
    account.receiveUntilStopped();
    account.last().release();
    ByteBuf own = account.memory.take(SMALLEST);
    assertThat(account.memory.isStopped()).as("nothing was received").isFalse();
    assertThat(account.memory.take(SMALLEST)).as("there is one of them").isNull();
    own.release();
  }

  /** Twenty have it all; one keeps what it has, as it lacks the rest of a message. */
  private Account stoppedByOthers(List<Account> others) {
    Account keeping = open();
    boolean more = true;
    while (more) {
      more = false;
      for (Account other : others) {
        if (!other.memory.isStopped()) {
          other.receive(2 * 1024);
          more = true;
        }
      }
    }
    keeping.receiveUntilStopped();
    return keeping;
  }

  @Test
  void itGoesOnWhenOthersHaveGivenBackEnough() {
    List<Account> others = open(20);
    Account keeping = stoppedByOthers(others);
    long held = keeping.holds();
    others.forEach(Account::release);
    assertThat(keeping.told.get()).isPositive();
    assertThat(keeping.back).as("nothing of its own").hasValue(0);
    assertThat(keeping.memory.isStopped()).isFalse();
    assertThat(keeping.receive(2 * 1024).capacity()).as("of the shared memory").isEqualTo(2 * 1024);
    keeping.receiveUntilStopped();
    assertThat(keeping.holds()).isGreaterThan(held);
    ByteBuf own = keeping.last();
    assertThat(own.capacity()).as("it has the promise still").isEqualTo(SMALLEST);
    own.release();
  }

  @Test
  void itGoesOnWhenOthersHaveLeft() {
    List<Account> others = open(20);
    Account keeping = stoppedByOthers(others);
    others.forEach(Account::close);
    assertThat(keeping.told.get()).isPositive();
    assertThat(keeping.memory.isStopped()).isFalse();
  }

  /** All those that have stopped, though what comes back comes at once. */
  @Test
  void allThatKeepSomethingGoOnWhenOneHasLeft() throws Exception {
    Account sender = open();
    sender.memory.foreign(CHUNK);
    List<Account> keeping = open(5);
    for (Account one : keeping) {
      one.receive(2 * 1024);
      assertThat(one.memory.isStopped()).isTrue();
    }
    sender.close();
    Net.await("all go on", () -> keeping.stream().noneMatch(one -> one.memory.isStopped()));
    for (Account one : keeping) {
      assertThat(one.told).hasValue(1);
    }
  }

  /** What made room was the last that happened before the connection stopped. */
  @Test
  void itDoesNotStopForEverIfThereIsRoomAlready() throws Exception {
    Account sender = open();
    sender.memory.foreign(CHUNK);
    Account keeping = open();
    ByteBuf own = keeping.memory.take(2 * 1024);
    keeping.held.add(own);
    assertThat(own.capacity()).isEqualTo(SMALLEST);
    sender.memory.foreign(0);
    keeping.memory.received();
    Net.await("it goes on", () -> !keeping.memory.isStopped());
    assertThat(keeping.receive(2 * 1024).capacity()).isEqualTo(2 * 1024);
  }

  /** One that has stopped and closed is no obstacle to the next. */
  @Test
  void thoseThatHaveClosedMeanwhileDelayNobody() throws Exception {
    Account sender = open();
    sender.memory.foreign(CHUNK);
    List<Account> closed = open(3);
    Account keeping = open();
    closed.forEach(one -> one.receive(2 * 1024));
    keeping.receive(2 * 1024);
    closed.forEach(one -> one.memory.close());
    sender.memory.foreign(0);
    closed.get(0).release(); // the last that happens
    Net.await("it goes on", () -> !keeping.memory.isStopped());
    closed.forEach(one -> assertThat(one.told).hasValue(0));
  }

  @Test
  void itIsNotToldWhileThereIsTooLittle() {
    List<Account> others = open(20);
    Account keeping = stoppedByOthers(others);
    keeping.told.set(0);
    keeping.memory.foreign(free()); // nothing is left
    others.get(0).last().release(); // the piece that it was promised
    assertThat(keeping.told).hasValue(0);
    assertThat(keeping.memory.isStopped()).isTrue();
  }

  @Test
  void whatIsWrittenOfOtherMemoryCounts() {
    Account account = open();
    long before = budget.used();
    account.memory.foreign(50_000);
    assertThat(budget.used()).isEqualTo(before + 50_000);
    account.memory.foreign(20_000);
    assertThat(budget.used()).as("in place of that").isEqualTo(before + 20_000);
    account.memory.close();
    assertThat(budget.used()).isZero();
    account.memory.foreign(70_000);
    assertThat(budget.used()).as("it is closed").isZero();
  }

  @Test
  void lessMayWaitToBeSentWhileMemoryIsShort() {
    Account account = open();
    account.memory.foreign(0);
    int plenty = account.memory.sendLimit();
    assertThat(plenty).isEqualTo(Integer.highestOneBit((int) (free() / PARTS)));
    account.memory.foreign(CHUNK / 2);
    assertThat(account.memory.sendLimit()).isEqualTo(plenty / 2);
    account.memory.foreign(CHUNK);
    assertThat(account.memory.sendLimit()).isEqualTo(4 * 1024);
    account.memory.foreign(0);
    assertThat(account.memory.sendLimit()).isEqualTo(plenty);
  }

  @Test
  void aGroupKeepsItsOwnLimitAndLeavesTheOthersAlone() {
    MemoryGroup group = new MemoryGroup(16 * 1024);
    Account inside = Account.open(budget, group);
    accounts.add(inside);
    Account outside = open();
    inside.receiveUntilStopped();
    assertThat(inside.holds()).isLessThanOrEqualTo(16 * 1024 / PARTS + SMALLEST);
    assertThat(group.used).isEqualTo(inside.holds());
    assertThat(outside.receive(8 * 1024).capacity()).isEqualTo(8 * 1024);
    inside.close();
    assertThat(group.used).isZero();
  }

  @Test
  void aGroupPromisesNoMoreThanItHas() {
    MemoryGroup group = new MemoryGroup(4 * SMALLEST);
    for (int i = 0; i < 4; i++) {
      accounts.add(Account.open(budget, group));
    }
    assertThat(budget.promise(group)).isFalse();
    assertThat(budget.promise(null)).as("others are not concerned").isTrue();
    budget.unpromise(null);
    AtomicInteger told = new AtomicInteger();
    budget.whenRoom(told::incrementAndGet);
    accounts.get(0).close();
    assertThat(told.get()).isPositive();
    accounts.add(Account.open(budget, group));
  }

  @Test
  void whatAGroupHasWrittenCountsAgainstItsPromises() {
    MemoryGroup group = new MemoryGroup(8 * SMALLEST);
    Account sender = Account.open(budget, group);
    accounts.add(sender);
    sender.memory.foreign(7 * SMALLEST);
    AtomicInteger told = new AtomicInteger();
    assertThat(budget.promise(group)).isFalse();
    budget.whenRoom(told::incrementAndGet);
    sender.memory.foreign(0);
    assertThat(told.get()).as("there is room for a promise").isPositive();
    assertThat(budget.promise(group)).isTrue();
    budget.unpromise(group);
  }

  @Test
  void aClosedConnectionKeepsItsPromiseUntilItsPieceIsBack() {
    Account account = open();
    account.receiveUntilStopped();
    account.memory.close();
    account.memory.close();
    assertThat(budget.promised()).isEqualTo(SMALLEST);
    assertThat(budget.used()).isEqualTo(account.holds());
    assertThat(account.memory.isStopped()).isFalse();
    account.last().release();
    assertThat(budget.promised()).isZero();
    assertThat(account.told).as("nobody is left to be told").hasValue(0);
    assertThat(budget.used()).isEqualTo(account.holds());
  }

  @Test
  void whatIsInUseOutlivesTheBudget() throws Exception {
    Account account = open();
    ByteBuf buf = account.receive(2 * 1024);
    buf.setLong(8, 4711);
    budget.close();
    account.memory.close();
    assertThat(budget.committed()).isEqualTo(CHUNK);
    assertThat(buf.getLong(8)).isEqualTo(4711);
    account.release();
    Net.await("the last chunk is freed", () -> budget.committed() == 0);
  }
}
