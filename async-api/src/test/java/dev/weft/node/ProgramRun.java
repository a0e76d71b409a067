package dev.weft.node;

import dev.weft.NodeExecutor;
import dev.weft.NodePrograms;
import dev.weft.Task;
import dev.weft.frame.Await;
import dev.weft.frame.HandWritten;
import dev.weft.frame.Settled;
import dev.weft.node.Statement.Async;
import dev.weft.node.Statement.Chain;
import dev.weft.node.Statement.Clear;
import dev.weft.node.Statement.Enqueue;
import dev.weft.node.Statement.Log;
import dev.weft.node.Statement.Promise;
import dev.weft.node.Statement.Settle;
import dev.weft.node.Statement.Step;
import dev.weft.node.Statement.Throw;
import dev.weft.node.Statement.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeoutException;

/** One run of a generated program on a {@link NodeExecutor}, in virtual time. */
final class ProgramRun {
  /** A busy machine may delay a timer by so much, seldom by more. */
  private static final int APART_MILLIS = 4;

  /** How far the clock goes on for each callback: a fraction of a timer's millisecond. */
  private static final int CALLBACK_NANOS = 10_000;

  private final VirtualTime time = new VirtualTime();
  private final List<String> log = new ArrayList<>();
  private final Map<Integer, Object> handles = new HashMap<>();
  private final List<Task<Object>> deferred = new ArrayList<>();
  private final Object[] stored = new Object[Statement.SLOTS];
  private final List<Due> dues = new ArrayList<>();
  private NodeExecutor node;

  /** The number of the running callback, which is what the clock may go on between. */
  private int callbacks;

  private ProgramRun() {}

  /** Runs a program to its end. */
  static ProgramRun of(List<Statement> program) throws InterruptedException {
    ProgramRun run = new ProgramRun();
    NodePrograms.run(run.time, run.time, () -> run.main(program));
    return run;
  }

  /** What a program logs. */
  static List<String> log(List<Statement> program) throws InterruptedException {
    return of(program).log();
  }

  /** What the program has logged. */
  List<String> log() {
    return log;
  }

  /**
   * Whether Node runs the program in this order, too, although its clock does not stand still. Two
   * timers that are due at about the same time must have been started by the same callback: else it
   * depends on the moment which is the first, and whether one phase runs both.
   */
  boolean isDetermined() {
    List<Due> sorted = dues.stream().sorted(Comparator.comparingLong(Due::millis)).toList();
    for (int i = 1; i < sorted.size(); i++) {
      Due one = sorted.get(i - 1);
      Due other = sorted.get(i);
      if (other.millis - one.millis < APART_MILLIS && !one.sameStart(other)) {
        return false;
      }
    }
    return true;
  }

  /** When a timer is due, and in which callback it was started. */
  private record Due(long millis, int callback, int duration) {
    boolean sameStart(Due other) {
      return callback == other.callback && duration == other.duration;
    }
  }

  private void main(List<Statement> program) {
    node = NodeExecutor.current();
    node.onUncaughtException(error -> log.add("uncaught:" + message(error)));
    node.onUnhandledRejection((error, task) -> log.add("unhandled:" + message(error)));
    node.onRejectionHandled(task -> log.add("late"));
    for (int i = 0; i < Statement.SLOTS; i++) {
      deferred.add(new Task<>());
    }
    time.pass(CALLBACK_NANOS);
    runAll(program);
  }

  private static String message(Throwable error) {
    return error instanceof TimeoutException ? "late" : error.getMessage();
  }

  private void runAll(List<Statement> body) {
    body.forEach(this::run);
  }

  private Runnable callback(int id, List<Statement> body) {
    return () -> {
      log.add("" + id);
      runAll(body);
    };
  }

  private void run(Statement statement) {
    if (statement instanceof Log it) {
      log.add("" + it.id());
    } else if (statement instanceof Enqueue it) {
      enqueue(it);
    } else if (statement instanceof Timer it) {
      start(it);
    } else if (statement instanceof Clear it) {
      clear(handles.get(it.target()));
    } else if (statement instanceof Settle it) {
      settle(it);
    } else if (statement instanceof Throw it) {
      throw new IllegalStateException("t" + it.id());
    } else if (statement instanceof Async it) {
      stored[it.slot()] = call(it);
    } else if (statement instanceof Chain it) {
      stored[it.slot()] = chain(it);
    } else {
      throw new AssertionError("outside an async function: " + statement);
    }
  }

  private void enqueue(Enqueue it) {
    Runnable callback = callback(it.id(), it.body());
    switch (it.queue()) {
      case TICK -> node.nextTick(callback);
      case MICROTASK -> node.queueMicrotask(callback);
      case IMMEDIATE -> handles.put(it.id(), node.setImmediate(counted(callback)));
      case IO -> time.io(counted(callback));
    }
  }

  private Runnable counted(Runnable callback) {
    return () -> {
      count();
      callback.run();
    };
  }

  private void count() {
    callbacks++;
    time.pass(CALLBACK_NANOS);
  }

  private void noteDue(int millis) {
    dues.add(new Due(time.getAsLong() / 1_000_000 + millis, callbacks, millis));
  }

  private void start(Timer it) {
    Runnable callback = counted(callback(it.id(), it.body()));
    noteDue(it.millis());
    if (it.times() == 1) {
      handles.put(it.id(), node.setTimeout(callback, it.millis()));
      return;
    }
    int[] fired = {0};
    Timeout[] self = new Timeout[1];
    self[0] =
        node.setInterval(
            () -> {
              if (++fired[0] == it.times()) {
                self[0].clear();
                callback.run();
              } else {
                count();
                noteDue(it.millis());
                callback(it.id(), it.body()).run();
              }
            },
            it.millis());
    handles.put(it.id(), self[0]);
  }

  private void clear(Object handle) {
    if (handle instanceof Timeout timer) {
      node.clearTimeout(timer);
    } else if (handle instanceof Immediate immediate) {
      node.clearImmediate(immediate);
    }
  }

  private void settle(Settle it) {
    Task<Object> task = deferred.get(it.slot());
    if (it.fulfil()) {
      task.complete(null);
    } else {
      task.completeExceptionally(new IllegalStateException("r" + it.id()));
    }
  }

  private CompletionStage<?> promise(Promise promise) {
    if (promise instanceof Promise.Deferred it) {
      return deferred.get(it.slot());
    }
    if (promise instanceof Promise.Stored it && stored[it.slot()] != null) {
      return (CompletionStage<?>) stored[it.slot()];
    }
    if (promise instanceof Promise.Sleep it) {
      return sleep(it);
    }
    if (promise instanceof Promise.Limited it) {
      return limited(it);
    }
    return promise instanceof Promise.Called it ? call(it.call()) : Settled.value(null);
  }

  private Task<Void> sleep(Promise.Sleep it) {
    noteDue(it.millis());
    Task<Void> sleep = node.sleep(Duration.ofMillis(it.millis()));
    sleep.whenComplete((nothing, error) -> count());
    return sleep;
  }

  private Task<?> limited(Promise.Limited it) {
    Task<Void> stage = it.sleep() == null ? new Task<>() : sleep(it.sleep());
    noteDue(it.limit());
    Task<Void> limited = dev.weft.Async.timeout(Duration.ofMillis(it.limit()), stage);
    limited.whenComplete((nothing, error) -> count());
    return limited;
  }

  /** An async function as woven code calls it: without a frame up to the first await. */
  private CompletionStage<?> call(Async function) {
    try {
      log.add("" + function.id());
      return (CompletionStage<?>) resume(function, null, 0);
    } catch (Throwable error) {
      return Settled.failure(error);
    }
  }

  private Object resume(Async function, HandWritten<Object> self, int from) {
    List<Statement> body = function.body();
    for (int i = from; i < body.size(); i++) {
      if (body.get(i) instanceof Statement.Await it) {
        CompletableFuture<?> awaited = Await.future(promise(it.promise()));
        if (Await.isReady(awaited)) {
          throw new AssertionError("an await that does not suspend");
        }
        HandWritten<Object> frame =
            self != null
                ? self
                : new HandWritten<>(
                    node, (woken, state, outcome) -> goOn(function, woken, state, outcome));
        Object suspended = frame.await(awaited, i + 1);
        return self != null ? suspended : frame;
      }
      run(body.get(i));
    }
    return promise(function.result());
  }

  private Object goOn(
      Async function, HandWritten<Object> frame, int state, CompletableFuture<?> outcome) {
    Statement.Await it = (Statement.Await) function.body().get(state - 1);
    try {
      Await.take(outcome);
      log.add("" + it.id());
    } catch (Exception error) {
      if (!it.caught()) {
        throw error;
      }
      log.add(it.id() + ":" + message(error));
    }
    return resume(function, frame, state);
  }

  /** A chain of {@code then} and {@code catch}: each is an async function that awaits the last. */
  private CompletionStage<?> chain(Chain chain) {
    CompletableFuture<?> last = Await.future(promise(chain.source()));
    for (Step step : chain.steps()) {
      HandWritten<Object> frame =
          new HandWritten<>(node, (self, state, outcome) -> step(step, outcome));
      frame.await(last, 1);
      last = frame;
    }
    return last;
  }

  private Object step(Step step, CompletableFuture<?> outcome) {
    try {
      Await.take(outcome);
      if (step.catches()) {
        return Settled.value(null);
      }
    } catch (Exception error) {
      if (!step.catches()) {
        throw error;
      }
    }
    log.add("" + step.id());
    runAll(step.body());
    return promise(step.result());
  }
}
