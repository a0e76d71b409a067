package dev.weft.weaver;

import dev.weft.weaver.direct.DirectLowering;
import dev.weft.weaver.ea.EaLowering;
import dev.weft.weaver.lower.LoweredMethod;
import dev.weft.weaver.lower.Lowering;
import dev.weft.weaver.lower.LoweringTarget;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.commons.CodeSizeEvaluator;
import org.objectweb.asm.tree.MethodNode;

/**
 * Which engine lowers each method of a class. With {@link Engine#AUTO} that may turn out late, when
 * the woven class is verified: the choice is then {@linkplain #revise revised}, and the class woven
 * anew.
 */
final class EngineChoice {
  private static final Lowering EA = new EaLowering();
  private static final Lowering DIRECT = new DirectLowering();

  /** How many times its original code a woven method may have, as long as there is a choice. */
  private static final double MOST_GROWTH = 2.5;

  /**
   * EA Async holds the method's code twice, and at each await in either copy the saving and
   * restoring of all locals in scope: this much at the least, as measured over the corpus.
   */
  private static final int EA_BYTES_PER_AWAIT = 50;

  /** A lowered method, the engine that did it, and why not the other. */
  record Choice(LoweredMethod lowered, Engine engine, String reason) {}

  private final Engine wanted;

  /** By method: what is wrong with it when EA Async splits it. */
  private final Map<String, String> notByEa = new HashMap<>();

  EngineChoice(Engine wanted) {
    this.wanted = wanted;
  }

  Choice lower(LoweringTarget target) throws Refusal {
    if (wanted != Engine.AUTO) {
      Lowering lowering = wanted == Engine.EA ? EA : DIRECT;
      return new Choice(lowering.lower(target), wanted, "this engine is asked for");
    }
    String key = key(target.async().method());
    String reason = notByEa.get(key);
    if (reason == null && target.debug()) {
      reason = "EA Async keeps no local alive that the method does not read again";
    }
    if (reason == null) {
      int size = sizeOf(target.async().method());
      int awaits = target.async().awaits().size();
      if (2 * size + EA_BYTES_PER_AWAIT * awaits <= MOST_GROWTH * size) {
        try {
          LoweredMethod lowered = EA.lower(target);
          if (sizeOf(lowered) <= MOST_GROWTH * size) {
            return new Choice(lowered, Engine.EA, "EA Async splits it right");
          }
        } catch (Refusal refusal) {
          reason = String.valueOf(refusal.getMessage());
        } catch (RuntimeException wrong) { // EA Async's own errors are of many kinds
          reason = "EA Async fails: " + wrong;
        }
      }
      reason = reason == null ? "EA Async's code would be over 2.5 times the original" : reason;
      notByEa.put(key, reason);
    }
    return new Choice(DIRECT.lower(target), Engine.DIRECT, reason);
  }

  /**
   * Takes back the choice of EA Async for a method.
   *
   * @param problem what is wrong with the woven code
   * @return true if another engine is left, and the class is to be woven again
   */
  boolean revise(@Nullable MethodReport method, String problem) {
    return wanted == Engine.AUTO
        && method != null
        && method.engine() == Engine.EA
        && notByEa.putIfAbsent(method.name() + method.descriptor(), problem) == null;
  }

  /** Bytes of code that stand for a lowered method. */
  static int sizeOf(LoweredMethod lowered) {
    return sizeOf(lowered.first()) + lowered.added().stream().mapToInt(EngineChoice::sizeOf).sum();
  }

  /**
   * Bytes of a method's code; without the padding of its switches, and without the third byte of
   * loads from far back in the constant pool.
   */
  static int sizeOf(MethodNode method) {
    CodeSizeEvaluator size = new CodeSizeEvaluator(null);
    method.accept(size);
    return size.getMinSize();
  }

  private static String key(MethodNode method) {
    return method.name + method.desc;
  }
}
