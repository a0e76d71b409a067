package dev.weft.weaver.ea;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.tree.MethodNode;

/**
 * A method in two: what runs until the first await that is not ready, and what is resumed.
 *
 * @param first the method under its own name; returns a CompletableFuture
 * @param continued its continuation: static, the saved values as parameters, then the state and the
 *     result of the await
 * @param points the awaits, in order; state n is the one at index n - 1
 * @param helpers further methods that the two call
 */
public record SplitMethod(
    MethodNode first, MethodNode continued, List<Point> points, List<MethodNode> helpers) {

  /**
   * An await.
   *
   * @param line its source line, or 0
   * @param future true if what is awaited is known to be a future
   * @param ea true if it follows EA Async's rules for exceptions
   * @param monitors how many monitors its synchronized blocks hold
   * @param live the local slots that may be read after it
   * @param nullLocals the local slots whose type is that of the null constant
   * @param nullStack likewise, the positions on the stack
   * @param variables the source variables in scope, by slot
   */
  public record Point(
      int line,
      boolean future,
      boolean ea,
      int monitors,
      BitSet live,
      BitSet nullLocals,
      BitSet nullStack,
      Map<Integer, Variable> variables) {}

  /**
   * A local variable of the source.
   *
   * @param name its name
   * @param descriptor its declared type
   */
  public record Variable(String name, String descriptor) {}
}
