package dev.weft.weaver.bare;

import dev.weft.weaver.Names;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * The returns of a bare entry. What is complete where it is made, {@code return Async.done(x)}, is
 * returned as the value; anything else as it is, for the caller to await.
 */
final class BareReturns {
  private static final String DONE = "done";
  private static final String COMPLETED = "completedFuture";

  /** Final classes of values, which are no stages. */
  private static final Set<String> PLAIN =
      Set.of(
          "java/lang/Boolean",
          "java/lang/Byte",
          "java/lang/Character",
          "java/lang/Short",
          "java/lang/Integer",
          "java/lang/Long",
          "java/lang/Float",
          "java/lang/Double",
          "java/lang/String");

  private BareReturns() {}

  /** True if a method has a return of a value. */
  static boolean hasOne(MethodNode method) {
    for (AbstractInsnNode insn : method.instructions) {
      if (insn.getOpcode() == Opcodes.ARETURN && literalBefore(insn) != null) {
        return true;
      }
    }
    return false;
  }

  /** True if a method makes some of what it returns by the JDK's method and not by Weft's. */
  static boolean areCompleted(MethodNode method) {
    for (AbstractInsnNode insn : method.instructions) {
      MethodInsnNode literal = insn.getOpcode() == Opcodes.ARETURN ? literalBefore(insn) : null;
      if (literal != null && literal.name.equals(COMPLETED)) {
        return true;
      }
    }
    return false;
  }

  /** Has a method return values. */
  static void make(MethodNode method) {
    for (AbstractInsnNode insn : method.instructions.toArray()) {
      if (insn.getOpcode() != Opcodes.ARETURN) {
        continue;
      }
      MethodInsnNode literal = literalBefore(insn);
      if (literal == null) {
        method.instructions.insertBefore(insn, returned());
      } else if (Type.getArgumentTypes(literal.desc).length == 0) {
        method.instructions.set(literal, new InsnNode(Opcodes.ACONST_NULL));
      } else if (isPlain(literal.getPrevious())) {
        method.instructions.remove(literal);
      } else {
        method.instructions.set(
            literal, BareSite.runtime("value", "(" + Names.OBJECT_DESC + ")" + Names.OBJECT_DESC));
      }
    }
  }

  /** With a future on the stack: leaves that, as a bare entry has it. */
  static MethodInsnNode returned() {
    return BareSite.runtime("returned", "(" + Names.FUTURE_DESC + ")" + Names.OBJECT_DESC);
  }

  /** The call that makes a complete future of what is about to be returned, if there is one. */
  static @Nullable MethodInsnNode literalBefore(AbstractInsnNode insn) {
    AbstractInsnNode at = insn.getPrevious();
    while (at != null && at.getOpcode() < 0 && !(at instanceof FrameNode)) {
      at = at.getPrevious();
    }
    if (!(at instanceof MethodInsnNode call) || call.getOpcode() != Opcodes.INVOKESTATIC) {
      return null;
    }
    boolean makesOne =
        call.owner.equals(Names.ASYNC) && call.name.equals(DONE)
            || call.owner.equals(Names.FUTURE) && call.name.equals(COMPLETED);
    return makesOne ? call : null;
  }

  /** True of the internal names of some final classes, none of which is one of stages. */
  static boolean isPlain(String type) {
    return PLAIN.contains(type);
  }

  private static boolean isPlain(@Nullable AbstractInsnNode made) {
    if (made instanceof LdcInsnNode constant) {
      return constant.cst instanceof String;
    }
    if (made instanceof MethodInsnNode call) {
      Type result = Type.getReturnType(call.desc);
      return result.getSort() == Type.OBJECT && isPlain(result.getInternalName());
    }
    return made != null && made.getOpcode() == Opcodes.ACONST_NULL;
  }
}
