package dev.weft.stream;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.frame.AtOnce;
import dev.weft.frame.Frame;
import java.util.concurrent.TimeUnit;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * An element that a {@link Chain} waits for comes while its consumer gives it up, and asks again:
 * it is neither lost nor overtaken. {@link FetcherWeakened} has it overtaken.
 */
public class FetcherRaces {
  private FetcherRaces() {}

  /** Has 1, 2, .. as soon as something else is there. */
  static final class Source extends Intake {
    Task<Void> due = new Task<>();
    private int last;

    @Override
    Object poll() {
      return due.isFinished() ? (Object) (++last) : WAIT;
    }

    @Override
    Task<?> awaited() {
      return due;
    }

    @Override
    Task<Void> close() {
      return Async.done();
    }
  }

  /** A consumer that waits for the first element. */
  abstract static class Setting {
    final Source source = new Source();
    final Chain chain = new Chain(source);
    final Task<?> first = chain.next();
    final Frame<?> call = callBehind(first);

    Setting() {
      AtOnce.adopt(call);
    }

    private static Frame<?> callBehind(Task<?> task) {
      return ((Fetcher.Upcoming) task).maker();
    }
  }

  private abstract static class Abandoning extends Task<Void> {
    static void abandoned(Task<?> task) {
      abandon(task);
    }
  }

  /** What came; 0 for a failure. */
  static int value(Task<?> task) {
    return task.isCompletedExceptionally() ? 0 : (Integer) task.join();
  }

  /** The task is cancelled while its element comes. */
  @JCStressTest
  @Outcome(
      id = {"1, 2", "0, 1"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "the element that came, or 0; and the one after that")
  @State
  public static class ComesAndIsCancelled extends Setting {
    @Actor
    public void maker() {
      source.due.complete(null);
    }

    @Actor
    public void canceller() {
      first.cancel(true);
    }

    @Arbiter
    public void look(II_Result r) {
      r.r1 = value(first);
      r.r2 = value(chain.next());
    }
  }

  /** Who was to get it lets go of it while it comes, and asks again. */
  @JCStressTest
  @Outcome(
      id = {"1, 2", "0, 1"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "the element that was asked for again, or 0; the next one")
  @State
  public static class ComesAndIsAbandoned extends Setting {
    private Task<?> again;

    @Actor
    public void maker() {
      source.due.complete(null);
    }

    @Actor
    public void consumer() {
      Abandoning.abandoned(first);
      if (source.due.isFinished()) {
        again = chain.next(); // refused, if the call is at it
      }
    }

    @Arbiter
    public void look(II_Result r) {
      r.r1 = again == null ? 0 : value(again);
      r.r2 = value(chain.next());
    }
  }

  /** A canceller comes late, when the call rests and the consumer is about to ask again. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "1 if what was asked for has an end")
  @State
  public static class AsksAgainAndIsToldLate extends Setting {
    private Task<?> next;

    public AsksAgainAndIsToldLate() {
      source.due.complete(null);
      value(first);
      source.due = new Task<>();
    }

    @Actor
    public void consumer() {
      next = chain.next();
    }

    @Actor
    public void canceller() {
      call.request();
    }

    @Arbiter
    public void look(I_Result r) {
      source.due.complete(null);
      r.r1 = next.handle((element, told) -> 1).completeOnTimeout(0, 1, TimeUnit.MINUTES).join();
    }
  }
}
