package dev.weft.weaver.lifetimes;

import static dev.weft.Async.await;

import dev.weft.Task;
import dev.weft.scope.JoinSet;
import dev.weft.scope.TaskScope;
import dev.weft.sync.AsyncMutex;
import dev.weft.sync.AsyncSemaphore;
import dev.weft.sync.Mpsc;
import dev.weft.sync.MpscReceiver;
import dev.weft.sync.MpscSender;
import dev.weft.weaver.lifetimes.Family.Parcel;
import dev.weft.weaver.lifetimes.Tree.Step;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Runs the trees that have children in scopes, or hold locks: as {@link Interpreter}, which it
 * belongs to, and woven with it.
 */
final class FamilyInterpreter {
  private FamilyInterpreter() {}

  static CompletableFuture<Integer> node(Call c) {
    return switch (c.tree().shape()) {
      case FAIL_FAST -> failFast(c);
      case COLLECT -> collect(c);
      case FIRST -> first(c);
      case LEFT -> left(c);
      case SET -> set(c);
      case ABORTED_SET -> abortedSet(c);
      case CHANNEL -> channel(c);
      case LOCKED -> locked(c);
      case PERMITTED -> permitted(c);
      default -> throw new AssertionError(c.tree().shape());
    };
  }

  // ---- parts of them: methods that await, and return plain values

  private static int own(Call c, Family family) {
    int sum = c.tree().id();
    for (Step step : family.own()) {
      sum += c.back(await(Interpreter.reach(c, step)));
    }
    return sum;
  }

  private static void join(Family family, TaskScope<?, ?> scope) {
    try {
      await(family.joins(scope.join()));
    } catch (Throwable error) {
      throw family.joinFailed(error);
    }
    family.joined();
  }

  private static void cleanUp(Call c) {
    c.cleaning();
    try {
      for (Step step : c.tree().cleanup()) {
        c.back(await(Interpreter.reach(c, step)));
      }
      c.cleaned();
    } catch (Throwable error) {
      throw c.passing(error);
    } finally {
      c.end();
    }
  }

  private static void fork(Family family, TaskScope<? super Integer, ?> scope) {
    for (int i = 0; i < family.size(); i++) {
      Call child = family.forks(i);
      family.forked(scope.fork(() -> Interpreter.node(child)));
    }
  }

  // ---- scopes

  private static CompletableFuture<Integer> failFast(Call c) {
    c.begin();
    Family family = c.family();
    try (Family.Over over = family.over();
        TaskScope<Object, Void> scope = TaskScope.failFast();
        Family.Leaving leaving = family.leaving()) {
      try {
        fork(family, scope);
        int sum = own(c, family);
        join(family, scope);
        for (int i = 0; i < family.size(); i++) {
          sum += c.back(await(family.result(i)));
        }
        return c.done(sum);
      } catch (Throwable error) {
        throw c.passing(error);
      }
    } finally {
      cleanUp(c);
    }
  }

  private static CompletableFuture<Integer> collect(Call c) {
    c.begin();
    Family family = c.family();
    try (Family.Over over = family.over();
        TaskScope<Integer, List<Task<Integer>>> scope = TaskScope.joinAll();
        Family.Leaving leaving = family.leaving()) {
      try {
        fork(family, scope);
        int sum = own(c, family);
        List<Task<Integer>> ended;
        try {
          ended = await(family.joins(scope.join()));
        } catch (Throwable error) {
          throw family.joinFailed(error);
        }
        family.joined();
        for (Task<Integer> task : ended) {
          try {
            sum += c.back(await(family.result(task)));
          } catch (Throwable error) {
            sum += family.instead(error);
          }
        }
        family.taken();
        return c.done(sum);
      } catch (Throwable error) {
        throw c.passing(error);
      }
    } finally {
      cleanUp(c);
    }
  }

  private static CompletableFuture<Integer> first(Call c) {
    c.begin();
    Family family = c.family();
    try (Family.Over over = family.over();
        TaskScope<Integer, Integer> scope = TaskScope.firstSuccess();
        Family.Leaving leaving = family.leaving()) {
      try {
        fork(family, scope);
        int sum = own(c, family);
        int value;
        try {
          value = await(family.joins(scope.join()));
        } catch (Throwable error) {
          throw family.joinFailed(error);
        }
        family.joined(value);
        return c.done(sum);
      } catch (Throwable error) {
        throw c.passing(error);
      }
    } finally {
      cleanUp(c);
    }
  }

  private static CompletableFuture<Integer> left(Call c) {
    c.begin();
    Family family = c.family();
    int sum = 0;
    try (Family.Over over = family.over();
        TaskScope<Object, Void> scope = TaskScope.failFast();
        Family.Leaving leaving = family.leaving()) {
      try {
        fork(family, scope);
        sum = own(c, family);
        return c.done(sum);
      } catch (Throwable error) {
        throw c.passing(error);
      }
    } catch (Throwable error) {
      return c.done(family.left(sum, error));
    } finally {
      cleanUp(c);
    }
  }

  // ---- sets

  private static CompletableFuture<Integer> set(Call c) {
    c.begin();
    Family family = c.family();
    try (Family.Over over = family.over();
        JoinSet<Integer> set = new JoinSet<>();
        Family.Leaving leaving = family.leaving()) {
      try {
        for (int i = 0; i < family.size(); i++) {
          Call child = family.forks(i);
          family.forked(set.spawn(() -> Interpreter.node(child)));
        }
        int sum = own(c, family);
        for (Task<Integer> next; (next = await(family.joins(set.joinNext()))) != null; ) {
          try {
            sum += c.back(await(family.result(next)));
          } catch (Throwable error) {
            sum += family.instead(error);
          }
        }
        family.taken();
        return c.done(sum);
      } catch (Throwable error) {
        throw c.passing(error);
      }
    } finally {
      cleanUp(c);
    }
  }

  private static CompletableFuture<Integer> abortedSet(Call c) {
    c.begin();
    Family family = c.family();
    try (Family.Over over = family.over();
        JoinSet<Integer> set = new JoinSet<>();
        Family.Leaving leaving = family.leaving()) {
      try {
        for (int i = 0; i < family.size(); i++) {
          Call child = family.forks(i);
          family.forked(set.spawn(() -> Interpreter.node(child)));
        }
        int sum = own(c, family);
        for (Task<Integer> next; (next = await(family.joins(set.joinNext()))) != null; ) {
          family.leaves();
          set.abortAll();
          try {
            c.back(await(family.result(next)));
          } catch (Throwable error) {
            family.ignored(error);
          }
        }
        family.taken();
        return c.done(sum);
      } catch (Throwable error) {
        throw c.passing(error);
      }
    } finally {
      cleanUp(c);
    }
  }

  // ---- a channel

  private static CompletableFuture<Integer> channel(Call c) {
    c.begin();
    Family family = c.family();
    Mpsc<Parcel> channel =
        switch (c.tree().id() & 3) {
          case 0 -> Mpsc.rendezvous();
          case 1 -> Mpsc.unbounded();
          default -> Mpsc.bounded(1 + c.tree().id() % 3);
        };
    try (Family.Over over = family.over();
        TaskScope<Object, Void> scope = TaskScope.failFast();
        MpscReceiver<Parcel> receiver = channel.receiver();
        Family.Leaving leaving = family.leaving()) {
      try {
        for (int i = 0; i < family.size(); i++) {
          Call child = family.forks(i);
          MpscSender<Parcel> sender = channel.sender().copy();
          Task<Integer> task = family.forked(scope.fork(() -> send(child, family, sender)));
          // One that is cancelled before it begins closes nothing.
          task.finished().whenComplete((nothing, error) -> sender.close());
        }
        channel.sender().close();
        int sum = own(c, family);
        for (Parcel next; (next = await(family.receives(receiver.receive()))) != null; ) {
          sum += family.received(next);
        }
        family.drained();
        join(family, scope);
        family.whole();
        return c.done(sum);
      } catch (Throwable error) {
        throw c.passing(error);
      }
    } finally {
      cleanUp(c);
    }
  }

  private static CompletableFuture<Integer> send(Call c, Family family, MpscSender<Parcel> sender) {
    c.begin();
    try (sender) {
      int sum = c.tree().id();
      for (Step step : c.tree().body()) {
        int value = c.back(await(Interpreter.reach(c, step)));
        await(sender.send(family.sends(c, value)));
        family.sent(c);
        sum += value;
      }
      return c.done(sum);
    } catch (Throwable error) {
      throw c.passing(error);
    } finally {
      cleanUp(c);
    }
  }

  // ---- locks

  private static CompletableFuture<Integer> locked(Call c) {
    c.begin();
    try (AsyncMutex.Held held = await(Interpreter.wrapped(c.step(0), c.lock()));
        Locks.Turn turn = c.has()) {
      int sum = c.tree().id();
      for (int i = 1; i < c.tree().body().size(); i++) {
        sum += c.back(await(Interpreter.reach(c, c.step(i))));
      }
      return c.done(sum);
    } catch (Throwable error) {
      throw c.passing(error);
    } finally {
      cleanUp(c);
    }
  }

  private static CompletableFuture<Integer> permitted(Call c) {
    c.begin();
    int sum = c.tree().id();
    try (AsyncSemaphore.Permit permit = await(Interpreter.wrapped(c.step(0), c.permits()));
        Locks.Turn turn = c.has()) {
      for (int i = 1; i < c.tree().body().size(); i++) {
        sum += c.back(await(Interpreter.reach(c, c.step(i))));
      }
      return c.done(sum);
    } catch (Throwable error) {
      throw c.passing(error);
    } finally {
      cleanUp(c);
    }
  }
}
