package dev.weft.perf.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A thread that receives and checks the replies of its connections and, in the closed loop and for
 * burners, sends the next messages.
 */
final class Reader extends Thread implements Conversation.Replies {
  private static final long IDLE_MILLIS = 50;

  private final LoadPlan plan;
  private final Clock clock;
  private final Schedule schedule;
  private final CountDownLatch looked;
  private final List<Conversation> conversations;
  private final Selector selector;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(Pattern.PIECE);

  /** When the messages of the closed loop were sent: by connection, then by index modulo depth. */
  private final long[][] sentAt;

  private final List<String> failures = new ArrayList<>();
  private int open;
  private long now;

  /** Whole replies of connections that do not burn; read by the measuring thread meanwhile. */
  final AtomicLong completed = new AtomicLong();

  final Tally work;
  final Tally burns;

  Reader(
      int number,
      LoadPlan plan,
      Clock clock,
      Schedule schedule,
      CountDownLatch looked,
      List<Conversation> conversations,
      int highestNumber)
      throws IOException {
    super("load-reader-" + number);
    setDaemon(true);
    this.plan = plan;
    this.clock = clock;
    this.schedule = schedule;
    this.looked = looked;
    this.conversations = conversations;
    this.selector = Selector.open();
    this.sentAt = new long[highestNumber + 1][];
    this.work = new Tally(clock);
    this.burns = new Tally(clock);
    for (Conversation conversation : conversations) {
      conversation.channel.configureBlocking(false);
      conversation.channel.register(selector, SelectionKey.OP_READ, conversation);
      if (isClosedLoop(conversation)) {
        sentAt[conversation.number] = new long[depth(conversation)];
      }
      open++;
    }
  }

  private boolean isClosedLoop(Conversation conversation) {
    return conversation.burns || plan.rate() == 0;
  }

  private int depth(Conversation conversation) {
    return conversation.burns ? 1 : plan.depth();
  }

  @Override
  public void run() {
    try (selector) {
      Clock.sleepUntil(clock.start());
      now = System.nanoTime();
      for (Conversation conversation : conversations) {
        if (isClosedLoop(conversation)) {
          for (int i = 0; i < depth(conversation); i++) {
            sendNext(conversation, i);
          }
          write(conversation, conversation.channel.keyFor(selector));
        }
      }
      while (open > 0 && now - clock.giveUp() < 0 && !(now - clock.until() >= 0 && allArrived())) {
        selector.select(this::ready, IDLE_MILLIS);
        now = System.nanoTime();
      }
      looked.await(); // a thread that has ended has no CPU time any more
    } catch (IOException e) {
      failures.add(getName() + " failed: " + e);
    } catch (InterruptedException e) {
      failures.add(getName() + " was interrupted");
    }
  }

  private void ready(SelectionKey key) {
    Conversation conversation = (Conversation) key.attachment();
    if (key.isReadable()) {
      now = System.nanoTime();
      if (!conversation.receive(buffer, this)) {
        failures.add(String.valueOf(conversation.failure()));
        drop(conversation, key);
        return;
      }
    }
    if (isClosedLoop(conversation)) {
      write(conversation, key);
    }
  }

  /** Called by {@link Conversation#receive}: time and sending, for one reply. */
  @Override
  public void arrived(Conversation conversation, long index) {
    if (!conversation.burns) {
      completed.lazySet(completed.get() + 1);
    }
    Tally tally = conversation.burns ? burns : work;
    if (isClosedLoop(conversation)) {
      long[] times = sentAt[conversation.number];
      tally.record(times[(int) (index % times.length)], now);
      if (now - clock.until() < 0) {
        sendNext(conversation, index);
      }
    } else {
      tally.record(schedule.due(conversation.number, index), now);
    }
  }

  private void sendNext(Conversation conversation, long index) {
    long[] times = sentAt[conversation.number];
    times[(int) (index % times.length)] = now;
    conversation.owe();
  }

  private void write(Conversation conversation, SelectionKey key) {
    try {
      boolean done = conversation.flush();
      int interest = done ? SelectionKey.OP_READ : SelectionKey.OP_READ | SelectionKey.OP_WRITE;
      if (key.interestOps() != interest) {
        key.interestOps(interest);
      }
    } catch (IOException e) {
      failures.add(conversation.writeFailure(e));
      drop(conversation, key);
    }
  }

  private void drop(Conversation conversation, SelectionKey key) {
    key.cancel();
    conversation.close();
    open--;
  }

  /** Only asked when nothing is sent any more; {@link Pacer} sends its last when that is due. */
  private boolean allArrived() {
    for (Conversation conversation : conversations) {
      long expected =
          isClosedLoop(conversation)
              ? conversation.sent()
              : schedule.dueBefore(conversation.number, clock.until());
      if (conversation.channel.isOpen() && conversation.arrived() < expected) {
        return false;
      }
    }
    return true;
  }

  /** What went wrong with connections. After this thread has ended. */
  List<String> failures() {
    return failures;
  }

  /** Time to end after {@link Clock#giveUp}. */
  void joinInTime() throws InterruptedException {
    long left = clock.giveUp() - System.nanoTime();
    join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)) + TimeUnit.SECONDS.toMillis(5));
  }
}
