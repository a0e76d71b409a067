package dev.weft.weaver.prepare;

import dev.weft.weaver.analysis.ControlFlow;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.Iterator;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/**
 * Removes the instructions that cannot be reached, and the try blocks and variable ranges that are
 * empty without them. Such code is verified all the same, so it must not be left with wrong types.
 */
public final class DeadCode {
  private DeadCode() {}

  /** Removes it from a method. */
  public static void remove(MethodNode method) {
    BitSet reached = reached(method);
    int index = 0;
    for (Iterator<AbstractInsnNode> all = method.instructions.iterator(); all.hasNext(); index++) {
      AbstractInsnNode insn = all.next();
      if (!reached.get(index) && !(insn instanceof LabelNode)) {
        all.remove();
      }
    }
    method.tryCatchBlocks.removeIf(block -> isEmpty(block.start, block.end));
    if (method.localVariables != null) {
      method.localVariables.removeIf(variable -> isEmpty(variable.start, variable.end));
    }
  }

  private static BitSet reached(MethodNode method) {
    ControlFlow flow = new ControlFlow(method);
    BitSet reached = new BitSet();
    Deque<Integer> work = new ArrayDeque<>();
    work.push(0);
    while (!work.isEmpty()) {
      int index = work.pop();
      if (index >= method.instructions.size() || reached.get(index)) {
        continue;
      }
      reached.set(index);
      flow.forEachSuccessor(index, work::push);
      if (method.instructions.get(index).getOpcode() >= 0) {
        for (TryCatchBlockNode block : flow.handlersAt(index)) {
          work.push(method.instructions.indexOf(block.handler));
        }
      }
    }
    return reached;
  }

  private static boolean isEmpty(LabelNode start, LabelNode end) {
    for (AbstractInsnNode at = start; at != null && at != end; at = at.getNext()) {
      if (!(at instanceof LabelNode || at instanceof LineNumberNode || at instanceof FrameNode)) {
        return false;
      }
    }
    return true;
  }
}
