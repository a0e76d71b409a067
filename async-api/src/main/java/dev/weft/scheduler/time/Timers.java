package dev.weft.scheduler.time;

import dev.weft.jfr.FlightSwitch;
import dev.weft.jfr.TimerLag;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The executor's timers: a {@link TimerWheel} for each worker, and the question of who gets up when
 * the next one is due. There is no thread for it; workers fire what is due, anyone's, between tasks
 * and when they wake.
 *
 * <h2>Who gets up</h2>
 *
 * One sleeping worker suffices. {@code armed} is the earliest time for which one has set its alarm.
 * A worker that goes to sleep and finds a timer due before that sets its own alarm; the others
 * sleep a little longer than the timer ({@link #GRACE}), and so serve only if the first was delayed
 * by a long task.
 *
 * <pre>
 *   going to sleep:        armed = next;  read next again;  block until armed
 *   entering from outside: enter into a wheel (writes next);  read armed;  later? wake a sleeper
 * </pre>
 *
 * All volatile, so either the sleeper sees the new timer or the other sees that the alarm is too
 * late. A worker that enters a timer wakes nobody: it looks at the timers itself before it sleeps,
 * and between tasks. So a timer waits for a long task of the worker that has entered it, unless
 * another worker is awake or wakes meanwhile. {@code armed} may be left at {@code NEVER} while
 * someone does have an alarm set, after two had: the price is one needless wake-up.
 */
public final class Timers {
  private static final VarHandle ARMED;

  /** The alarm of who has none to set. */
  public static final long NEVER = TimerWheel.NEVER;

  private static final long MILLI = 1_000_000;

  /**
   * By how many milliseconds a sleeper that does not have the alarm oversleeps the timer. Guessed:
   * bearable for a timer that hangs behind a long task, and with a timer due every 10 ms twenty
   * needless wake-ups a second of each sleeper (with 5 ms here there were a hundred).
   */
  private static final long GRACE = 50;

  static {
    try {
      ARMED = MethodHandles.lookup().findVarHandle(Timers.class, "armed", long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final long origin;
  private final TimerWheel[] wheels;

  @SuppressWarnings("unused") // through ARMED
  private volatile long armed = NEVER;

  /**
   * The latest origin for a clock that does not go on after {@code Long.MAX_VALUE}: from here on
   * the wheels come to their end as the clock does, and a later sleep is over at once.
   */
  public static final long LAST_ORIGIN = Long.MAX_VALUE - (TimerWheel.END + 1) * MILLI;

  /**
   * For some workers.
   *
   * @param origin the {@code System.nanoTime()} from which the wheels count
   * @param clock gives the time that it is now
   */
  public Timers(int workers, long origin, LongSupplier clock) {
    this.origin = origin;
    wheels = new TimerWheel[workers];
    for (int i = 0; i < workers; i++) {
      wheels[i] = new TimerWheel(() -> clock.getAsLong() - origin);
    }
  }

  /**
   * Starts a sleep.
   *
   * @param worker whose wheel to use
   * @return null if the timers were closed
   */
  public @Nullable Sleep start(Duration duration, int worker, long now) {
    TimerWheel wheel = wheels[worker];
    Sleep sleep = new Sleep(wheel, dueAt(duration, now));
    return wheel.add(sleep) ? sleep : null;
  }

  /** The first millisecond that begins when the duration is over, or later. */
  private long dueAt(Duration duration, long now) {
    if (duration.getSeconds() >= TimerWheel.END / 1000) {
      return TimerWheel.END;
    }
    // Rounded up after the addition: a sleep that ended early would be a bug, a late one is usual.
    long sinceOrigin = now - origin;
    long millis = duration.getSeconds() * 1000 + sinceOrigin / MILLI;
    long nanos = duration.getNano() + sinceOrigin % MILLI;
    return Math.min(TimerWheel.END, millis + (nanos + MILLI - 1) / MILLI);
  }

  /** True if a timer was entered that is due before every sleeping worker's alarm. */
  public boolean isDueBeforeAlarm(Sleep sleep) {
    return sleep.when < armed;
  }

  /** True if {@link #fire} would find something. */
  public boolean isDue(long now) {
    return next() <= tick(now);
  }

  /** Completes the sleeps that are due. On a worker's thread. */
  public int fire(long now) {
    long tick = tick(now);
    int fired = 0;
    long earliest = NEVER;
    for (TimerWheel wheel : wheels) {
      if (wheel.next() <= tick) {
        Sleep due = wheel.advance(tick);
        if (due != null) {
          earliest = Math.min(earliest, due.when);
        }
        for (Sleep sleep = due; sleep != null; fired++) {
          Sleep after = sleep.following;
          sleep.following = null;
          sleep.complete(null);
          sleep = after;
        }
      }
    }
    if (fired > 0 && FlightSwitch.isOn()) {
      TimerLag.emit(now - origin - earliest * MILLI, fired);
    }
    return fired;
  }

  /**
   * Sets the alarm of a worker that goes to sleep, and has announced it.
   *
   * @return until when it is to sleep, in the wheels' milliseconds; to be given back to {@link
   *     #disarm}
   */
  public long arm() {
    long mine = NEVER;
    while (true) {
      long next = next();
      long earliest = armed;
      if (mine != NEVER && next >= mine) {
        return mine;
      }
      if (next == NEVER) {
        return NEVER;
      }
      if (next >= earliest) {
        return next + GRACE;
      }
      if (ARMED.compareAndSet(this, earliest, next)) {
        mine = next; // and once more round, for a timer that was entered before it could see this
      }
    }
  }

  /** To be called by a worker that has slept. */
  public void disarm(long alarm) {
    if (alarm != NEVER) {
      ARMED.compareAndSet(this, alarm, NEVER);
    }
  }

  /**
   * When the next timer is due or a wheel wants to be advanced; {@code Long.MAX_VALUE} if never.
   */
  public long nextNanos() {
    long next = next();
    return next == NEVER ? Long.MAX_VALUE : origin + next * MILLI;
  }

  /**
   * How long it is until an alarm; zero or less if it is past; {@code Long.MAX_VALUE} for never.
   */
  public long nanosUntil(long alarm, long now) {
    return alarm == NEVER ? Long.MAX_VALUE : alarm * MILLI - (now - origin);
  }

  /** Cancels every sleep and accepts no more. */
  public void close() {
    for (TimerWheel wheel : wheels) {
      for (Sleep sleep = wheel.close(); sleep != null; ) {
        Sleep after = sleep.following;
        sleep.following = null;
        sleep.cancel(false);
        sleep = after;
      }
    }
  }

  /** How many sleeps are under way. */
  public int size() {
    int size = 0;
    for (TimerWheel wheel : wheels) {
      size += wheel.size();
    }
    return size;
  }

  private long next() {
    long next = NEVER;
    for (TimerWheel wheel : wheels) {
      next = Math.min(next, wheel.next());
    }
    return next;
  }

  /** The last millisecond that has begun, of those that the wheels know. */
  private long tick(long now) {
    return Math.min(TimerWheel.END, (now - origin) / MILLI);
  }
}
