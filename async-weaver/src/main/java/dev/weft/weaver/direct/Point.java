package dev.weft.weaver.direct;

import dev.weft.weaver.MethodReport.SavedLocal;
import java.util.List;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;

/**
 * An await, and what has to survive it.
 *
 * @param call its instruction
 * @param state the frame's state while it is parked here, from 1
 * @param line its source line, or 0
 * @param ea true if it follows EA Async's rules for exceptions
 * @param future true if the awaited stage is a {@code CompletableFuture} by its type
 * @param stack the types on the operand stack below the awaited stage; {@link #NULL} for the null
 *     constant
 * @param saved the locals and stack values that the frame keeps, stack values first
 * @param nullLocals the local slots that hold the null constant, which needs no saving
 * @param lock the local slot of the object whose monitor is held here, or -1
 * @param resumed where the method goes on with the awaited future, complete, on its stack
 * @param report what is saved, for people
 */
record Point(
    MethodInsnNode call,
    int state,
    int line,
    boolean ea,
    boolean future,
    List<Type> stack,
    List<Variable> saved,
    List<Integer> nullLocals,
    int lock,
    LabelNode resumed,
    List<SavedLocal> report) {

  /** The type of the null constant, by the name that ASM gives it. */
  static final Type NULL = Type.getObjectType("null");
}
