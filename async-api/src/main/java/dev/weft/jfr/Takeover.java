package dev.weft.jfr;

import jdk.jfr.Category;
import jdk.jfr.Description;
import jdk.jfr.Event;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/**
 * A worker has taken an I/O loop from one whose task does not end, or has polled it once in its
 * place. On the thread of who has taken it.
 */
@Name("dev.weft.Takeover")
@Label("I/O Loop Takeover")
@Description("A worker has taken an I/O loop from one that was late with its poll")
@Category("Weft")
@StackTrace(false)
public final class Takeover extends Event {
  private static final Takeover WANTED = new Takeover();

  @Label("From Worker")
  @Description(
      "The number of the worker that had the loop, of the same executor; -1 if none had it")
  int from;

  @Label("Borrowed")
  @Description("True if it was for one poll only")
  boolean borrowed;

  private Takeover() {}

  /** See the fields. */
  public static void emit(int from, boolean borrowed) {
    if (WANTED.isEnabled()) {
      Takeover event = new Takeover();
      event.from = from;
      event.borrowed = borrowed;
      event.commit();
    }
  }
}
