package dev.weft.weaver.generated;

import dev.weft.weaver.generated.Tree.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The trees that are one step smaller than a given one: something left out, a statement replaced by
 * what is inside it, an expression by a simple one or by a part of itself. Not all of them are
 * programs: the compiler decides.
 */
final class Reductions {
  private record Reduction(Tree whole, int size) {}

  private final List<Reduction> found = new ArrayList<>();
  private final int size;

  private Reductions(Tree root) {
    size = root.size();
    visit(root, UnaryOperator.identity());
  }

  /** The reductions of a tree, the smallest result first. */
  static List<Tree> of(Tree root) {
    return new Reductions(root)
        .found.stream()
            .sorted(Comparator.comparingInt(Reduction::size))
            .map(Reduction::whole)
            .toList();
  }

  /**
   * Collects the reductions inside a tree.
   *
   * @param rebuild makes a whole of what takes this tree's place
   */
  private void visit(Tree tree, UnaryOperator<Tree> rebuild) {
    if (tree.kind() == Kind.BLOCK) {
      leaveOutRuns(tree, rebuild);
    }
    for (int i = 0; i < tree.parts().size(); i++) {
      if (tree.parts().get(i) instanceof Tree part) {
        int index = i;
        UnaryOperator<Tree> replacing = smaller -> rebuild.apply(tree.with(index, smaller));
        reduce(part, replacing);
        visit(part, replacing);
      }
    }
  }

  private void reduce(Tree part, UnaryOperator<Tree> replacing) {
    switch (part.kind()) {
      case EXPRESSION -> {
        JavaType type = part.type();
        Tree simplest = type == null ? null : Tree.expression(type, type.simplest());
        if (simplest != null && !part.equals(simplest)) {
          add(replacing, part, simplest);
        }
        insides(part, Kind.EXPRESSION, type).forEach(inside -> add(replacing, part, inside));
      }
      case STATEMENT -> {
        add(replacing, part, Tree.NOTHING);
        insides(part, Kind.BLOCK, null).forEach(inside -> add(replacing, part, inside));
      }
      case MEMBER, CLAUSE -> add(replacing, part, Tree.NOTHING);
      case BLOCK -> {}
    }
  }

  /** Half of the statements, a quarter, and so on. */
  private void leaveOutRuns(Tree block, UnaryOperator<Tree> rebuild) {
    int count = block.parts().size();
    for (int length = count; length > 1; length = length / 2) {
      for (int start = 0; start + length <= count; start += length) {
        List<Object> kept = new ArrayList<>(block.parts());
        kept.subList(start, start + length).clear();
        add(rebuild, block, new Tree(Kind.BLOCK, null, List.copyOf(kept)));
      }
    }
  }

  /** The outermost trees of a kind and type inside a tree. */
  private static List<Tree> insides(Tree tree, Kind kind, @Nullable JavaType type) {
    List<Tree> insides = new ArrayList<>();
    for (Object part : tree.parts()) {
      if (part instanceof Tree inside) {
        if (inside.kind() == kind && inside.type() == type) {
          insides.add(inside);
        } else {
          insides.addAll(insides(inside, kind, type));
        }
      }
    }
    return insides;
  }

  private void add(UnaryOperator<Tree> replacing, Tree replaced, Tree replacement) {
    Tree whole = replacing.apply(replacement);
    found.add(new Reduction(whole, size - replaced.size() + replacement.size()));
  }
}
