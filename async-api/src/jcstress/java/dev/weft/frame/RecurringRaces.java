package dev.weft.frame;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.weft.handoff.Message;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * A value that recurs is handed over while its await is given up, or somebody else asks for it. It
 * goes one way. {@link RecurringWeakened} sends it two ways.
 */
public class RecurringRaces {
  private RecurringRaces() {}

  /** A method that waits for a message. */
  abstract static class Setting {
    final Message message = new Message();
    final Call call = new Call(new CountingExecutor());

    Setting() {
      call.parkOn(message);
    }
  }

  /** The method is halted while the message comes. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "how often it was given back, or not handed over at all")
  @State
  public static class GrantAndAbandon extends Setting {
    private boolean handed;

    @Actor
    public void sender() {
      handed = message.hand(1);
    }

    @Actor
    public void halted() {
      Message.abandoned(message);
    }

    @Arbiter
    public void count(I_Result r) {
      r.r1 = handed ? message.returned() : 1;
    }
  }

  /** The method is cancelled while the message comes: it gets it, or it was never handed over. */
  @JCStressTest
  @Outcome(
      id = {"1, 1", "0, 1"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "handed over and there, or neither; wake-ups")
  @State
  public static class GrantAndCancel extends Setting {
    private boolean handed;

    @Actor
    public void sender() {
      handed = message.hand(1);
    }

    @Actor
    public void canceller() {
      call.cancel(true);
    }

    @Arbiter
    public void look(II_Result r) {
      boolean there = !message.isCompletedExceptionally() && message.isFinished();
      r.r1 = handed == there ? (handed ? 1 : 0) : -1;
      r.r2 = call.wakeUps.get();
    }
  }

  /** Something is derived from it while the message comes: it has the message as well. */
  @JCStressTest
  @Outcome(id = "1, 1", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "what the stage has, and the await")
  @State
  public static class GrantAndDerive extends Setting {
    private CompletableFuture<Integer> derived;

    @Actor
    public void sender() {
      message.hand(1);
    }

    @Actor
    public void thread() {
      derived = message.thenApply(value -> value);
    }

    @Arbiter
    public void look(II_Result r) {
      r.r1 = derived.getNow(-1);
      r.r2 = message.join();
    }
  }

  /** The await takes it while somebody abandons it: the one or the other has it. */
  @JCStressTest
  @Outcome(
      id = {"1, 0", "-1, 1"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "what the await got, how often it was given back")
  @State
  public static class TakeAndAbandon extends Setting {
    public TakeAndAbandon() {
      message.hand(1);
    }

    @Actor
    public void worker(II_Result r) {
      r.r1 = message.take();
    }

    @Actor
    public void halted() {
      Message.abandoned(message);
    }

    @Arbiter
    public void count(II_Result r) {
      r.r2 = message.returned();
    }
  }

  /** It is taken, renewed and handed over again, while somebody abandons it: none is lost. */
  @JCStressTest
  @Outcome(id = "2", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "the messages that somebody has")
  @State
  public static class TakeAgainAndAbandon extends Setting {
    private int taken;
    private int sent = 1;

    public TakeAgainAndAbandon() {
      message.hand(1);
    }

    @Actor
    public void worker() {
      if (message.take() == 1) {
        taken = 1;
        if (message.renew()) {
          Call again = new Call(new CountingExecutor());
          again.parkOn(message);
          if (message.hand(10)) {
            sent += 10;
            taken += message.take() == 10 ? 10 : 0;
          }
        }
      }
    }

    @Actor
    public void halted() {
      Message.abandoned(message);
    }

    @Arbiter
    public void count(I_Result r) {
      r.r1 = taken + message.sum() == sent ? 2 : taken + 100 * message.sum();
    }
  }
}
