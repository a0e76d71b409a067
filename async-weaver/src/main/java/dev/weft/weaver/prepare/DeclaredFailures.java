package dev.weft.weaver.prepare;

import dev.weft.weaver.Names;
import dev.weft.weaver.scan.AwaitCall;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Makes {@code await(stage, TimeoutException.class)} the await that it is: the class is for the
 * compiler alone, which learns from it what to let a {@code catch} name. So nothing after this
 * knows that there is more than one await.
 */
public final class DeclaredFailures {
  private DeclaredFailures() {}

  /** Changes the calls of a class, in place. */
  public static void forget(ClassNode owner) {
    for (MethodNode method : owner.methods) {
      for (AbstractInsnNode insn : method.instructions.toArray()) {
        if (AwaitCall.isWeftAwait(insn)) {
          forget(method, (MethodInsnNode) insn);
        }
      }
    }
  }

  private static void forget(MethodNode method, MethodInsnNode await) {
    int classes = Type.getArgumentTypes(await.desc).length - 1;
    if (classes <= 0) {
      return;
    }
    await.desc = Names.AWAIT_DESC;
    while (classes > 0 && isClass(await.getPrevious())) {
      method.instructions.remove(await.getPrevious());
      classes--;
    }
    // Left are those with a line number between, or that were computed.
    while (classes-- > 0) {
      method.instructions.insertBefore(await, new InsnNode(Opcodes.POP));
    }
  }

  private static boolean isClass(AbstractInsnNode insn) {
    return insn instanceof LdcInsnNode constant && constant.cst instanceof Type;
  }
}
