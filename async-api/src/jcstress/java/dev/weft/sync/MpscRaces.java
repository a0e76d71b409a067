package dev.weft.sync;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.weft.Task;
import dev.weft.handoff.Lent;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;
import org.openjdk.jcstress.infra.results.I_Result;

/**
 * What is sent is received once, or is still there, or was refused; whatever is cancelled or closed
 * at that moment. {@link MpscWeakened} loses a wake-up.
 */
public class MpscRaces {
  private MpscRaces() {}

  /** The value of a task that has one; 0 if it was cancelled, or is not done. */
  private static int valueOf(Task<Integer> task) {
    boolean has = task.isDone() && !task.isCompletedExceptionally();
    Integer value = has ? task.join() : null;
    return value == null ? 0 : value;
  }

  private static int left(Mpsc<Integer> channel) {
    int sum = 0;
    for (Integer message; (message = channel.receiver().tryReceive()) != null; ) {
      sum += message;
    }
    return sum;
  }

  /** A receive begins while a message is sent: it gets it. */
  @JCStressTest
  @Outcome(id = "1, 0", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "what was received, what is left")
  @State
  public static class SendAndReceive {
    private final Mpsc<Integer> channel = Mpsc.bounded(1);
    private Task<Integer> receive;

    @Actor
    public void sender() {
      channel.sender().trySend(1);
    }

    @Actor
    public void receiver() {
      receive = channel.receiver().receive();
    }

    @Arbiter
    public void look(II_Result r) {
      r.r1 = valueOf(receive);
      r.r2 = left(channel);
    }
  }

  /** A receive that waits is cancelled while a message is sent. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "0: it is lost; 2: it is there twice")
  @State
  public static class SendAndCancelReceive {
    private final Mpsc<Integer> channel = Mpsc.bounded(1);
    private final Task<Integer> receive = channel.receiver().receive();

    @Actor
    public void sender() {
      channel.sender().trySend(1);
    }

    @Actor
    public void canceller() {
      receive.cancel(true);
    }

    @Arbiter
    public void look(I_Result r) {
      r.r1 = valueOf(receive) + left(channel);
    }
  }

  /**
   * A send that waits is cancelled while room is made: it has a value, or the message is not there.
   */
  @JCStressTest
  @Outcome(
      id = {"1, 10", "0, 0"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "whether it was sent, and what is left")
  @State
  public static class ReceiveAndCancelSend {
    private final Mpsc<Integer> channel = Mpsc.bounded(1);
    private final Task<Void> send;

    public ReceiveAndCancelSend() {
      channel.sender().trySend(1);
      send = channel.sender().send(10);
    }

    @Actor
    public void receiver() {
      channel.receiver().tryReceive();
    }

    @Actor
    public void canceller() {
      send.cancel(true);
    }

    @Arbiter
    public void look(II_Result r) {
      r.r1 = send.isDone() && !send.isCancelled() ? 1 : 0;
      r.r2 = left(channel);
    }
  }

  /** In a rendezvous, a send that waits is cancelled while it is received. */
  @JCStressTest
  @Outcome(
      id = {"1, 1", "0, 0"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "whether it was sent, and what was received")
  @State
  public static class MeetAndCancelSend {
    private final Mpsc<Integer> channel = Mpsc.rendezvous();
    private final Task<Void> send = channel.sender().send(1);
    private Integer received;

    @Actor
    public void receiver() {
      received = channel.receiver().tryReceive();
    }

    @Actor
    public void canceller() {
      send.cancel(true);
    }

    @Arbiter
    public void look(II_Result r) {
      r.r1 = send.isDone() && !send.isCancelled() ? 1 : 0;
      r.r2 = received == null ? 0 : received;
    }
  }

  /** The receiver is closed while a message is sent: it is there, or was refused. */
  @JCStressTest
  @Outcome(
      id = {"1, 1", "0, 0"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "whether it was accepted, and what is left")
  @State
  public static class SendAndClose {
    private final Mpsc<Integer> channel = Mpsc.bounded(1);
    private int accepted;

    @Actor
    public void sender() {
      try {
        accepted = channel.sender().trySend(1) ? 1 : 0;
      } catch (ChannelClosedException closed) {
        accepted = 0;
      }
    }

    @Actor
    public void receiver() {
      channel.receiver().close();
    }

    @Arbiter
    public void look(II_Result r) {
      r.r1 = accepted;
      r.r2 = left(channel);
    }
  }

  /** The last two senders are closed while somebody waits: the end comes. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "0: the receive waits for ever")
  @State
  public static class CloseAndClose {
    private final Mpsc<Integer> channel = Mpsc.bounded(1);
    private final MpscSender<Integer> copy = channel.sender().copy();
    private final Task<Integer> receive = channel.receiver().receive();

    @Actor
    public void sender() {
      channel.sender().close();
    }

    @Actor
    public void other() {
      copy.close();
    }

    @Arbiter
    public void look(I_Result r) {
      r.r1 = receive.isDone() ? 1 : 0;
    }
  }

  /** In a rendezvous, a receive that waits is cancelled while something is sent to it. */
  @JCStressTest
  @Outcome(
      id = {"1, 1", "0, 0"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "whether it was sent; what was received, or comes back")
  @State
  public static class MeetAndCancelReceive {
    private final Mpsc<Integer> channel = Mpsc.rendezvous();
    private final Task<Integer> receive = channel.receiver().receive();
    private int accepted;

    @Actor
    public void sender() {
      accepted = channel.sender().trySend(1) ? 1 : 0;
    }

    @Actor
    public void canceller() {
      receive.cancel(true);
    }

    @Arbiter
    public void look(II_Result r) {
      r.r1 = accepted;
      r.r2 = valueOf(receive) + left(channel);
    }
  }

  /** The method that waits for a permit is halted while there is room: it is room again. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "0: a permit is lost; 2: room is made twice")
  @State
  public static class ReceiveAndAbandonReserve {
    private final Mpsc<Integer> channel = Mpsc.bounded(1);
    private final Task<?> reserve;

    public ReceiveAndAbandonReserve() {
      channel.sender().trySend(1);
      reserve = channel.sender().reserve();
    }

    @Actor
    public void receiver() {
      channel.receiver().tryReceive();
    }

    @Actor
    public void halted() {
      Lent.abandoned(reserve);
    }

    @Arbiter
    public void look(I_Result r) {
      r.r1 = channel.sender().capacity();
    }
  }

  /** A permit is used by one and given back by another, while a third waits for room. */
  @JCStressTest
  @Outcome(
      id = {"1, 1", "0, 10"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "whether it was used; what comes first: 10 of who waited")
  @State
  public static class UseAndClosePermit {
    private final Mpsc<Integer> channel = Mpsc.bounded(1);
    private final MpscPermit<Integer> permit = channel.sender().tryReserve();
    private final Task<Void> send = channel.sender().send(10);
    private int used;

    @Actor
    public void user() {
      try {
        permit.send(1);
        used = 1;
      } catch (IllegalStateException closed) {
        used = 0;
      }
    }

    @Actor
    public void closer() {
      permit.close();
    }

    @Arbiter
    public void look(II_Result r) {
      Integer first = channel.receiver().tryReceive();
      r.r1 = used;
      r.r2 = first == null ? 0 : first;
    }
  }

  /** A receive is halted while a message is on its way to it: that comes back. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "0: it is lost; 2: it is there twice")
  @State
  public static class SendAndAbandonReceive {
    private final Mpsc<Integer> channel = Mpsc.bounded(1);
    private final Task<Integer> receive = channel.receiver().receive();

    @Actor
    public void sender() {
      channel.sender().trySend(1);
    }

    @Actor
    public void halted() {
      Lent.abandoned(receive);
    }

    @Arbiter
    public void look(I_Result r) {
      r.r1 = left(channel);
    }
  }
}
