package dev.weft.weaver.generated;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A piece of a program: text with smaller pieces in it. That is all the syntax that printing and
 * shrinking need: what may be left out, and what stands for a value of which type.
 *
 * @param type the type of an expression, null for everything else
 * @param parts {@link String}s and trees in their order in the source
 */
record Tree(Kind kind, @Nullable JavaType type, List<Object> parts) {
  enum Kind {
    /** Has a value; may be replaced by any other expression of its type. */
    EXPRESSION,
    /** Stands in a block; may be left out, or replaced by the blocks inside it. */
    STATEMENT,
    /** A catch, an else, a case and the like: may be left out. */
    CLAUSE,
    /** A method or a class: may be left out. */
    MEMBER,
    /** A list of statements or members. */
    BLOCK
  }

  static final Tree NOTHING = new Tree(Kind.BLOCK, null, List.of());

  static Tree expression(JavaType type, Object... parts) {
    return new Tree(Kind.EXPRESSION, type, List.of(parts));
  }

  static Tree statement(Object... parts) {
    return new Tree(Kind.STATEMENT, null, List.of(parts));
  }

  static Tree member(Object... parts) {
    return new Tree(Kind.MEMBER, null, List.of(parts));
  }

  static Tree block(List<Tree> statements) {
    return new Tree(Kind.BLOCK, null, List.copyOf(statements));
  }

  /** The number of trees in this one, itself included. */
  int size() {
    int size = 1;
    for (Object part : parts) {
      if (part instanceof Tree tree) {
        size += tree.size();
      }
    }
    return size;
  }

  /** This tree with one part replaced. */
  Tree with(int index, Tree replacement) {
    List<Object> changed = new ArrayList<>(parts);
    changed.set(index, replacement);
    return new Tree(kind, type, List.copyOf(changed));
  }

  /** The source text, without indentation. */
  String text() {
    StringBuilder text = new StringBuilder();
    appendTo(text);
    return text.toString();
  }

  private void appendTo(StringBuilder text) {
    for (Object part : parts) {
      if (part instanceof Tree tree) {
        tree.appendTo(text);
        if (kind == Kind.BLOCK && !text.isEmpty() && text.charAt(text.length() - 1) != '\n') {
          text.append('\n');
        }
      } else {
        text.append(part);
      }
    }
  }
}
