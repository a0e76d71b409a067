package dev.weft.stream;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import java.util.concurrent.atomic.AtomicInteger;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/** {@link FetcherRaces} without what it rests on. Must fail. */
public class FetcherWeakened {
  private FetcherWeakened() {}

  /**
   * Who asks again does not look whether what it has abandoned is on its way: the element after it
   * comes first.
   */
  @JCStressTest
  @Outcome(
      id = {"1, 2", "0, 1"},
      expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "2, 1: the second element came before the first")
  @State
  public static class NotRescued {
    private static final int WAITING = 0;
    private static final int GRANTED = 1;
    private static final int DELIVERED = 2;
    private static final int ABANDONED = 3;
    private static final int WITHDRAWN = 4;

    private final AtomicInteger stage = new AtomicInteger(WAITING);
    private volatile boolean busy = true;
    private volatile int head;
    private int last;
    private int again;

    private int poll() {
      int given = head;
      head = 0;
      return given != 0 ? given : ++last;
    }

    @Actor
    public void maker() {
      int element = poll();
      boolean claimed = stage.compareAndSet(WAITING, GRANTED);
      if (!claimed) {
        head = element;
      }
      busy = false;
      if (claimed && !stage.compareAndSet(GRANTED, DELIVERED)) {
        head = element;
      }
    }

    @Actor
    public void consumer() {
      boolean gone =
          stage.compareAndSet(WAITING, WITHDRAWN) || stage.compareAndSet(GRANTED, ABANDONED);
      if (gone && !busy) {
        again = poll();
      }
    }

    @Arbiter
    public void look(II_Result r) {
      r.r1 = stage.get() == DELIVERED ? 1 : again;
      r.r2 = poll();
    }
  }
}
