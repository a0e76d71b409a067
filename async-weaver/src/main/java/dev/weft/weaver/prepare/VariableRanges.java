package dev.weft.weaver.prepare;

import dev.weft.weaver.analysis.ControlFlow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LocalVariableNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Takes out of the local variable table the parts of a variable's scope in which it may have lost
 * its value: behind an await that did not save it, up to where it is written again. A debugger
 * shows nothing there rather than something that is not so.
 */
public final class VariableRanges {
  private final MethodNode method;

  /**
   * What an await does to the locals.
   *
   * @param kept the slots that have their values behind it
   * @param resumed where the method is resumed, or null if that is behind the await itself
   */
  public record Cut(BitSet kept, @Nullable LabelNode resumed) {}

  private final Map<AbstractInsnNode, Cut> cuts;

  /** The slots that have their values before each instruction; null while it is not reached. */
  private final @Nullable BitSet[] valid;

  /**
   * @param cuts by the instruction of the await
   */
  public VariableRanges(MethodNode method, Map<AbstractInsnNode, Cut> cuts) {
    this.method = method;
    this.cuts = cuts;
    valid = new BitSet[method.instructions.size()];
  }

  /** Does so, in place. */
  public void clip() {
    if (method.localVariables == null || method.localVariables.isEmpty()) {
      return;
    }
    follow();
    Map<AbstractInsnNode, LabelNode> labels = new HashMap<>();
    List<LocalVariableNode> clipped = new ArrayList<>();
    for (LocalVariableNode variable : method.localVariables) {
      clip(variable, clipped, labels);
    }
    method.localVariables = clipped;
    InsnList instructions = method.instructions;
    labels.forEach(instructions::insertBefore);
  }

  private void follow() {
    ControlFlow flow = new ControlFlow(method);
    Deque<Integer> work = new ArrayDeque<>();
    BitSet all = new BitSet();
    all.set(0, method.maxLocals);
    meet(0, all, work);
    while (!work.isEmpty()) {
      int index = work.pop();
      AbstractInsnNode insn = method.instructions.get(index);
      BitSet after = (BitSet) Objects.requireNonNull(valid[index]).clone();
      Cut cut = cuts.get(insn);
      if (cut != null) {
        after.and(cut.kept());
      }
      // Before the write: a handler of this very instruction does not see it.
      for (TryCatchBlockNode block : flow.handlersAt(index)) {
        meet(method.instructions.indexOf(block.handler), after, work);
      }
      if (insn instanceof VarInsnNode write
          && write.getOpcode() >= Opcodes.ISTORE
          && write.getOpcode() <= Opcodes.ASTORE) {
        after.set(write.var);
      }
      flow.forEachSuccessor(index, next -> meet(next, after, work));
    }
  }

  private void meet(int index, BitSet with, Deque<Integer> work) {
    if (index >= valid.length) {
      return;
    }
    BitSet known = valid[index];
    if (known == null) {
      valid[index] = (BitSet) with.clone();
      work.push(index);
    } else {
      int before = known.cardinality();
      known.and(with);
      if (known.cardinality() != before) {
        work.push(index);
      }
    }
  }

  private void clip(
      LocalVariableNode variable,
      List<LocalVariableNode> clipped,
      Map<AbstractInsnNode, LabelNode> labels) {
    int end = method.instructions.indexOf(variable.end);
    LabelNode from = null;
    for (int i = method.instructions.indexOf(variable.start); i < end; i++) {
      AbstractInsnNode insn = method.instructions.get(i);
      if (insn.getOpcode() < 0) {
        continue;
      }
      BitSet values = valid[i];
      boolean has = values != null && values.get(variable.index);
      if (has && from == null) {
        from = labelBefore(insn, labels);
      } else if (!has && from != null) {
        clipped.add(range(variable, from, labelBefore(insn, labels)));
        from = null;
      }
    }
    if (from != null) {
      clipped.add(range(variable, from, variable.end));
    }
  }

  private LabelNode labelBefore(AbstractInsnNode insn, Map<AbstractInsnNode, LabelNode> labels) {
    LabelNode found = null;
    AbstractInsnNode at = insn.getPrevious();
    for (; at != null && at.getOpcode() < 0; at = at.getPrevious()) {
      found = at instanceof LabelNode label ? label : found;
    }
    Cut cut = at == null ? null : cuts.get(at);
    if (cut != null && cut.resumed() != null) {
      return cut.resumed();
    }
    return found != null ? found : labels.computeIfAbsent(insn, key -> new LabelNode());
  }

  private static LocalVariableNode range(LocalVariableNode variable, LabelNode from, LabelNode to) {
    return new LocalVariableNode(
        variable.name, variable.desc, variable.signature, from, to, variable.index);
  }
}
