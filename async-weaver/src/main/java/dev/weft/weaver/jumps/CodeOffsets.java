package dev.weft.weaver.jumps;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.CodeSizeEvaluator;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * How far apart the instructions of a method may come to stand once it is written, and which of its
 * jumps are too far for their two bytes.
 *
 * <p>An offset is not known before the method is written: a constant is loaded by two bytes or by
 * three, depending on its place in a constant pool that is not complete yet, and switches are
 * padded. Every instruction is therefore given the most that it can take. Distances come out too
 * long, by a byte for each constant and three for each switch in between, and never too short: a
 * jump may be widened without need, and none is left that ASM would have to widen.
 */
final class CodeOffsets {
  /** A jump's two bytes are signed, and count from its opcode. */
  private static final int FARTHEST_FORWARD = Short.MAX_VALUE;

  private static final int FARTHEST_BACK = Short.MIN_VALUE;

  private static final int JUMP = 3;
  private static final int WIDE_GOTO = 5;

  private final MethodNode method;
  private final int[] most;

  /** By index, the first byte of the instruction; one more than there are instructions. */
  private final int[] offsets;

  private final Set<JumpInsnNode> far = Collections.newSetFromMap(new IdentityHashMap<>());

  private CodeOffsets(MethodNode method) {
    this.method = method;
    most = new int[method.instructions.size()];
    offsets = new int[most.length + 1];
    Sizes sizes = new Sizes();
    for (int i = 0; i < most.length; i++) {
      most[i] = sizes.mostOf(method.instructions.get(i));
    }
  }

  /**
   * The jumps that may span more than a jump can. Widening one pushes others apart: it is gone on
   * until nothing more becomes far, which ends because no jump is taken back.
   */
  static Set<JumpInsnNode> farJumps(MethodNode method) {
    CodeOffsets offsets = new CodeOffsets(method);
    do {
      offsets.add();
    } while (offsets.last() > FARTHEST_FORWARD && offsets.widen());
    return offsets.far;
  }

  private int last() {
    return offsets[most.length];
  }

  private void add() {
    for (int i = 0; i < most.length; i++) {
      offsets[i + 1] = offsets[i] + most[i];
    }
  }

  private boolean widen() {
    boolean widened = false;
    for (int i = 0; i < most.length; i++) {
      if (method.instructions.get(i) instanceof JumpInsnNode jump && isFar(i, jump)) {
        if (far.add(jump)) {
          most[i] = jump.getOpcode() == Opcodes.GOTO ? WIDE_GOTO : JUMP + WIDE_GOTO;
          widened = true;
        }
      }
    }
    return widened;
  }

  private boolean isFar(int index, JumpInsnNode jump) {
    int distance = offsets[method.instructions.indexOf(jump.label)] - offsets[index];
    return distance > FARTHEST_FORWARD || distance < FARTHEST_BACK;
  }

  /** The most bytes that an instruction takes up; a jump those of a near one. */
  private static final class Sizes extends CodeSizeEvaluator {
    Sizes() {
      super(Opcodes.ASM9, null);
    }

    int mostOf(AbstractInsnNode insn) {
      if (insn instanceof JumpInsnNode) {
        return JUMP;
      }
      int before = getMaxSize();
      insn.accept(this);
      return getMaxSize() - before;
    }
  }
}
