package dev.weft.stream;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.I_Result;

/** {@link StreamChainRaces} without what it rests on. Must fail. */
public class StreamChainWeakened {
  private StreamChainWeakened() {}

  /** Who enters looks whether it is closed, and then says that it is there. */
  @JCStressTest
  @Outcome(id = "1", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "10: the source was closed beside the making of an element")
  @State
  public static class EnteredWithoutCas {
    private final StreamChainRaces.Source source = new StreamChainRaces.Source();
    private volatile boolean busy;
    private volatile boolean closed;

    @Actor
    public void consumer() {
      if (!closed) {
        busy = true;
        source.poll();
        busy = false;
        if (closed && source.closes.get() == 0) {
          source.close();
        }
      }
    }

    @Actor
    public void closer() {
      closed = true;
      if (!busy) {
        source.close();
      }
    }

    @Arbiter
    public void look(I_Result r) {
      r.r1 = source.closes.get() == 1 && !source.beside ? 1 : 10;
    }
  }
}
