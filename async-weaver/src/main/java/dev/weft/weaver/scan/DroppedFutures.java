package dev.weft.weaver.scan;

import dev.weft.weaver.DiagnosticCode;
import dev.weft.weaver.Names;
import dev.weft.weaver.verify.ClassHierarchy;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Finds calls whose future nobody looks at: what they start may not have ended when the next line
 * runs, and if it fails, nobody hears of it. Most often an {@code await} was forgotten.
 *
 * <p>In every method of a class that awaits somewhere. Left out is what is made to be left alone:
 *
 * <ul>
 *   <li>{@code spawn} and {@code spawnBlocking}, {@code runAsync}: they start a task, and a task
 *       that nobody waits for is a common thing. (Tokio's {@code JoinHandle} may be dropped too.)
 *   <li>the stages of CompletionStage that are registered for their effect, such as {@code
 *       whenComplete} and {@code thenAccept}: where they lose an exception, they have been asked
 *       to.
 *   <li>calls that return the future they are called on: {@code orTimeout} and its like.
 *   <li>methods that say so themselves, by {@code @MayBeDropped} or a
 *       {@code @CanIgnoreReturnValue}.
 * </ul>
 *
 * What a generic method returns is an Object in bytecode, so {@code map.put(key, future)} is not
 * mistaken for one.
 */
public final class DroppedFutures {
  private static final Set<String> EFFECTS =
      Set.of(
          "whenComplete",
          "handle",
          "exceptionally",
          "exceptionallyCompose",
          "thenAccept",
          "thenRun",
          "thenAcceptBoth",
          "runAfterBoth",
          "runAfterEither",
          "acceptEither",
          "complete", // completeAsync
          "orTimeout",
          "completeOnTimeout",
          "run"); // runAsync

  private static final Set<String> STARTS = Set.of("spawn", "spawnBlocking");

  private final ClassHierarchy hierarchy;
  private final AnnotatedMethods droppable;

  public DroppedFutures(ClassHierarchy hierarchy) {
    this.hierarchy = hierarchy;
    this.droppable = new AnnotatedMethods(hierarchy, DroppedFutures::permits);
  }

  /** Error Prone's annotation has copies in several packages. */
  private static boolean permits(String annotation) {
    return annotation.equals(Names.MAY_BE_DROPPED_DESC)
        || annotation.matches(".*[/$]CanIgnoreReturnValue;");
  }

  /** The calls in a class that drop a future. */
  public List<RiskyCall> in(ClassNode owner) {
    List<RiskyCall> found = new ArrayList<>();
    for (MethodNode method : owner.methods) {
      for (AbstractInsnNode insn : method.instructions) {
        if (insn instanceof MethodInsnNode call && isDropped(call) && isMeantToBeKept(call)) {
          found.add(risky(call));
        }
      }
    }
    return found;
  }

  private static boolean isDropped(MethodInsnNode call) {
    AbstractInsnNode next = call.getNext();
    while (next != null && next.getOpcode() < 0) { // labels, lines, stack maps
      next = next.getNext();
    }
    return next != null && next.getOpcode() == Opcodes.POP;
  }

  private boolean isMeantToBeKept(MethodInsnNode call) {
    Type result = Type.getReturnType(call.desc);
    if (result.getSort() != Type.OBJECT
        || !hierarchy.isSubclass(result.getInternalName(), Names.STAGE)) {
      return false;
    }
    if (call.owner.startsWith("dev/weft/") && STARTS.contains(call.name)) {
      return false;
    }
    if (hierarchy.isSubclass(call.owner, Names.STAGE)
        && EFFECTS.contains(call.name.replaceFirst("Async$", ""))) {
      return false;
    }
    return !droppable.has(call.owner, call.name, call.desc);
  }

  private static RiskyCall risky(MethodInsnNode call) {
    return new RiskyCall(
        DiagnosticCode.DROPPED_FUTURE,
        AwaitCall.lineOf(call),
        "the future that "
            + Type.getObjectType(call.owner).getClassName().replaceFirst(".*[.$]", "")
            + "."
            + call.name
            + " returns is dropped: nobody will know when it ends, nor that it failed. Await it,"
            + " return it, or keep it in a variable");
  }
}
