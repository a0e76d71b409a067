package dev.weft.weaver.lifetimes;

import dev.weft.weaver.lifetimes.Tree.Failure;
import dev.weft.weaver.lifetimes.Tree.Kind;
import dev.weft.weaver.lifetimes.Tree.Shape;
import dev.weft.weaver.lifetimes.Tree.Step;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * What a call that has children comes to, if nobody cancels anything. Which child is the first to
 * fail, or to succeed, is nobody's to know: so what the call makes of it is the same for each.
 */
final class FamilyModel {
  private FamilyModel() {}

  /**
   * What such a call comes to.
   *
   * @throws Failure if it fails
   */
  static int value(Tree tree) {
    int sum = tree.id();
    for (Step step : own(tree)) {
      sum += Tree.valueOf(step);
    }
    List<Step> children = children(tree);
    switch (tree.shape()) {
      case FAIL_FAST -> {
        for (Step child : children) {
          sum += outcome(child).orElseThrow(() -> failure(tree));
        }
      }
      case CHANNEL -> {
        for (Step child : children) {
          outcome(child).orElseThrow(() -> failure(tree));
          sum += sent(child);
        }
      }
      case FIRST -> {
        if (children.stream().noneMatch(child -> outcome(child).isPresent())) {
          throw failure(tree);
        }
      }
      case COLLECT, SET -> {
        for (Step child : children) {
          sum += outcome(child).orElse(INSTEAD);
        }
      }
      default -> {} // whatever they bring
    }
    return sum;
  }

  /** What counts for a child that has failed. */
  static final int INSTEAD = -1;

  /** How a call fails because its children have: not like any one of them. */
  static Failure failure(Tree tree) {
    return new Failure(-tree.id());
  }

  /** What a child brings; nothing if it fails. */
  static OptionalInt outcome(Step child) {
    try {
      return OptionalInt.of(Tree.valueOf(child));
    } catch (Failure failure) {
      return OptionalInt.empty();
    }
  }

  /** All that a child sends. */
  private static int sent(Step child) {
    int sum = 0;
    for (Step step : tree(child).body()) {
      sum += Tree.valueOf(step);
    }
    return sum;
  }

  /** True if a child may fail with this. */
  static boolean mayFailWith(Step child, Failure failure) {
    try {
      Tree.valueOf(child);
      return false;
    } catch (Failure expected) {
      return expected.number == failure.number;
    }
  }

  /** True if it may when it was told to end, and its clean-up brings what has failed in it. */
  static boolean mayHaveWithin(Step step, Failure failure) {
    Tree tree = step.tree();
    return tree == null
        ? step.number() == failure.number
        : tree.id() == -failure.number
            || tree.body().stream().anyMatch(inner -> mayHaveWithin(inner, failure))
            || tree.cleanup().stream().anyMatch(inner -> mayHaveWithin(inner, failure));
  }

  /** True if a child ends although nobody cancels it or lets go of a lock. */
  static boolean endsByItself(Step child) {
    return !contains(tree(child), step -> step.kind().isNever() || step.kind() == Kind.LOCK);
  }

  /** True if there is such a step in a tree. */
  static boolean contains(Tree tree, Predicate<Step> which) {
    return Stream.concat(tree.body().stream(), tree.cleanup().stream())
        .anyMatch(
            step -> which.test(step) || (step.tree() != null && contains(step.tree(), which)));
  }

  static List<Step> children(Tree tree) {
    return tree.body().stream().filter(step -> step.kind() == Kind.FORK).toList();
  }

  /** What the parent awaits while they run. */
  static List<Step> own(Tree tree) {
    return tree.body().stream().filter(step -> step.kind() != Kind.FORK).toList();
  }

  /** True if the end of one child may be the end of the others. */
  static boolean mayEndOthers(Shape shape, boolean value) {
    return switch (shape) {
      case FAIL_FAST, LEFT, CHANNEL -> !value;
      case FIRST -> value;
      default -> false;
    };
  }

  private static Tree tree(Step child) {
    Tree tree = child.tree();
    if (tree == null) {
      throw new AssertionError(child);
    }
    return tree;
  }
}
