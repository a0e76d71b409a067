package dev.weft.frame;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** {@link ChainRaces} without what it rests on. All of them must fail. */
public class ChainWeakened {
  private ChainWeakened() {}

  /** A token in an inner call, to be handed up by who ends that, or taken back by who put it. */
  abstract static class Protocol {
    final AtomicInteger token = new AtomicInteger();
    final AtomicInteger outer = new AtomicInteger();

    void handUp() {
      if (token.compareAndSet(1, 0)) {
        outer.incrementAndGet();
      }
    }
  }

  /** The outcome was there before, so that the end is a plain store; and no fence after it. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "tokens at the outer call")
  @State
  public static class EndWithoutFence extends Protocol {
    private boolean ended;
    private int put;

    @Actor
    public void inner() {
      ended = true;
      if (put == 1) {
        handUp();
      }
    }

    @Actor
    public void canceller() {
      token.setPlain(1);
      put = 1;
      if (ended) {
        handUp();
      }
    }

    @Arbiter
    public void tokens(I_Result r) {
      r.r1 = outer.get();
    }
  }

  /** Who puts a token does not look whether the call has ended. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "tokens at the outer call")
  @State
  public static class PutWithoutLook extends Protocol {
    @Actor
    public void inner() {
      handUp();
    }

    @Actor
    public void canceller() {
      token.set(1);
    }

    @Arbiter
    public void tokens(I_Result r) {
      r.r1 = outer.get();
    }
  }

  /** Whoever decides the outcome wakes the awaiter, before the token is handed to it. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "tokens at the outer call")
  @State
  public static class WokenBeforeHandedUp extends Protocol {
    private volatile boolean ended;
    private final AtomicInteger waiter = new AtomicInteger(1);

    @Actor
    public void inner() {
      token.set(1);
      ended = true;
      if (waiter.get() == 1) {
        handUp();
      }
    }

    @Actor
    public void canceller() {
      if (ended) {
        waiter.set(0);
      }
    }

    @Arbiter
    public void tokens(I_Result r) {
      r.r1 = outer.get();
    }
  }

  /** Who enters a call does not look whether it has ended, so that it stays for ever. */
  @JCStressTest
  @Outcome(id = "0", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "calls left")
  @State
  public static class DetachWithoutLook {
    private final AtomicInteger entered = new AtomicInteger();

    @Actor
    public void caller() {
      entered.set(1);
    }

    @Actor
    public void inner() {
      entered.set(0);
    }

    @Arbiter
    public void left(I_Result r) {
      r.r1 = entered.get();
    }
  }
}
