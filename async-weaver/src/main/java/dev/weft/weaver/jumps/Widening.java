package dev.weft.weaver.jumps;

import dev.weft.weaver.lower.StackMaps;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.AnalyzerAdapter;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Copies a method and rewrites some of its jumps. Knows the types before each instruction. */
final class Widening extends AnalyzerAdapter {
  /** ASM writes it and has no name for it: {@code Opcodes} leaves out what it chooses by itself. */
  private static final int GOTO_W = 200;

  private final Iterator<JumpInsnNode> jumps;
  private final Set<JumpInsnNode> far;

  Widening(String owner, MethodNode method, Set<JumpInsnNode> far, MethodVisitor next) {
    super(Opcodes.ASM9, owner, method.access, method.name, method.desc, next);
    this.far = far;
    jumps =
        StreamSupport.stream(method.instructions.spliterator(), false)
            .filter(JumpInsnNode.class::isInstance)
            .map(JumpInsnNode.class::cast)
            .iterator();
  }

  @Override
  public void visitJumpInsn(int opcode, Label label) {
    JumpInsnNode jump = jumps.next();
    if (!far.contains(jump)) {
      super.visitJumpInsn(opcode, label);
    } else if (opcode == Opcodes.GOTO) {
      MethodVisitor out = mv;
      mv = null; // the superclass has only to note it
      super.visitJumpInsn(opcode, label);
      mv = out;
      out.visitJumpInsn(GOTO_W, label);
    } else {
      Label near = new Label();
      super.visitJumpInsn(inverse(opcode), near);
      mv.visitJumpInsn(GOTO_W, label);
      mv.visitLabel(near);
      if (!FarJumps.isBeforeFrame(jump)) {
        visitFrameHere();
      }
    }
  }

  /** Of two opposite conditions the first has an odd opcode, but for those that compare to null. */
  private static int inverse(int opcode) {
    return opcode >= Opcodes.IFNULL ? opcode ^ 1 : ((opcode + 1) ^ 1) - 1;
  }

  private void visitFrameHere() {
    if (locals == null) {
      return; // code that nothing leads to, and that no frame makes valid
    }
    Object[] local = entries(locals);
    Object[] operands = entries(stack);
    mv.visitFrame(Opcodes.F_NEW, local.length, local, operands.length, operands);
  }

  /** The entries of a frame, where two slots with one value have one. */
  private static Object[] entries(List<Object> bySlot) {
    List<Object> entries = new ArrayList<>();
    for (int i = 0; i < bySlot.size(); i += StackMaps.sizeOf(entries.get(entries.size() - 1))) {
      entries.add(bySlot.get(i));
    }
    return entries.toArray();
  }
}
