package dev.weft.weaver.analysis;

import java.util.BitSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Which local slots may still be read, before each instruction. A backward data-flow analysis over
 * all paths, those through exception handlers included.
 */
public final class Liveness {
  private final BitSet[] liveBefore;
  private final Function<AbstractInsnNode, @Nullable BitSet> alsoRead;

  /** A set that is no instruction's; exchanged for one that is out of date. */
  private BitSet spare = new BitSet();

  public Liveness(MethodNode method) {
    this(method, insn -> null);
  }

  /**
   * @param alsoRead the slots that an instruction is to be taken to read besides those that it
   *     does, or null for none
   */
  public Liveness(MethodNode method, Function<AbstractInsnNode, @Nullable BitSet> alsoRead) {
    this.alsoRead = alsoRead;
    int size = method.instructions.size();
    ControlFlow flow = new ControlFlow(method);
    liveBefore = new BitSet[size];
    for (int i = 0; i < size; i++) {
      liveBefore[i] = new BitSet();
    }
    boolean changed = true;
    while (changed) {
      changed = false;
      for (int i = size - 1; i >= 0; i--) {
        changed |= update(method, flow, i);
      }
    }
  }

  /** The slots that may be read at or after the instruction, before they are written again. */
  public BitSet before(int index) {
    return liveBefore[index];
  }

  private boolean update(MethodNode method, ControlFlow flow, int index) {
    AbstractInsnNode insn = method.instructions.get(index);
    BitSet live = spare;
    live.clear();
    flow.forEachSuccessor(index, next -> live.or(liveBefore[next]));
    if (insn instanceof VarInsnNode var && isStore(var.getOpcode())) {
      live.clear(var.var);
    }
    // After the kill: an exception leaves the slot as it was before the instruction.
    for (TryCatchBlockNode block : flow.handlersAt(index)) {
      live.or(liveBefore[method.instructions.indexOf(block.handler)]);
    }
    if (insn instanceof VarInsnNode var && !isStore(var.getOpcode())) {
      live.set(var.var);
    } else if (insn instanceof IincInsnNode increment) {
      live.set(increment.var);
    }
    BitSet also = alsoRead.apply(insn);
    if (also != null) {
      live.or(also);
    }
    if (live.equals(liveBefore[index])) {
      return false;
    }
    spare = liveBefore[index];
    liveBefore[index] = live;
    return true;
  }

  private static boolean isStore(int opcode) {
    return opcode >= Opcodes.ISTORE && opcode <= Opcodes.ASTORE;
  }
}
