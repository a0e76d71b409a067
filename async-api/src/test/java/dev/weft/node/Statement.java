package dev.weft.node;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * What the generated programs are made of. Each writes itself as JavaScript, for people and for
 * Node; {@link ProgramRun} does the same with a {@code NodeExecutor}. What runs logs its number, so
 * the log is the order.
 */
sealed interface Statement {
  /**
   * How many promises a program has that are settled by hand, and how many slots for the others.
   */
  int SLOTS = 4;

  String js();

  /** The bodies within, for shrinking. */
  default List<List<Statement>> bodies() {
    return List.of();
  }

  /** The same statement with other bodies. */
  default Statement with(List<List<Statement>> bodies) {
    return this;
  }

  static String block(List<Statement> body) {
    return body.stream().map(Statement::js).collect(Collectors.joining(" ", "{ ", " }"));
  }

  private static String callback(int id, List<Statement> body) {
    return "() => { log("
        + id
        + "); "
        + body.stream().map(Statement::js).collect(Collectors.joining(" "))
        + " }";
  }

  record Log(int id) implements Statement {
    @Override
    public String js() {
      return "log(" + id + ");";
    }
  }

  /** What a callback can be given to. */
  enum Queue {
    TICK,
    MICROTASK,
    IMMEDIATE,
    IO
  }

  record Enqueue(int id, Queue queue, List<Statement> body) implements Statement {
    @Override
    public String js() {
      String callback = callback(id, body);
      return switch (queue) {
        case TICK -> "process.nextTick(" + callback + ");";
        case MICROTASK -> "queueMicrotask(" + callback + ");";
        case IMMEDIATE -> "handles[" + id + "] = setImmediate(" + callback + ");";
        case IO -> "io(" + callback + ");";
      };
    }

    @Override
    public List<List<Statement>> bodies() {
      return List.of(body);
    }

    @Override
    public Statement with(List<List<Statement>> bodies) {
      return new Enqueue(id, queue, bodies.get(0));
    }
  }

  /**
   * @param times how often it fires; 1 for a timeout
   */
  record Timer(int id, int millis, int times, List<Statement> body) implements Statement {
    @Override
    public String js() {
      String handle = "handles[" + id + "]";
      return times == 1
          ? handle + " = setTimeout(" + callback(id, body) + ", " + millis + ");"
          : handle + " = every(" + times + ", " + callback(id, body) + ", " + millis + ");";
    }

    @Override
    public List<List<Statement>> bodies() {
      return List.of(body);
    }

    @Override
    public Statement with(List<List<Statement>> bodies) {
      return new Timer(id, millis, times, bodies.get(0));
    }
  }

  /** Clears the timer or the immediate with that number, if it has been set. */
  record Clear(int target) implements Statement {
    @Override
    public String js() {
      return "clear(handles[" + target + "]);";
    }
  }

  record Settle(int id, int slot, boolean fulfil) implements Statement {
    @Override
    public String js() {
      return fulfil
          ? "deferred[" + slot + "].resolve();"
          : "deferred[" + slot + "].reject(new Error('r" + id + "'));";
    }
  }

  record Throw(int id) implements Statement {
    @Override
    public String js() {
      return "throw new Error('t" + id + "');";
    }
  }

  /** What can be awaited, or returned from an async function. */
  sealed interface Promise {
    String js();

    /** Not a promise. */
    record Value() implements Promise {
      @Override
      public String js() {
        return "null";
      }
    }

    /** One that is settled by hand. */
    record Deferred(int slot) implements Promise {
      @Override
      public String js() {
        return "deferred[" + slot + "].promise";
      }
    }

    /** That of an async call that was stored, or nothing if it was not. */
    record Stored(int slot) implements Promise {
      @Override
      public String js() {
        return "stored[" + slot + "]";
      }
    }

    /** One that is fulfilled after a time: {@code Async.sleep}, {@code timers/promises}. */
    record Sleep(int millis) implements Promise {
      @Override
      public String js() {
        return "sleep(" + millis + ")";
      }
    }

    /**
     * A time limit: {@code Async.timeout}. What it limits ends long before, or never.
     *
     * @param sleep what is limited; null for what never ends
     */
    record Limited(int limit, Sleep sleep) implements Promise {
      @Override
      public String js() {
        String promise = sleep == null ? "new Promise(() => {})" : sleep.js();
        return "limited(" + promise + ", " + limit + ")";
      }
    }

    /** That of an async function that is called here. */
    record Called(Async call) implements Promise {
      @Override
      public String js() {
        return call.function() + "()";
      }
    }
  }

  /** In async functions only. */
  record Await(int id, Promise promise, boolean caught) implements Statement {
    @Override
    public String js() {
      String awaiting = "await " + promise.js() + "; log(" + id + ");";
      return caught
          ? "try { " + awaiting + " } catch (e) { log('" + id + ":' + e.message); }"
          : awaiting;
    }
  }

  /**
   * Calls an async function.
   *
   * @param slot where its promise is stored
   * @param result what it returns at its end; a value for none
   */
  record Async(int id, int slot, List<Statement> body, Promise result) implements Statement {
    @Override
    public String js() {
      return "stored[" + slot + "] = " + function() + "();";
    }

    String function() {
      String end = result instanceof Promise.Value ? "" : " return " + result.js() + ";";
      return "(async () => { log("
          + id
          + "); "
          + body.stream().map(Statement::js).collect(Collectors.joining(" "))
          + end
          + " })";
    }

    @Override
    public List<List<Statement>> bodies() {
      return List.of(body);
    }

    @Override
    public Statement with(List<List<Statement>> bodies) {
      return new Async(id, slot, bodies.get(0), result);
    }
  }

  /**
   * One {@code then}, or one {@code catch}.
   *
   * @param result what the handler returns
   */
  record Step(int id, boolean catches, List<Statement> body, Promise result) {
    String js() {
      String end = result instanceof Promise.Value ? "" : " return " + result.js() + ";";
      return (catches ? ".catch(" : ".then(")
          + "() => { log("
          + id
          + "); "
          + body.stream().map(Statement::js).collect(Collectors.joining(" "))
          + end
          + " })";
    }
  }

  /** A chain of handlers on a promise. */
  record Chain(int slot, Promise source, List<Step> steps) implements Statement {
    @Override
    public String js() {
      return "stored["
          + slot
          + "] = Promise.resolve("
          + source.js()
          + ")"
          + steps.stream().map(Step::js).collect(Collectors.joining())
          + ";";
    }

    @Override
    public List<List<Statement>> bodies() {
      return steps.stream().map(Step::body).toList();
    }

    @Override
    public Statement with(List<List<Statement>> bodies) {
      List<Step> changed = new ArrayList<>();
      for (int i = 0; i < steps.size(); i++) {
        Step step = steps.get(i);
        changed.add(new Step(step.id, step.catches, bodies.get(i), step.result));
      }
      return new Chain(slot, source, changed);
    }
  }

  /** Applies a change to one body, wherever it stands. */
  static List<Statement> replace(List<Statement> body, int index, UnaryOperator<Statement> change) {
    List<Statement> changed = new ArrayList<>(body);
    changed.set(index, change.apply(body.get(index)));
    return changed;
  }
}
