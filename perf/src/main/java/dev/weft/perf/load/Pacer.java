package dev.weft.perf.load;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * The thread that sends in the open loop, each message when it is due and not when an answer allows
 * it. A thread of its own because a selector counts in milliseconds, and parking in nanoseconds
 * (the kernel adds some 50 us).
 */
final class Pacer extends Thread {
  /** How often a socket that is full is tried again. */
  private static final long RETRY_NANOS = 200_000;

  private final Clock clock;
  private final Schedule schedule;
  private final CountDownLatch looked;
  private final List<Conversation> conversations;
  private final boolean[] broken;
  private final ArrayDeque<Conversation> full = new ArrayDeque<>();
  private final List<String> failures = new ArrayList<>();

  /** How late messages were handed to the socket by this thread's own fault, in nanoseconds. */
  final Histogram lateness = new Histogram(1, 3_600_000_000_000L, 3);

  /** The conversations are those that do not burn, in the order of their numbers from 0 on. */
  Pacer(Clock clock, Schedule schedule, CountDownLatch looked, List<Conversation> conversations) {
    super("load-pacer");
    setDaemon(true);
    this.clock = clock;
    this.schedule = schedule;
    this.looked = looked;
    this.conversations = conversations;
    this.broken = new boolean[conversations.size()];
  }

  @Override
  public void run() {
    long due;
    for (long turn = 0; (due = schedule.due(turn)) - clock.until() < 0; turn++) {
      long now = waitUntil(due);
      Conversation conversation = conversations.get((int) (turn % conversations.size()));
      if (clock.measures(due)) {
        lateness.recordValue(Math.max(0, now - due));
      }
      conversation.owe();
      flush(conversation);
    }
    while (!full.isEmpty() && System.nanoTime() - clock.giveUp() < 0) {
      LockSupport.parkNanos(RETRY_NANOS);
      retry();
    }
    try {
      looked.await(); // a thread that has ended has no CPU time any more
    } catch (InterruptedException e) {
      failures.add(getName() + " was interrupted");
    }
  }

  private long waitUntil(long due) {
    long now;
    while (due - (now = System.nanoTime()) > 0) {
      LockSupport.parkNanos(full.isEmpty() ? due - now : Math.min(due - now, RETRY_NANOS));
      retry();
    }
    return now;
  }

  private void retry() {
    for (int i = full.size(); i > 0; i--) {
      flush(full.remove());
    }
  }

  private void flush(Conversation conversation) {
    if (broken[conversation.number] || full.contains(conversation)) {
      return;
    }
    try {
      if (!conversation.flush()) {
        full.add(conversation);
      }
    } catch (IOException e) {
      broken[conversation.number] = true;
      if (conversation.channel.isOpen()) { // else the reader has dropped it, and said why
        failures.add(conversation.writeFailure(e));
      }
    }
  }

  /** What went wrong with connections. After this thread has ended. */
  List<String> failures() {
    return failures;
  }
}
