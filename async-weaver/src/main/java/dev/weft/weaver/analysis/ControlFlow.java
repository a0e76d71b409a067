package dev.weft.weaver.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LookupSwitchInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/**
 * Where control can go from each instruction of a method, by instruction index. Labels, lines and
 * frames count as instructions that fall through.
 */
public final class ControlFlow {
  private final InsnList instructions;
  private final List<List<TryCatchBlockNode>> handlers;

  public ControlFlow(MethodNode method) {
    instructions = method.instructions;
    handlers = new ArrayList<>(instructions.size());
    for (int i = 0; i < instructions.size(); i++) {
      handlers.add(List.of());
    }
    for (TryCatchBlockNode block : method.tryCatchBlocks) {
      int end = instructions.indexOf(block.end);
      for (int i = instructions.indexOf(block.start); i < end; i++) {
        List<TryCatchBlockNode> covering = handlers.get(i);
        if (covering.isEmpty()) {
          covering = new ArrayList<>(2);
          handlers.set(i, covering);
        }
        covering.add(block);
      }
    }
  }

  /** The try blocks around an instruction, innermost first. */
  public List<TryCatchBlockNode> handlersAt(int index) {
    return handlers.get(index);
  }

  /** Calls the consumer with the index of every instruction that may run next, exceptions aside. */
  public void forEachSuccessor(int index, IntConsumer successor) {
    AbstractInsnNode insn = instructions.get(index);
    if (insn instanceof JumpInsnNode jump) {
      successor.accept(instructions.indexOf(jump.label));
    } else if (insn instanceof TableSwitchInsnNode table) {
      forEachTarget(table.dflt, table.labels, successor);
    } else if (insn instanceof LookupSwitchInsnNode lookup) {
      forEachTarget(lookup.dflt, lookup.labels, successor);
    }
    if (!endsFlow(insn) && index + 1 < instructions.size()) {
      successor.accept(index + 1);
    }
  }

  private void forEachTarget(LabelNode dflt, List<LabelNode> labels, IntConsumer successor) {
    successor.accept(instructions.indexOf(dflt));
    for (LabelNode label : labels) {
      successor.accept(instructions.indexOf(label));
    }
  }

  /** True if control never falls through to the next instruction. */
  public static boolean endsFlow(AbstractInsnNode insn) {
    int opcode = insn.getOpcode();
    return opcode == Opcodes.GOTO
        || opcode == Opcodes.TABLESWITCH
        || opcode == Opcodes.LOOKUPSWITCH
        || opcode == Opcodes.ATHROW
        || opcode >= Opcodes.IRETURN && opcode <= Opcodes.RETURN;
  }
}
