package dev.weft.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.SettingDefinition;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/**
 * Timers have fired late. On the thread that has fired them, once for all that it has fired at
 * once.
 */
@Name("dev.weft.TimerLag")
@Label("Timer Lag")
@Description("Timers have fired late, because no worker has looked at them in time")
@Category("Weft")
@StackTrace(false)
public final class TimerLag extends Event {
  private static final TimerLag WANTED = new TimerLag();

  @Label("Lag")
  @Description("How late the most late of them was")
  @Timespan(Timespan.NANOSECONDS)
  long lag;

  @Label("Timers")
  @Description("How many have fired at once, late or not")
  int timers;

  private TimerLag() {}

  /** As a duration from when the timer was due it would begin on no thread: so a setting. */
  @SettingDefinition
  @Name("lagThreshold")
  @Label("Lag Threshold")
  @Description("Smaller lags are not told of")
  boolean isLate(LagThreshold threshold) {
    return lag >= threshold.nanos();
  }

  /** See the fields. */
  public static void emit(long lagNanos, int timers) {
    if (WANTED.isEnabled()) {
      TimerLag event = new TimerLag();
      event.lag = lagNanos;
      event.timers = timers;
      if (event.shouldCommit()) {
        event.commit();
      }
    }
  }
}
