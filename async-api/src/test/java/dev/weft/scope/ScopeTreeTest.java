package dev.weft.scope;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.AsyncExecutor;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.frame.Await;
import dev.weft.frame.HandWritten;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Random trees of scopes, with random failures and a cancellation from outside, in virtual time;
 * beside a model that knows nothing of tasks and works out from the times alone how each node ends,
 * and when. {@code -Dweft.seeds=10000} for as many trees.
 */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class ScopeTreeTest {
  private static final long NEVER = Long.MAX_VALUE;
  private static final String CANCELLED = "cancelled";

  private enum Kind {
    LEAF,
    FAIL_FAST,
    SUPERVISOR,
    JOIN_ALL,
    FIRST,
    FIRST_TWO,
    /** Left without a join, after a time. */
    LEFT
  }

  /**
   * A part of the program.
   *
   * @param time what a leaf takes, or after which a scope is left
   * @param cleanUp what a leaf takes to clean up
   */
  private record Node(
      String name, Kind kind, long time, long cleanUp, boolean fails, List<Node> children) {}

  private record End(long at, String outcome) {
    boolean succeeded() {
      return !outcome.equals(CANCELLED) && !outcome.startsWith("!");
    }
  }

  private static Node tree(SplittableRandom random, int depth, String name) {
    long time = 1 + random.nextInt(1_000_000);
    long cleanUp = random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(300_000);
    if (depth == 0 || (depth < 3 && random.nextInt(3) == 0)) {
      return new Node(name, Kind.LEAF, time, cleanUp, random.nextInt(3) == 0, List.of());
    }
    List<Node> children = new ArrayList<>();
    int count = 2 + random.nextInt(4);
    for (int i = 0; i < count; i++) {
      children.add(tree(random, depth - 1, name + "." + i));
    }
    Kind kind = Kind.values()[1 + random.nextInt(Kind.values().length - 1)];
    return new Node(name, kind, time, cleanUp, false, children);
  }

  // ---- the model

  private static End model(Node node, long start, long cancelAt, Map<Node, End> ends) {
    End end = node.kind == Kind.LEAF ? leaf(node, start, cancelAt) : null;
    if (end == null) {
      end = scope(node, start, cancelAt, ends);
    }
    ends.put(node, end);
    return end;
  }

  private static End leaf(Node node, long start, long cancelAt) {
    long body = start + node.time;
    if (cancelAt < body) {
      return new End(cancelAt + node.cleanUp, CANCELLED);
    }
    if (cancelAt < body + node.cleanUp) {
      return new End(cancelAt, CANCELLED); // that of the clean-up was its first await to hear of it
    }
    return new End(body + node.cleanUp, (node.fails ? "!" : "") + node.name);
  }

  private static End scope(Node node, long start, long cancelAt, Map<Node, End> ends) {
    List<End> natural = new ArrayList<>();
    for (Node child : node.children) {
      natural.add(model(child, start, NEVER, ends));
    }
    long decision = decision(node, start, natural);
    long stop = Math.min(decision, cancelAt);
    long last = stop == NEVER || (node.kind != Kind.LEFT && decision != stop) ? start : stop;
    for (int i = 0; i < natural.size(); i++) {
      End end = natural.get(i);
      if (end.at > stop) {
        end = model(node.children.get(i), start, stop, ends);
      }
      last = Math.max(last, end.at);
    }
    return new End(last, outcome(node, natural, decision, cancelAt, last));
  }

  /** When the scope has what it is for. */
  private static long decision(Node node, long start, List<End> natural) {
    return switch (node.kind) {
      case LEFT -> start + node.time;
      case FAIL_FAST -> nth(natural, false, 1);
      case FIRST -> nth(natural, true, 1);
      case FIRST_TWO -> nth(natural, true, 2);
      default -> NEVER;
    };
  }

  private static long nth(List<End> ends, boolean successes, int n) {
    return ends.stream()
        .filter(end -> end.succeeded() == successes)
        .mapToLong(End::at)
        .sorted()
        .skip(n - 1)
        .findFirst()
        .orElse(NEVER);
  }

  private static String outcome(
      Node node, List<End> natural, long decision, long cancelAt, long last) {
    boolean decided = decision < cancelAt;
    if (node.kind == Kind.LEFT) {
      return decided ? node.name : CANCELLED;
    }
    boolean cut = natural.stream().anyMatch(end -> end.at > cancelAt);
    if (decided ? cancelAt < last && node.kind == Kind.FAIL_FAST : cut) {
      return CANCELLED;
    }
    boolean missed = decision == NEVER && (node.kind == Kind.FIRST || node.kind == Kind.FIRST_TWO);
    if (missed || (decided && node.kind == Kind.FAIL_FAST)) {
      long first = nth(natural, false, 1);
      String why =
          natural.stream().filter(end -> end.at == first).findFirst().orElseThrow().outcome;
      return missed && first == NEVER ? "!missing" : why;
    }
    return node.name;
  }

  // ---- the program

  private final Map<Node, String> outcomes = new IdentityHashMap<>();
  private int running;

  private CompletionStage<String> run(Node node) {
    if (node.kind == Kind.LEAF) {
      Work work = new Work();
      running++;
      CompletionStage<String> call =
          work.call(
              node.name,
              node.fails ? new IllegalStateException("!" + node.name) : null,
              node.time,
              node.cleanUp);
      return noted(node, call);
    }
    running++;
    return noted(node, new Body(node).start());
  }

  /** Awaits a call, and writes down how it has ended. */
  private CompletionStage<String> noted(Node node, CompletionStage<String> call) {
    HandWritten<String> frame =
        new HandWritten<>(
            AsyncExecutor.currentOrShared(),
            (self, state, awaited) -> {
              if (state == 0) {
                return self.await(Await.future(call), 1);
              }
              running--;
              try {
                String value = (String) Await.take(awaited);
                outcomes.put(node, value);
                return Async.done(value);
              } catch (Throwable error) {
                outcomes.put(
                    node,
                    error instanceof CancellationException
                        ? CANCELLED
                        : error instanceof IllegalStateException ? error.getMessage() : "!missing");
                throw error;
              }
            });
    frame.run();
    return frame;
  }

  /** {@code try (scope) { fork; await(join) }}. */
  private final class Body implements HandWritten.Body<String> {
    private final Node node;
    private final TaskScope<String, ?> scope;
    private final List<Task<String>> forked = new ArrayList<>();
    private @Nullable Throwable error;

    Body(Node node) {
      this.node = node;
      scope =
          switch (node.kind) {
            case SUPERVISOR, LEFT -> narrow(TaskScope.supervisor());
            case JOIN_ALL -> TaskScope.joinAll();
            case FIRST -> TaskScope.firstSuccess();
            case FIRST_TWO -> TaskScope.firstSuccesses(2);
            default -> narrow(TaskScope.failFast());
          };
    }

    @SuppressWarnings("unchecked")
    private static TaskScope<String, ?> narrow(TaskScope<?, ?> any) {
      return (TaskScope<String, ?>) any;
    }

    CompletionStage<String> start() {
      HandWritten<String> frame = new HandWritten<>(AsyncExecutor.currentOrShared(), this);
      frame.run();
      return frame;
    }

    @Override
    public Object resume(
        HandWritten<String> self, int state, @Nullable CompletableFuture<?> awaited)
        throws Throwable {
      if (state == 0) {
        for (Node child : node.children) {
          forked.add(scope.fork(() -> run(child)));
        }
        return self.await(
            node.kind == Kind.LEFT ? Async.sleep(Duration.ofMillis(node.time)) : scope.join(), 1);
      }
      try {
        Await.take(awaited);
      } catch (Throwable thrown) {
        error = thrown;
      }
      if (state == 1) {
        if (node.kind != Kind.LEFT) {
          assertThat(forked).as("when join has returned").allMatch(Task::isFinished);
          assertThat(scope.size()).isZero();
        }
        return self.await(scope.closeAsync(), 2);
      }
      assertThat(forked).as("when it is closed").allMatch(Task::isFinished);
      forked.forEach(task -> task.exceptionally(failure -> "heard"));
      if (error != null) {
        throw error;
      }
      return Async.done(node.name);
    }
  }

  // ---- both

  private void compare(long seed) throws Exception {
    SplittableRandom random = new SplittableRandom(seed);
    Node root = tree(random, 3, "0");
    Map<Node, End> ends = new IdentityHashMap<>();
    End end = model(root, 0, NEVER, ends);
    long cancelAt = random.nextBoolean() ? 1 + random.nextLong(end.at) : NEVER;
    if (cancelAt != NEVER) {
      ends.clear();
      end = model(root, 0, cancelAt, ends);
    }
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder().deterministic(seed).build()) {
      long millis =
          executor.blockOn(
              () -> {
                long start = executor.nanoTime();
                Task<String> task = executor.spawn("root", () -> run(root));
                if (cancelAt != NEVER) {
                  executor.sleep(Duration.ofMillis(cancelAt)).thenRun(() -> task.cancel(true));
                }
                return Work.<Long>inTurn(
                    task::finished, () -> Async.done((executor.nanoTime() - start) / 1_000_000));
              });
      assertThat(running).as("bodies that run").isZero();
      Map<Node, String> expected = new IdentityHashMap<>();
      ends.forEach((node, it) -> expected.put(node, it.outcome));
      ends.forEach(
          (node, it) ->
              assertThat(outcomes.get(node))
                  .as("how %s has ended, at %s; cancelled at %s of %s", node, it.at, cancelAt, root)
                  .isEqualTo(it.outcome));
      assertThat(millis).as("when all has ended").isEqualTo(end.at);
      while (executor.metrics().aliveTasks() > 0) { // that of blockOn ends after it has answered
        Thread.onSpinWait();
      }
    }
  }

  @Test
  void endAsTheModelSays() {
    int seeds = Integer.getInteger("weft.seeds", 100);
    for (int seed = 0; seed < seeds; seed++) {
      try {
        outcomes.clear();
        running = 0;
        compare(seed);
      } catch (Throwable failed) {
        throw new AssertionError("seed " + seed + ": " + failed.getMessage(), failed);
      }
    }
  }
}
