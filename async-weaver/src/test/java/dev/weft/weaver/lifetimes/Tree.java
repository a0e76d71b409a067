package dev.weft.weaver.lifetimes;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One async call of a random program, with all that it calls.
 *
 * @param id its number, part of its value
 * @param shape how its code is laid out
 * @param openings the resources that it holds while it runs its body
 * @param body what it awaits, in order
 * @param cleanup what its {@code finally} blocks await; fails with nothing of its own
 * @param catches whether it catches a failure of its body; only some shapes do
 * @param swallows whether it catches its own cancellation; only some shapes do
 */
public record Tree(
    int id,
    Shape shape,
    List<Opening> openings,
    List<Step> body,
    List<Step> cleanup,
    boolean catches,
    boolean swallows) {

  /** How the code of a call is laid out. Each is a method of {@link Interpreter}. */
  public enum Shape {
    LINE,
    EXPRESSION,
    NESTED,
    TOLERANT,
    RESOURCE,
    RESOURCES,
    SWITCH,
    PARALLEL,
    TAIL,
    ECHO,
    /** Children in a scope, all of which have to succeed. */
    FAIL_FAST,
    /** Children in a scope, of which each counts for itself. */
    COLLECT,
    /** Children in a scope, of which one has to succeed. */
    FIRST,
    /** A scope that is left without a join. */
    LEFT,
    /** A set of children, which are taken out as they end. */
    SET,
    /** A set of children that are told to end as soon as one has. */
    ABORTED_SET,
    /** Children that send what they come to, and a parent that receives. */
    CHANNEL,
    /** A mutex around the body. */
    LOCKED,
    /** Permits of a semaphore around the body. */
    PERMITTED;

    boolean mayCatch() {
      return this == NESTED || this == TOLERANT;
    }

    /** True if it has children of its own, which do not outlive it. */
    boolean isFamily() {
      return compareTo(FAIL_FAST) >= 0 && compareTo(CHANNEL) <= 0;
    }
  }

  /** How a resource is acquired. */
  public enum Opening {
    ASYNC,
    BLOCKING,
    LIMITED_ASYNC,
    LIMITED_BLOCKING,
    CANCELLING_ASYNC
  }

  /** What is awaited. */
  public enum Kind {
    /** A tree, called and awaited at once. */
    CALL,
    /** A tree, spawned as a task and awaited. */
    SPAWN,
    /** A tree, called and not awaited. */
    DROP,
    /** A tree, spawned, cancelled, and awaited to its end. */
    SPAWN_CANCEL,
    /** A tree, called and awaited later; of the shape PARALLEL only. */
    LATER,
    /** A tree, started as a child; of the shapes that are families only. */
    FORK,
    NOTHING,
    YIELD,
    SLEEP,
    READY,
    PLAIN,
    TASK,
    BLOCKING,
    IN_PLACE,
    /** The end of children. */
    JOIN,
    /** A lock, or permits. */
    LOCK,
    SEND,
    RECEIVE,
    FAIL,
    FAILED,
    NEVER,
    NEVER_TASK,
    NEVER_SLEEP,
    NEVER_BLOCKING;

    boolean hasTree() {
      return compareTo(NOTHING) < 0;
    }

    /** True for what ends only if it is cancelled. */
    boolean isNever() {
      return compareTo(NEVER) >= 0;
    }
  }

  /** What stands around that. */
  public enum Wrap {
    NONE,
    LIMIT,
    CANCELLING,
    SHIELD,
    LIMIT_CANCELLING
  }

  /**
   * One await.
   *
   * @param tree for kinds that have one
   * @param number the value it brings, or that of the failure; and what else is to be chosen
   */
  public record Step(Kind kind, Wrap wrap, @Nullable Tree tree, int number) {
    /** Awaits what is there. */
    public static final Step NOTHING = new Step(Kind.NOTHING, Wrap.NONE, null, 0);
  }

  /** A failure that the program itself brings about. */
  public static final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1;
    final int number;

    Failure(int number) {
      super("failure " + number, null, false, false);
      this.number = number;
    }
  }

  /**
   * The sequential model: what the call comes to, if nobody cancels anything.
   *
   * @throws Failure if it fails
   */
  public int value() {
    if (shape.isFamily()) {
      return FamilyModel.value(this);
    }
    int sum = id;
    try {
      for (Step step : body) {
        int value = valueOf(step);
        sum = shape == Shape.TAIL ? value : sum + value;
      }
    } catch (Failure failure) {
      if (!catches) {
        throw failure;
      }
      return -id;
    }
    return sum;
  }

  /** The same of an await. */
  static int valueOf(Step step) {
    Tree tree = step.tree();
    return switch (step.kind()) {
      case CALL, SPAWN, LATER, FORK -> {
        if (tree == null) {
          throw new AssertionError(step);
        }
        yield tree.value();
      }
      case READY, PLAIN, TASK, BLOCKING, IN_PLACE -> step.number();
      case FAIL, FAILED -> throw new Failure(step.number());
      default -> 0;
    };
  }

  /** True if one of the calls in it uses a socket. */
  boolean usesSockets() {
    return shape == Shape.ECHO || usesSockets(body) || usesSockets(cleanup);
  }

  private static boolean usesSockets(List<Step> steps) {
    for (Step step : steps) {
      if (step.tree() != null && step.tree().usesSockets()) {
        return true;
      }
    }
    return false;
  }

  /** As an indented list. */
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder();
    print(out, "");
    return out.toString();
  }

  private void print(StringBuilder out, String indent) {
    out.append(shape).append(' ').append(id);
    if (!openings.isEmpty()) {
      out.append(' ').append(openings);
    }
    out.append(catches ? " catches" : "").append(swallows ? " swallows" : "").append('\n');
    print(out, indent + "  ", body);
    if (!cleanup.isEmpty()) {
      out.append(indent).append(" finally\n");
      print(out, indent + "  ", cleanup);
    }
  }

  private static void print(StringBuilder out, String indent, List<Step> steps) {
    for (Step step : steps) {
      out.append(indent).append(step.kind()).append(' ');
      if (step.wrap() != Wrap.NONE) {
        out.append(step.wrap()).append(' ');
      }
      if (step.tree() != null) {
        step.tree().print(out, indent);
      } else {
        out.append(step.number()).append('\n');
      }
    }
  }
}
