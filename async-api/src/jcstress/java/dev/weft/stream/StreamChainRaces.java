package dev.weft.stream;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.weft.Async;
import dev.weft.Task;
import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * A {@link Chain} is closed while its consumer asks for an element, or another closes it: its
 * source is closed once, and never beside the making of an element. {@link StreamChainWeakened}
 * closes it beside that.
 */
public class StreamChainRaces {
  private StreamChainRaces() {}

  /** Always has an element. */
  static final class Source extends Intake {
    final AtomicInteger closes = new AtomicInteger();
    volatile boolean polled;
    volatile boolean beside;

    @Override
    Object poll() {
      polled = true;
      polled = false;
      return 1;
    }

    @Override
    Task<Void> close() {
      closes.incrementAndGet();
      beside |= polled;
      return Async.done();
    }
  }

  /** An element is asked for. */
  @JCStressTest
  @Outcome(id = "1, 1", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "how often it was closed, 10 if beside; 1 if that has ended")
  @State
  public static class NextAndClose {
    private final Source source = new Source();
    private final Chain chain = new Chain(source);
    private Task<?> closing;

    @Actor
    public void consumer() {
      chain.next();
    }

    @Actor
    public void closer() {
      closing = chain.closeAsync();
    }

    @Arbiter
    public void look(II_Result r) {
      r.r1 = source.closes.get() + (source.beside ? 10 : 0);
      r.r2 = closing.isFinished() ? 1 : 0;
    }
  }

  /** Two close it while an element is asked for. */
  @JCStressTest
  @Outcome(id = "1, 2", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "how often it was closed, 10 if beside; whose closing ended")
  @State
  public static class NextCloseAndClose {
    private final Source source = new Source();
    private final Chain chain = new Chain(source);
    private Task<?> closing;
    private Task<?> otherClosing;

    @Actor
    public void consumer() {
      chain.next();
    }

    @Actor
    public void closer() {
      closing = chain.closeAsync();
    }

    @Actor
    public void otherCloser() {
      otherClosing = chain.closeAsync();
    }

    @Arbiter
    public void look(II_Result r) {
      r.r1 = source.closes.get() + (source.beside ? 10 : 0);
      r.r2 = (closing.isFinished() ? 1 : 0) + (otherClosing.isFinished() ? 1 : 0);
    }
  }
}
