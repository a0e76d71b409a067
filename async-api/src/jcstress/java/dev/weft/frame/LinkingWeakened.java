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
import org.openjdk.jcstress.infra.results.Z_Result;

/** {@link LinkingRaces} without what it rests on. All of them must fail. */
public class LinkingWeakened {
  private LinkingWeakened() {}

  /** Who puts a token into a frame does not look whether that is linked by then. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "tokens at the root")
  @State
  public static class PutWithoutLook {
    private final AtomicInteger token = new AtomicInteger();
    private final AtomicInteger root = new AtomicInteger();
    private volatile boolean linked;

    @Actor
    public void tail() {
      linked = true;
      root.addAndGet(token.getAndSet(0));
    }

    @Actor
    public void canceller() {
      if (linked) {
        root.incrementAndGet();
      } else {
        token.set(1);
      }
    }

    @Arbiter
    public void tokens(I_Result r) {
      r.r1 = root.get();
    }
  }

  /** Plain accesses: who observes and who links each store, and load what the other stores. */
  @JCStressTest
  @Outcome(id = "true", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "the observer would be garbage")
  @State
  public static class PlainObserver {
    private boolean observed;
    private boolean linked;
    private final AtomicInteger held = new AtomicInteger();

    @Actor
    public void tail() {
      linked = true;
      if (observed) {
        held.set(1);
      }
    }

    @Actor
    public void observer() {
      observed = true;
      if (linked) {
        held.set(1);
      }
    }

    @Arbiter
    public void kept(Z_Result r) {
      r.r1 = held.get() == 1;
    }
  }
}
