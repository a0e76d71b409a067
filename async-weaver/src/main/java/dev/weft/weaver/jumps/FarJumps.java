package dev.weft.weaver.jumps;

import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Widens the jumps that would span more than the 32 KiB of a jump's two bytes: {@code goto} becomes
 * {@code goto_w}, and as no condition has a wide form, {@code ifeq far} becomes
 *
 * <pre>
 *   ifne near
 *   goto_w far
 * near:
 *   (a stack map frame, because it is jumped to now)
 * </pre>
 *
 * To be called on what is given to a {@code ClassWriter}. Left to itself, ASM finds out while it
 * writes, reads the class that it has just written, and infers the missing frames from the flow of
 * the method: that fails for some methods (it indexes an array with a local that no frame has, in
 * ASM 9.11.1) and is given up for others (its bound on the work counts locals times blocks). Here
 * frames come from one walk along the code instead, as the JVM's verifier does it, since all other
 * frames are there.
 */
public final class FarJumps {
  private FarJumps() {}

  /**
   * Widens the jumps of all methods of a class whose frames are expanded. Leaves classes of Java 6
   * and before to ASM, which has no frames to infer there.
   */
  public static void widen(ClassNode owner) {
    if ((owner.version & 0xFFFF) < Opcodes.V1_7) {
      return;
    }
    owner.methods.replaceAll(method -> widened(owner.name, method));
  }

  /** The method with its far jumps widened; the same if it has none. */
  public static MethodNode widened(String owner, MethodNode method) {
    Set<JumpInsnNode> far = CodeOffsets.farJumps(method);
    if (far.isEmpty()) {
      return method;
    }
    MethodNode widened =
        new MethodNode(
            method.access,
            method.name,
            method.desc,
            method.signature,
            method.exceptions.toArray(String[]::new));
    method.accept(new Widening(owner, method, far, widened));
    return widened;
  }

  /** True if a frame stands right behind an instruction already. */
  static boolean isBeforeFrame(AbstractInsnNode insn) {
    AbstractInsnNode next = insn.getNext();
    while (next != null && next.getOpcode() < 0 && !(next instanceof FrameNode)) {
      next = next.getNext();
    }
    return next instanceof FrameNode;
  }
}
