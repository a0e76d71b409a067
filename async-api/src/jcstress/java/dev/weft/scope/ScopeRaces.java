package dev.weft.scope;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;

import dev.weft.Task;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.II_Result;

/**
 * {@link Children}: who forks and who closes meet without the lock, who ends and who closes under
 * it. {@link ScopeWeakened} has the same without that.
 */
public class ScopeRaces {
  private ScopeRaces() {}

  /** Those of a scope, of which each is a task that somebody completes, or nobody. */
  private static final class Family extends Children {
    @Override
    @Nullable Throwable refusal() {
      return isClosed() ? new IllegalStateException("closed") : null;
    }

    @Override
    boolean onEnd(Task<?> ended) {
      return true;
    }

    @Override
    boolean isUnsettled() {
      return false;
    }

    @Override
    void settle() {}

    @Override
    <U extends @Nullable Object> Task<U> spawn(
        @Nullable String name, Callable<? extends CompletionStage<U>> body) {
      return new Task<>();
    }

    Task<Integer> fork() {
      return fork(null, Task::new);
    }
  }

  private static int ended(@Nullable Task<?> task) {
    return task != null && task.isDone() ? 1 : 0;
  }

  /** One is forked while the scope is closed: it is refused, or told, and the closing ends. */
  @JCStressTest
  @Outcome(id = "1, 1", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "0: a child that nobody tells; a closing that never ends")
  @State
  public static class ForkAndClose {
    private final Family family = new Family();
    private Task<?> child;
    private Task<?> closing;

    @Actor
    public void parent() {
      child = family.fork();
    }

    @Actor
    public void closer() {
      closing = family.close();
    }

    @Arbiter
    public void look(II_Result r) {
      r.r1 = ended(child);
      r.r2 = ended(closing);
    }
  }

  /** The last one ends while the scope is closed. */
  @JCStressTest
  @Outcome(id = "1, 0", expect = ACCEPTABLE)
  @Outcome(expect = FORBIDDEN, desc = "0: a closing that never ends; how many seem to run")
  @State
  public static class EndAndClose {
    private final Family family = new Family();
    private final Task<Integer> child = family.fork();
    private Task<?> closing;

    @Actor
    public void child() {
      child.complete(1);
    }

    @Actor
    public void closer() {
      closing = family.close();
    }

    @Arbiter
    public void look(II_Result r) {
      r.r1 = ended(closing);
      synchronized (family) {
        r.r2 = family.running();
      }
    }
  }
}
