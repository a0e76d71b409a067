package dev.weft.weaver.lifetimes;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** What happens to a program from outside, and when: after so many of its awaits. */
final class Trouble {
  enum Action {
    CANCEL,
    CANCEL_ROOT,
    COMPLETE,
    END
  }

  /**
   * One event.
   *
   * @param at before which await
   * @param aside on another thread, or in another task where there is one thread
   * @param pick which of the calls
   */
  record Event(int at, Action action, boolean aside, int pick) {}

  /** Who does something later: other threads, or other tasks. */
  interface Later {
    void run(Runnable action, int delay);
  }

  private static final ScheduledExecutorService OTHERS =
      new ScheduledThreadPoolExecutor(
          2,
          action -> {
            Thread thread = new Thread(action, "other");
            thread.setDaemon(true);
            return thread;
          });

  private final List<Event> events;
  private final Later later;
  private final Runnable end;
  private final AtomicInteger steps = new AtomicInteger();

  /**
   * @param later null for other threads
   * @param end ends the executor
   */
  Trouble(List<Event> events, @Nullable Later later, Runnable end) {
    this.events = events;
    this.later = later != null ? later : Trouble::onOtherThread;
    this.end = end;
  }

  private static void onOtherThread(Runnable action, int delay) {
    if (delay % 3 == 0) {
      OTHERS.schedule(action, delay % 700, TimeUnit.MICROSECONDS);
    } else {
      OTHERS.execute(action);
    }
  }

  static List<Event> plan(Random random, boolean ends) {
    List<Event> events = new ArrayList<>();
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      Action action = Action.values()[random.nextInt(Action.values().length - 1)];
      events.add(
          new Event(random.nextInt(60), action, random.nextBoolean(), random.nextInt(1 << 20)));
    }
    if (ends) {
      events.add(new Event(random.nextInt(40), Action.END, random.nextBoolean(), 0));
    }
    return events;
  }

  /** Before each await of the program. */
  void step(Ledger ledger) {
    int number = steps.getAndIncrement();
    for (Event event : events) {
      if (event.at() == number) {
        if (event.aside()) {
          later.run(() -> happen(event, ledger), event.pick());
        } else {
          happen(event, ledger);
        }
      }
    }
  }

  private void happen(Event event, Ledger ledger) {
    if (event.action() == Action.END) {
      ledger.note("the executor", "is to end");
      end.run();
      return;
    }
    List<Call> calls = ledger.calls();
    calls.removeIf(call -> call.tree().id() < 0 || call.hasEnded());
    if (calls.isEmpty()) {
      return;
    }
    switch (event.action()) {
      case CANCEL -> calls.get(event.pick() % calls.size()).cancel();
      case COMPLETE -> calls.get(event.pick() % calls.size()).complete();
      default -> calls.get(0).cancel();
    }
  }

  /** Has something happen soon. */
  void later(Runnable action, int delay) {
    later.run(action, delay);
  }
}
