package dev.weft.net.poll;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.net.memory.ConnectionMemory;
import dev.weft.net.memory.MemoryBudget;
import io.netty.channel.IoEvent;
import io.netty.channel.IoHandle;
import io.netty.channel.IoOps;
import io.netty.channel.IoRegistration;
import io.netty.channel.nio.NioIoEvent;
import io.netty.channel.nio.NioIoHandle;
import io.netty.channel.nio.NioIoOps;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectionKey;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whose input is handled first, of a poll that found the input of several. */
class TurnsTest {
  private static final int ROUND = 2;
  private static final int BEHIND = 4 * 1024;
  private static final long HEAVY_NANOS = 400_000;
  private static final int HELD = 8 * 1024;
  private static final int READ = SelectionKey.OP_READ;
  private static final int WRITE = SelectionKey.OP_WRITE;

  private final MemoryBudget budget = new MemoryBudget(8L * MemoryBudget.CHUNK);
  private long now;

  /** How long a turn takes. */
  private long takes;

  private final Turns turns = new Turns(ROUND, HEAVY_NANOS, () -> now);
  private final List<String> handled = new ArrayList<>();
  private final List<Integer> told = new ArrayList<>();

  /** Of which only the interest is looked at. */
  private static final class Key extends AbstractSelectionKey {
    private int interest;

    @Override
    public int interestOps() {
      return interest;
    }

    @Override
    public SelectionKey interestOps(int ops) {
      interest = ops;
      return this;
    }

    @Override
    public int readyOps() {
      throw new UnsupportedOperationException();
    }

    @Override
    public SelectableChannel channel() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Selector selector() {
      throw new UnsupportedOperationException();
    }
  }

  /** A connection whose only act is to be handled. */
  private final class Connection implements NioIoHandle, IoRegistration {
    final String name;
    final ConnectionMemory memory = new ConnectionMemory(budget, null, () -> {}, () -> {});
    final Turns.Turn turn = new Turns.Turn(memory);
    final IoHandle guarded =
        GuardedHandle.of(
            this, new GuardedHandle.Setting(turns, new Activity(System::nanoTime), null, turn));
    final SelectionKey key = new Key();
    boolean closed;

    Connection(String name) {
      this.name = name;
    }

    void ready(NioIoOps ops) {
      guarded.handle(
          this,
          new NioIoEvent() {
            @Override
            public NioIoOps ops() {
              return ops;
            }
          });
    }

    @Override
    public void handle(IoRegistration registration, IoEvent event) {
      handled.add(name);
      now += takes;
      told.add(((NioIoEvent) event).ops().value());
    }

    @Override
    public SelectableChannel selectableChannel() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}

    @Override
    @SuppressWarnings("unchecked")
    public <T> T attachment() {
      return (T) key;
    }

    @Override
    public long submit(IoOps ops) {
      key.interestOps(((NioIoOps) ops).value());
      return 0;
    }

    @Override
    public boolean isValid() {
      return !closed;
    }

    @Override
    public boolean cancel() {
      return false;
    }
  }

  /** One that has had a turn. */
  private Connection recent(String name) {
    Connection connection = new Connection(name);
    poll(connection);
    turns.end();
    return connection;
  }

  private Connection holding(String name) {
    Connection connection = new Connection(name);
    connection.memory.take(HELD);
    assertThat(connection.memory.shared()).isEqualTo(HELD);
    return connection;
  }

  private void poll(Connection... ready) {
    poll(NioIoOps.READ, ready);
  }

  private void poll(NioIoOps ops, Connection... ready) {
    turns.beginPoll();
    for (Connection connection : ready) {
      connection.ready(ops);
    }
    turns.endPoll();
  }

  @Test
  void whoHasReceivedMuchComesLast() {
    Connection heavy = new Connection("heavy");
    Connection light = new Connection("light");
    poll(heavy);
    turns.end(); // which has set the time from which what is received counts
    heavy.turn.received(1 << 30); // counts for seconds
    handled.clear();
    poll(heavy, light);
    assertThat(handled).containsExactly("light");
    turns.runAll();
    assertThat(handled).containsExactly("light", "heavy");
    assertThat(turns.areWaiting()).isFalse();
  }

  @Test
  void theHeavyOnesAreHandledForAWhileOfAPoll() {
    takes = HEAVY_NANOS / 2;
    poll(holding("1"), holding("2"), holding("3"), holding("4"), holding("5"));
    assertThat(handled).isEmpty();
    assertThat(turns.run()).isEqualTo(2);
    turns.end();
    assertThat(turns.run()).isEqualTo(2);
    turns.end();
    assertThat(turns.run()).isEqualTo(1);
    assertThat(handled).containsExactly("1", "2", "3", "4", "5");
  }

  @Test
  void whoHoldsWhatIsNotReadComesLast() {
    Connection holding = holding("holding");
    Connection armed = holding("armed");
    armed.turn.lent(HELD); // which is the buffer that the input has come into
    poll(holding, armed);
    assertThat(handled).containsExactly("armed");
    turns.runAll();
    assertThat(handled).containsExactly("armed", "holding");
  }

  @Test
  void whoGoesOnSendingMoreThanIsTakenInComesLast() {
    Connection more = new Connection("more");
    Connection all = new Connection("all");
    fill(more, BEHIND);
    fill(all, BEHIND);
    all.turn.lent(512);
    all.turn.received(511);
    poll(more, all);
    assertThat(handled).containsExactly("all");
    turns.runAll();
    more.turn.lent(512);
    more.turn.received(100);
    handled.clear();
    poll(more);
    assertThat(handled).containsExactly("more");
  }

  @Test
  void whoGoesOnSendingMoreThanIsTakenInIsAheadUntilAllIsIn() {
    Connection more = new Connection("more");
    fill(more, BEHIND - 512);
    assertThat(more.turn.isAhead()).isFalse();
    fill(more, 512);
    assertThat(more.turn.isAhead()).isTrue();
    more.turn.lent(512);
    more.turn.received(511);
    assertThat(more.turn.isAhead()).isFalse();
    more.turn.received(1 << 30);
    assertThat(more.turn.isAhead()).as("of late").isTrue();
  }

  /** As who could not be served for a while, and would never come to the end among the heavy. */
  @Test
  void whoHasSomethingToCatchUpWithDoesNotComeLast() {
    Connection late = new Connection("late");
    fill(late, BEHIND - 512);
    poll(late);
    assertThat(handled).containsExactly("late");
  }

  private static void fill(Connection connection, int bytes) {
    for (int left = bytes; left > 0; left -= 512) {
      connection.turn.lent(512);
      connection.turn.received(512);
    }
  }

  @Test
  void soManyLightOnesAtATimeAndTheOthersInTheirOrder() {
    Connection[] connections = {recent("1"), recent("2"), recent("3"), recent("4")};
    handled.clear();
    poll(connections);
    assertThat(handled).containsExactly("1", "2");
    assertThat(turns.areEnough()).isTrue();
    turns.end();
    assertThat(turns.run()).isEqualTo(ROUND);
    turns.end();
    assertThat(handled).containsExactly("1", "2", "3", "4");
    assertThat(turns.areEnough()).isFalse();
  }

  @Test
  void whoHasHadATurnLatelyComesBeforeWhoHasNot() {
    Connection recent = recent("recent");
    handled.clear();
    poll(new Connection("1"), new Connection("2"), new Connection("3"), recent);
    assertThat(handled).containsExactly("1", "2");
    assertThat(turns.areEnough()).isFalse(); // others who are recent may have come meanwhile
    turns.run();
    turns.end();
    assertThat(handled).containsExactly("1", "2", "recent", "3");
  }

  @Test
  void whoWaitsIsPutInOnceAndNotHandledWhenItIsClosed() {
    Connection twice = holding("twice");
    Connection closed = holding("closed");
    poll(twice, closed, twice);
    closed.closed = true;
    turns.runAll();
    assertThat(handled).containsExactly("twice");
  }

  @Test
  void ofWhatIsToldTwiceTheSelectorIsNotAskedUntilItsTurn() {
    Connection holding = holding("holding");
    holding.key.interestOps(READ | WRITE);
    poll(NioIoOps.WRITE, holding);
    assertThat(holding.key.interestOps()).isEqualTo(READ | WRITE);
    poll(NioIoOps.READ_AND_WRITE, holding);
    assertThat(holding.key.interestOps()).isZero();
    assertThat(handled).isEmpty();
    turns.runAll();
    assertThat(handled).containsExactly("holding");
    assertThat(told).containsExactly(READ | WRITE);
    assertThat(holding.key.interestOps())
        .isEqualTo(READ); // for output, Netty asks again if need be
  }

  @Test
  void theSelectorIsStillAskedAboutTheRest() {
    Connection holding = holding("holding");
    holding.key.interestOps(READ | WRITE);
    poll(NioIoOps.WRITE, holding);
    poll(NioIoOps.WRITE, holding);
    assertThat(holding.key.interestOps()).isEqualTo(READ);
    turns.runAll();
    assertThat(told).containsExactly(WRITE);
    assertThat(holding.key.interestOps()).isEqualTo(READ);
  }

  @Test
  void aLightOnesRoomForOutputIsNotPutOff() {
    Connection light = new Connection("light");
    turns.beginPoll();
    light.ready(NioIoOps.WRITE);
    turns.endPoll();
    assertThat(handled).containsExactly("light");
  }

  /** As the selector tells of an end, if it was asked about that only. */
  @Test
  void ofManyThatHaveRoomForOutputAFewAreHandledAtATime() {
    Connection first = new Connection("first");
    Connection second = new Connection("second");
    Connection third = new Connection("third");
    turns.beginPoll();
    first.ready(NioIoOps.WRITE);
    second.ready(NioIoOps.WRITE);
    third.ready(NioIoOps.WRITE);
    turns.endPoll();
    assertThat(handled).containsExactly("first", "second");
    turns.run();
    assertThat(handled).containsExactly("first", "second", "third");
  }

  /** A poll that had much to do which does not wait. */
  @Test
  void whoIsInAConversationHasATurnHoweverLateItIs() {
    Connection recent = new Connection("recent");
    poll(recent);
    turns.end();
    assertThat(handled).containsExactly("recent");
    turns.beginPoll();
    holding("holding").ready(NioIoOps.READ); // begins the round
    now += 10_000_000;
    recent.ready(NioIoOps.READ);
    turns.endPoll();
    assertThat(handled).containsExactly("recent");
    turns.run();
    assertThat(handled).startsWith("recent", "recent");
  }
}
