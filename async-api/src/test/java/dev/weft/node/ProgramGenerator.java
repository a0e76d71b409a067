package dev.weft.node;

import dev.weft.node.Statement.Async;
import dev.weft.node.Statement.Await;
import dev.weft.node.Statement.Chain;
import dev.weft.node.Statement.Clear;
import dev.weft.node.Statement.Enqueue;
import dev.weft.node.Statement.Log;
import dev.weft.node.Statement.Promise;
import dev.weft.node.Statement.Queue;
import dev.weft.node.Statement.Settle;
import dev.weft.node.Statement.Step;
import dev.weft.node.Statement.Throw;
import dev.weft.node.Statement.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Makes random programs. Timers take their place among the others by the clock, so there are
 * several short durations, and programs are drawn until there is one whose order Node itself leaves
 * no doubt about: see {@link ProgramRun#isDetermined}.
 */
final class ProgramGenerator {
  private static final int[] DURATIONS = {5, 10, 16, 23, 33, 47};

  /** How much longer than a sleep its limit is. */
  private static final int LONGER_MILLIS = 30;

  private static final int MAX_DEPTH = 4;
  private static final int MAX_TIMER_DEPTH = 3;

  private final Random random;
  private int lastId;
  private int fuel;

  ProgramGenerator(long seed) {
    random = new Random(seed);
  }

  List<Statement> program() throws InterruptedException {
    while (true) {
      List<Statement> program = draw();
      if (ProgramRun.of(program).isDetermined()) {
        return program;
      }
    }
  }

  private List<Statement> draw() {
    lastId = 0;
    fuel = 6 + random.nextInt(30);
    List<Statement> body = new ArrayList<>();
    if (random.nextBoolean()) { // so that settled promises are awaited and returned, too
      body.add(new Settle(++lastId, slot(), true));
    }
    while (fuel > 0 && body.size() < 8) {
      body.add(statement(0, 0, false, false));
    }
    return body;
  }

  private List<Statement> body(int depth, int timers, boolean async) {
    List<Statement> body = new ArrayList<>();
    int size = depth >= MAX_DEPTH ? 0 : random.nextInt(4);
    for (int i = 0; i < size && fuel > 0; i++) {
      body.add(statement(depth, timers, async, true));
    }
    if (depth > 0 && random.nextInt(12) == 0) {
      body.add(new Throw(++lastId));
    }
    return body;
  }

  private Statement statement(int depth, int timers, boolean async, boolean nested) {
    fuel--;
    int id = ++lastId;
    if (async && random.nextInt(2) == 0) {
      return new Await(id, promise(depth, timers), random.nextBoolean());
    }
    return switch (random.nextInt(nested ? 17 : 16)) {
      case 0, 1 -> new Enqueue(id, Queue.TICK, body(depth + 1, timers, false));
      case 2, 3 -> new Enqueue(id, Queue.MICROTASK, body(depth + 1, timers, false));
      case 4, 5 -> new Enqueue(id, Queue.IMMEDIATE, body(depth + 1, timers, false));
      case 6 -> new Enqueue(id, Queue.IO, body(depth + 1, timers, false));
      case 7, 8 -> timer(id, depth, timers);
      case 9 -> new Settle(id, slot(), random.nextInt(4) != 0);
      case 10, 11, 12 -> async(id, depth, timers);
      case 13, 14 -> chain(depth, timers);
      case 15 -> new Log(id);
      default -> new Clear(1 + random.nextInt(lastId));
    };
  }

  private Statement timer(int id, int depth, int timers) {
    if (timers == MAX_TIMER_DEPTH) {
      return new Log(id);
    }
    int times = random.nextInt(5) == 0 && timers == 0 ? 2 : 1;
    int millis = DURATIONS[random.nextInt(DURATIONS.length)];
    return new Timer(id, millis, times, body(depth + 1, timers + times, false));
  }

  private Async async(int id, int depth, int timers) {
    List<Statement> body = body(depth + 1, timers, true);
    Promise result = new Promise.Value();
    if (random.nextInt(4) == 0) {
      // Only behind an await: before it, Weft hands the future over itself.
      body = new ArrayList<>(body);
      body.removeIf(Throw.class::isInstance);
      body.add(0, new Await(++lastId, new Promise.Value(), false));
      result = unsettled(depth, timers);
    }
    return new Async(id, slot(), body, result);
  }

  private Promise promise(int depth, int timers) {
    return switch (random.nextInt(8)) {
      case 0, 1 -> new Promise.Value();
      case 2, 3 -> new Promise.Deferred(slot());
      case 4 -> new Promise.Stored(slot());
      case 5 -> timed(timers);
      default ->
          depth < MAX_DEPTH
              ? new Promise.Called(async(++lastId, depth + 1, timers))
              : new Promise.Value();
    };
  }

  private Promise timed(int timers) {
    if (timers == MAX_TIMER_DEPTH) {
      return new Promise.Value();
    }
    int index = random.nextInt(DURATIONS.length);
    Promise.Sleep sleep = new Promise.Sleep(DURATIONS[index]);
    return switch (random.nextInt(3)) {
      case 0 -> sleep;
      case 1 -> new Promise.Limited(sleep.millis(), null);
      default -> new Promise.Limited(DURATIONS[index] + LONGER_MILLIS, sleep);
    };
  }

  /** What Weft, too, sees to be a promise and not a value. */
  private Promise unsettled(int depth, int timers) {
    if (depth >= MAX_DEPTH || random.nextBoolean()) {
      return new Promise.Deferred(slot());
    }
    List<Statement> body = new ArrayList<>();
    body.add(new Await(++lastId, new Promise.Value(), false));
    body.addAll(body(depth + 2, timers, true));
    return new Promise.Called(new Async(++lastId, slot(), body, new Promise.Value()));
  }

  private Chain chain(int depth, int timers) {
    List<Step> steps = new ArrayList<>();
    int size = 1 + random.nextInt(4);
    for (int i = 0; i < size; i++) {
      Promise result = random.nextInt(5) == 0 ? unsettled(depth + 1, timers) : new Promise.Value();
      steps.add(new Step(++lastId, random.nextInt(4) == 0, body(depth + 1, timers, false), result));
    }
    Promise source =
        switch (random.nextInt(5)) {
          case 0, 1 -> new Promise.Value();
          case 2, 3 -> new Promise.Deferred(slot());
          default -> timed(timers);
        };
    return new Chain(slot(), source, steps);
  }

  private int slot() {
    return random.nextInt(Statement.SLOTS);
  }
}
