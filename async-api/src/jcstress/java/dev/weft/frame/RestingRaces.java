package dev.weft.frame;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.weft.Async;
import dev.weft.Task;
import java.util.concurrent.CompletableFuture;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.L_Result;
import org.openjdk.jcstress.infra.results.Z_Result;

/**
 * The only call that awaits a shield is cancelled, while somebody else comes to ask for the shield:
 * it does not rest then. {@link RestingWeakened} does.
 */
public class RestingRaces {
  private RestingRaces() {}

  abstract static class Setting {
    final CountingExecutor counting = new CountingExecutor();
    final CompletableFuture<Integer> stage = new CompletableFuture<>();
    final Task<Integer> shield = Async.shield(stage);
    final Call awaiting = new Call(counting);

    Setting() {
      awaiting.parkOn(shield);
    }
  }

  /** Another call awaits it. */
  @JCStressTest
  @Outcome(id = "outcome", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "fate of the other call")
  @State
  public static class RestAndAwait extends Setting {
    private final Call other = new Call(counting);

    @Actor
    public void canceller() {
      awaiting.cancel(true);
    }

    @Actor
    public void other() {
      other.parkOn(shield);
    }

    @Arbiter
    public void fate(L_Result r) {
      stage.complete(1);
      r.r1 = other.fate();
    }
  }

  /** A stage is derived from it. */
  @JCStressTest
  @Outcome(id = "true", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "the stage is never complete")
  @State
  public static class RestAndDerive extends Setting {
    private CompletableFuture<Integer> derived = stage;

    @Actor
    public void canceller() {
      awaiting.cancel(true);
    }

    @Actor
    public void other() {
      derived = shield.thenApply(it -> it);
    }

    @Arbiter
    public void told(Z_Result r) {
      stage.complete(1);
      r.r1 = derived.isDone();
    }
  }

  /** It completes. */
  @JCStressTest
  @Outcome(id = "true", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "who looks later finds it incomplete")
  @State
  public static class RestAndComplete extends Setting {
    @Actor
    public void canceller() {
      awaiting.cancel(true);
    }

    @Actor
    public void completer() {
      stage.complete(1);
    }

    @Arbiter
    public void done(Z_Result r) {
      r.r1 = shield.isDone() && shield.isFinished();
    }
  }
}
