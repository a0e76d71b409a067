package dev.weft.weaver.lifetimes;

import dev.weft.weaver.lifetimes.Tree.Kind;
import dev.weft.weaver.lifetimes.Tree.Opening;
import dev.weft.weaver.lifetimes.Tree.Shape;
import dev.weft.weaver.lifetimes.Tree.Step;
import dev.weft.weaver.lifetimes.Tree.Wrap;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Makes a tree from a seed. */
final class TreeGenerator {
  private static final int DEEPEST = 8;
  private static final int MOST_CALLS = 30;

  private static final List<Kind> LEAVES =
      List.of(
          Kind.NOTHING,
          Kind.YIELD,
          Kind.SLEEP,
          Kind.READY,
          Kind.PLAIN,
          Kind.PLAIN,
          Kind.TASK,
          Kind.TASK,
          Kind.BLOCKING,
          Kind.IN_PLACE);
  private static final List<Kind> NEVERS =
      List.of(Kind.NEVER, Kind.NEVER_TASK, Kind.NEVER_SLEEP, Kind.NEVER_BLOCKING);
  private static final List<Kind> CALLS =
      List.of(
          Kind.CALL,
          Kind.CALL,
          Kind.CALL,
          Kind.CALL,
          Kind.SPAWN,
          Kind.SPAWN,
          Kind.DROP,
          Kind.SPAWN_CANCEL);

  private static final List<Shape> PLAIN =
      List.of(
          Shape.LINE,
          Shape.EXPRESSION,
          Shape.NESTED,
          Shape.TOLERANT,
          Shape.RESOURCE,
          Shape.RESOURCES,
          Shape.SWITCH,
          Shape.PARALLEL,
          Shape.TAIL);
  private static final List<Shape> FAMILIES =
      List.of(
          Shape.FAIL_FAST,
          Shape.FAIL_FAST,
          Shape.COLLECT,
          Shape.FIRST,
          Shape.LEFT,
          Shape.SET,
          Shape.ABORTED_SET,
          Shape.CHANNEL);
  private static final List<Shape> HOLDERS = List.of(Shape.LOCKED, Shape.PERMITTED);

  private final Random random;
  private final boolean sockets;
  private final boolean families;

  /** How deep a thread of calls is likely to go, so that some trees are a single long chain. */
  private final int callPercent;

  private int calls;
  private int failures;

  /**
   * @param sockets whether calls may use them
   * @param families whether calls may have children in scopes, and locks
   */
  TreeGenerator(Random random, boolean sockets, boolean families) {
    this.random = random;
    this.sockets = sockets;
    this.families = families;
    callPercent = 30 + random.nextInt(50);
  }

  Tree generate() {
    return tree(1, false);
  }

  private Tree tree(int depth, boolean cleaning) {
    int id = ++calls;
    if (sockets && chance(10)) {
      return new Tree(id, Shape.ECHO, List.of(), List.of(), List.of(), false, false);
    }
    Shape shape = shape(depth);
    List<Step> body = new ArrayList<>();
    if (shape.isFamily()) {
      fork(body, shape, depth, cleaning);
    } else if (HOLDERS.contains(shape)) {
      // Who has one waits only for those deeper down: no two wait for each other.
      body.add(new Step(Kind.LOCK, chance(75) ? Wrap.NONE : Wrap.LIMIT, null, depth));
    }
    int steps = shape.isFamily() ? random.nextInt(3) : 1 + random.nextInt(3);
    for (int i = 0; i < steps; i++) {
      body.add(
          shape == Shape.PARALLEL && chance(70) ? later(depth, cleaning) : step(depth, cleaning));
    }
    if (shape == Shape.TAIL) {
      body.add(
          hasRoom(depth)
              ? new Step(Kind.CALL, Wrap.NONE, tree(depth + 1, cleaning), 0)
              : Step.NOTHING);
    }
    List<Step> cleanup = new ArrayList<>();
    int cleanups = shape == Shape.TAIL ? 0 : random.nextInt(3);
    for (int i = 0; i < cleanups; i++) {
      cleanup.add(step(depth + 2, true));
    }
    return new Tree(
        id,
        shape,
        openings(shape),
        List.copyOf(body),
        List.copyOf(cleanup),
        shape.mayCatch() && chance(60),
        shape == Shape.TOLERANT && chance(20));
  }

  private Shape shape(int depth) {
    if (families && hasRoom(depth) && (depth == 1 || chance(35))) {
      return pick(FAMILIES);
    }
    return pick(families && chance(15) ? HOLDERS : PLAIN);
  }

  private void fork(List<Step> body, Shape shape, int depth, boolean cleaning) {
    int children = shape == Shape.CHANNEL ? 1 + random.nextInt(2) : 1 + random.nextInt(4);
    for (int i = 0; i < children; i++) {
      Tree child = shape == Shape.CHANNEL ? sender(depth + 1, cleaning) : tree(depth + 1, cleaning);
      body.add(new Step(Kind.FORK, Wrap.NONE, child, 0));
    }
  }

  /** Sends what each step of its body comes to. */
  private Tree sender(int depth, boolean cleaning) {
    int id = ++calls;
    List<Step> body = new ArrayList<>();
    int steps = random.nextInt(5);
    for (int i = 0; i < steps; i++) {
      body.add(step(depth, cleaning));
    }
    List<Step> cleanup = chance(30) ? List.of(step(depth + 2, true)) : List.of();
    return new Tree(id, Shape.LINE, List.of(), List.copyOf(body), cleanup, false, false);
  }

  private List<Opening> openings(Shape shape) {
    int count =
        switch (shape) {
          case RESOURCE -> 1;
          case RESOURCES -> 2;
          default -> 0;
        };
    List<Opening> openings = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      openings.add(Opening.values()[random.nextInt(Opening.values().length)]);
    }
    return List.copyOf(openings);
  }

  private Step later(int depth, boolean cleaning) {
    return hasRoom(depth)
        ? new Step(Kind.LATER, Wrap.NONE, tree(depth + 1, cleaning), 0)
        : step(depth, cleaning);
  }

  private Step step(int depth, boolean cleaning) {
    if (hasRoom(depth) && chance(callPercent)) {
      Kind kind = pick(CALLS);
      boolean awaited = kind == Kind.CALL || kind == Kind.SPAWN;
      return new Step(kind, awaited ? wrap() : Wrap.NONE, tree(depth + 1, cleaning), 0);
    }
    if (!cleaning && chance(8)) {
      return new Step(pick(NEVERS), wrap(), null, random.nextInt(1000));
    }
    if (!cleaning && chance(6)) {
      return new Step(chance(50) ? Kind.FAIL : Kind.FAILED, Wrap.NONE, null, ++failures);
    }
    return new Step(pick(LEAVES), wrap(), null, random.nextInt(1000));
  }

  private Wrap wrap() {
    return chance(70) ? Wrap.NONE : Wrap.values()[random.nextInt(Wrap.values().length)];
  }

  private boolean hasRoom(int depth) {
    return depth < DEEPEST && calls < MOST_CALLS;
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  private <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }
}
