package dev.weft.weaver;

import dev.weft.weaver.direct.DirectLowering;
import dev.weft.weaver.ea.EaLowering;
import dev.weft.weaver.lower.LoweredMethod;
import dev.weft.weaver.lower.Lowering;
import dev.weft.weaver.lower.LoweringTarget;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.commons.CodeSizeEvaluator;
import org.objectweb.asm.tree.AnnotationNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Which engine lowers each method of a class. With {@link Engine#AUTO} that is EA Async wherever it
 * splits the method right, and every method of the result is small enough for HotSpot to compile.
 * What EA Async gets wrong shows in three places: it refuses or fails, the woven class does not
 * verify, or a method in it has outgrown its limit. The last two turn out late: the choice is then
 * {@linkplain #revise revised}, and the class woven anew.
 */
final class EngineChoice {
  private static final Lowering EA = new EaLowering();
  private static final Lowering DIRECT = new DirectLowering();

  /** Why a method that EA Async has split is lowered by {@link Engine#DIRECT} after all. */
  static final String TOO_LARGE_BY_EA =
      "EA Async would make a method of over "
          + CodeSizes.HOTSPOT_LIMIT
          + " bytes, which HotSpot does not compile";

  /** The same of what either engine makes. */
  static final String TOO_LARGE =
      "it would have more than "
          + CodeSizes.HOTSPOT_LIMIT
          + " bytes of code, which HotSpot does not compile";

  private static final String SPLIT_RIGHT =
      "it splits the method right, and HotSpot compiles what it makes of it";

  /** A lowered method, the engine that did it, and why it was that one. */
  record Choice(LoweredMethod lowered, Engine engine, String reason) {}

  private final Engine wanted;

  /** By method: why EA Async is not to split it. */
  private final Map<String, String> notByEa = new HashMap<>();

  EngineChoice(Engine wanted) {
    this.wanted = wanted;
  }

  Choice lower(LoweringTarget target) throws Refusal {
    if (wanted != Engine.AUTO) {
      Lowering lowering = wanted == Engine.EA ? EA : DIRECT;
      return new Choice(lowering.lower(target), wanted, MethodReport.ASKED_FOR);
    }
    String key = target.async().source().name + target.async().compiled();
    String reason = notByEa.get(key);
    if (reason == null) {
      reason = withoutTrying(target);
    }
    if (reason == null) {
      try {
        LoweredMethod lowered = EA.lower(target);
        if (largestOf(lowered) <= CodeSizes.HOTSPOT_LIMIT) {
          return new Choice(lowered, Engine.EA, SPLIT_RIGHT);
        }
        reason = TOO_LARGE_BY_EA;
      } catch (Refusal refusal) {
        reason = "EA Async cannot take it: " + withoutRemedy(String.valueOf(refusal.getMessage()));
      } catch (RuntimeException wrong) { // EA Async's own errors are of many kinds
        reason = "EA Async fails: " + wrong;
      }
    }
    notByEa.put(key, reason);
    return new Choice(DIRECT.lower(target), Engine.DIRECT, reason);
  }

  /** What speaks against EA Async before it has seen the method; null if nothing does. */
  private static @Nullable String withoutTrying(LoweringTarget target) {
    MethodNode method = target.async().method();
    if (isAnnotated(method.invisibleAnnotations)) {
      return "the method is annotated @WovenDirect";
    }
    if (isAnnotated(target.owner().invisibleAnnotations)) {
      return "its class is annotated @WovenDirect";
    }
    if (target.debug()) {
      return "EA Async keeps no local alive that the method does not read again";
    }
    // Either of the two methods that EA Async makes of it holds all of its code.
    return sizeOf(method) > CodeSizes.HOTSPOT_LIMIT ? TOO_LARGE_BY_EA : null;
  }

  /** What to do about it is nothing for a method that is woven all the same. */
  private static String withoutRemedy(String refusal) {
    int end = refusal.indexOf(". ");
    return end < 0 ? refusal : refusal.substring(0, end);
  }

  private static boolean isAnnotated(@Nullable List<AnnotationNode> annotations) {
    return annotations != null
        && annotations.stream().anyMatch(each -> each.desc.equals(Names.WOVEN_DIRECT_DESC));
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

  /** Bytes of code of the largest of the methods that a method has become; see {@link #sizeOf}. */
  private static int largestOf(LoweredMethod lowered) {
    return Math.max(
        sizeOf(lowered.first()),
        lowered.added().stream().mapToInt(EngineChoice::sizeOf).max().orElse(0));
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
}
