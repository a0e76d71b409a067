package dev.weft.weaver;

import dev.weft.weaver.direct.DirectLowering;
import dev.weft.weaver.ea.EaLowering;
import dev.weft.weaver.lower.LoweredMethod;
import dev.weft.weaver.lower.Lowering;
import dev.weft.weaver.lower.LoweringTarget;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.MethodNode;

/**
 * Which engine lowers each method of a class. With {@link Engine#AUTO} that may turn out late, when
 * the woven class is verified: the choice is then {@linkplain #revise revised}, and the class woven
 * anew.
 */
final class EngineChoice {
  private static final Lowering EA = new EaLowering();
  private static final Lowering DIRECT = new DirectLowering();

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
      try {
        return new Choice(EA.lower(target), Engine.EA, "EA Async splits it right");
      } catch (Refusal refusal) {
        reason = String.valueOf(refusal.getMessage());
      } catch (RuntimeException wrong) { // EA Async's own errors are of many kinds
        reason = "EA Async fails: " + wrong;
      }
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

  private static String key(MethodNode method) {
    return method.name + method.desc;
  }
}
