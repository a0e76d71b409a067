package dev.weft.weaver.prepare;

import dev.weft.weaver.Names;
import dev.weft.weaver.verify.ClassHierarchy;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * Lets the run time decide about {@code addSuppressed}, which is most often the one that a compiler
 * writes for try-with-resources: the exception that an await has thrown may be one that others look
 * at too, and is then not to be changed.
 */
public final class SharedFailureGuard {
  private static final String THROWABLE = "java/lang/Throwable";
  private static final String NAME = "addSuppressed";
  private static final String DESCRIPTOR = "(L" + THROWABLE + ";)V";

  private SharedFailureGuard() {}

  /** Changes the calls of a method, in place. */
  public static void in(MethodNode method, ClassHierarchy hierarchy) {
    for (AbstractInsnNode insn : method.instructions) {
      if (insn.getOpcode() == Opcodes.INVOKEVIRTUAL
          && insn instanceof MethodInsnNode call
          && call.name.equals(NAME)
          && call.desc.equals(DESCRIPTOR)
          && hierarchy.isSubclass(call.owner, THROWABLE)) {
        call.setOpcode(Opcodes.INVOKESTATIC);
        call.owner = Names.SHARED_FAILURES;
        call.desc = "(L" + THROWABLE + ";L" + THROWABLE + ";)V";
      }
    }
  }
}
