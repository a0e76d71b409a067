package dev.weft.scheduler.watch;

import dev.weft.frame.CarrierThread;
import dev.weft.frame.Frame;
import dev.weft.frame.Whereabouts;
import dev.weft.log.LimitedLog;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Names the poll that made it necessary to take an I/O loop over. For who looks for it, at DEBUG:
 * it is so after a millisecond, and no fault. A line a second of each place, with the number of the
 * others. Polls that last for long name the takeover in their own report, see {@link PollWatch}.
 */
public final class TakeoverLog {
  private static final Logger logger = LoggerFactory.getLogger(TakeoverLog.class);
  private static final LimitedLog log = LimitedLog.of(logger);

  private TakeoverLog() {}

  /**
   * A loop was taken over; on the thread of who has taken it.
   *
   * @param executor the executor's name
   * @param late the thread that was late with it
   * @param from the number of the worker that this runs
   * @param by that of the other
   */
  public static void say(String executor, Thread late, int from, int by) {
    if (logger.isDebugEnabled()) {
      String place = place(late);
      log.log(
          Level.DEBUG,
          place,
          "{}: worker {} has taken over the I/O loop of worker {}, which is in {}",
          executor,
          by,
          from,
          place);
    }
  }

  private static String place(Thread late) {
    Frame<?> frame =
        late instanceof CarrierThread carrying ? carrying.carrier().polledFrame() : null;
    if (frame == null) {
      return "a handler, a timer's callback or a hook";
    }
    @Nullable StackTraceElement at = Whereabouts.element(frame);
    return at == null || at.getLineNumber() < 0
        ? Whereabouts.describeCall(frame)
        : "a poll that was resumed at the await at " + at;
  }
}
