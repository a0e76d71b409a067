package dev.weft.scope;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.frame.Await;
import dev.weft.frame.Awaits;
import dev.weft.frame.EveryAwait;
import dev.weft.frame.HandWritten;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Scopes, nested ones among them, of which one is cancelled at every await of its children and of
 * who joins it: the method that has it, a child, its join, it itself, by closing it, or what a
 * child waits for. The children have ended before join and close go on, each has cleaned up once,
 * and their values have reached somebody or were given back.
 */
@Timeout(3600)
class ScopeCancellationTest {
  /**
   * @param tasksKeep values stay with the tasks, where the policy has no use for them
   */
  private static void everyAwait(boolean tasksKeep, Supplier<TaskScope<?, ?>> made) {
    EveryAwait.of(
        12,
        (executor, random, awaits) ->
            new Scopes(made, tasksKeep, new Bodies(executor, random, awaits), random, awaits));
  }

  @Test
  void failFast() {
    everyAwait(true, TaskScope::failFast);
  }

  @Test
  void supervisor() {
    everyAwait(true, TaskScope::supervisor);
  }

  @Test
  void joinAll() {
    everyAwait(false, TaskScope::joinAll);
  }

  @Test
  void firstSuccess() {
    everyAwait(false, TaskScope::firstSuccess);
  }

  @Test
  void firstSuccesses() {
    everyAwait(false, () -> TaskScope.firstSuccesses(2));
  }

  @Test
  void withATimeLimit() {
    everyAwait(true, () -> TaskScope.failFast().within(Duration.ofMillis(7)));
    everyAwait(false, () -> TaskScope.firstSuccesses(2).within(Duration.ofMillis(7)));
  }

  private static final class Scopes implements EveryAwait.Program {
    private final Supplier<TaskScope<?, ?>> made;
    private final boolean tasksKeep;
    private final Bodies bodies;
    private final Random random;
    private final Awaits awaits;
    private final List<TaskScope<String, ?>> scopes = new ArrayList<>();
    private final List<Task<String>> children = new ArrayList<>();

    Scopes(
        Supplier<TaskScope<?, ?>> made,
        boolean tasksKeep,
        Bodies bodies,
        Random random,
        Awaits awaits) {
      this.made = made;
      this.tasksKeep = tasksKeep;
      this.bodies = bodies;
      this.random = random;
      this.awaits = awaits;
    }

    @Override
    public CompletionStage<?> body() {
      return bodies.started(new Scoped(1));
    }

    @Override
    public boolean cancel(Task<?> root, int who) {
      TaskScope<String, ?> scope = scopes.get(who / 6 % scopes.size());
      switch (who % 6) {
        case 0 -> root.cancel(true);
        case 1 -> children.get(who / 6 % children.size()).cancel(true);
        case 2 -> scope.cancel();
        case 3 -> scope.join().cancel(true);
        case 4 -> scope.closeAsync();
        default -> bodies.cancelSource();
      }
      return who % 6 == 0 || (scope == scopes.get(0) && who % 6 > 1 && who % 6 < 5);
    }

    @Override
    public void after() {
      assertThat(children).allMatch(Task::isFinished);
      assertThat(scopes).allMatch(it -> it.size() == 0);
      bodies.after();
    }

    /** {@code try (scope) { fork; await(join); take what there is }}. */
    private final class Scoped implements HandWritten.Body<String> {
      private final TaskScope<String, ?> scope = narrow(made.get());
      private final List<Task<String>> forked = new ArrayList<>();
      private final int depth;

      /** Those whose values are this method's to take. */
      private final Deque<Task<String>> owned = new ArrayDeque<>();

      private @Nullable Throwable error;

      Scoped(int depth) {
        this.depth = depth;
        scopes.add(scope);
      }

      @SuppressWarnings("unchecked")
      private static TaskScope<String, ?> narrow(TaskScope<?, ?> any) {
        return (TaskScope<String, ?>) any;
      }

      @Override
      public Object resume(
          HandWritten<String> self, int state, @Nullable CompletableFuture<?> awaited)
          throws Throwable {
        try {
          switch (state) {
            case 0:
              fork();
              return awaits.await(self, bodies.pause(), 1);
            case 1:
              Await.take(awaited);
              return awaits.await(self, scope.join(), 2);
            case 2:
              bodies.mustHold(() -> assertThatAllHaveEnded("join"));
              joined(Await.take(awaited));
              break;
            case 3:
              String value = (String) Await.take(awaited);
              owned.remove();
              bodies.take(value);
              break;
            default:
              Await.take(awaited);
          }
          if (state < 4 && !owned.isEmpty()) {
            return awaits.await(self, owned.peek(), 3);
          }
        } catch (Throwable thrown) {
          error = error == null ? thrown : error;
        }
        if (state < 4) {
          return awaits.await(self, scope.closeAsync(), 4);
        }
        bodies.mustHold(() -> assertThatAllHaveEnded("close"));
        owned.forEach(bodies::takeFrom);
        if (error != null) {
          throw error;
        }
        return Async.done("a scope");
      }

      private void fork() {
        int count = 2 + random.nextInt(2);
        for (int i = 0; i < count; i++) {
          boolean nested = depth > 0 && i == 0;
          forked.add(
              scope.fork(() -> nested ? bodies.started(new Scoped(depth - 1)) : bodies.call()));
        }
        children.addAll(forked);
        if (tasksKeep) {
          owned.addAll(forked);
        }
      }

      @SuppressWarnings("unchecked")
      private void joined(@Nullable Object result) {
        if (result instanceof Collection<?> all) {
          for (Object one : all) {
            if (one instanceof Task<?> task) {
              owned.add((Task<String>) task);
            } else {
              bodies.take((String) one);
            }
          }
        } else if (result != null) {
          bodies.take((String) result);
        }
      }

      private void assertThatAllHaveEnded(String when) {
        assertThat(forked).as("when %s goes on", when).allMatch(Task::isFinished);
        assertThat(scope.size()).isZero();
      }
    }
  }
}
