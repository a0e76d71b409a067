package dev.weft.stream;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** {@link OutletRaces} without what it rests on. Must fail. */
public class OutletWeakened {
  private OutletWeakened() {}

  /** Whether something is here and who waits for it, each by itself and not under one lock. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "0: it waits for ever, though something is here")
  @State
  public static class ChangeWithoutLock {
    private final AtomicInteger size = new AtomicInteger();
    private volatile Signal reader;
    private Signal change;

    @Actor
    public void writer() {
      size.incrementAndGet();
      Signal.giveIfAny(reader);
    }

    @Actor
    public void reader() {
      if (size.get() == 0) {
        change = new Signal();
        reader = change;
      }
    }

    @Arbiter
    public void look(I_Result r) {
      r.r1 = change == null || change.isDone() ? 1 : 0;
    }
  }
}
