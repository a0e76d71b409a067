package dev.weft.scope;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** {@link ScopeRaces} without what they rest on. Each must fail. */
public class ScopeWeakened {
  private ScopeWeakened() {}

  /** Who forks does not look whether the child was told before there was a task. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "0: a child that nobody tells")
  @State
  public static class ForkWithoutLook {
    private final Object lock = new Object();
    private boolean entered;
    private boolean closed;
    private volatile CompletableFuture<Integer> child;

    @Actor
    public void parent() {
      synchronized (lock) {
        if (closed) {
          return;
        }
        entered = true;
      }
      child = new CompletableFuture<>();
    }

    @Actor
    public void closer() {
      boolean tells;
      synchronized (lock) {
        closed = true;
        tells = entered;
      }
      CompletableFuture<Integer> there = child;
      if (tells && there != null) {
        there.cancel(false);
      }
    }

    @Arbiter
    public void look(I_Result r) {
      r.r1 = child == null || child.isDone() ? 1 : 0;
    }
  }

  /** Who closes counts those that run, and then comes to wait for them. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "0: a closing that never ends")
  @State
  public static class CloseInTwoSteps {
    private final CompletableFuture<Integer> closing = new CompletableFuture<>();
    private int running = 1;
    private boolean closed;

    @Actor
    public void child() {
      boolean over;
      synchronized (this) {
        running--;
        over = closed;
      }
      if (over) {
        closing.complete(1);
      }
    }

    @Actor
    public void closer() {
      boolean over;
      synchronized (this) {
        over = running == 0;
      }
      synchronized (this) {
        closed = true;
      }
      if (over) {
        closing.complete(1);
      }
    }

    @Arbiter
    public void look(I_Result r) {
      r.r1 = closing.isDone() ? 1 : 0;
    }
  }
}
