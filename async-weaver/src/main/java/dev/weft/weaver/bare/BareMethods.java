package dev.weft.weaver.bare;

import dev.weft.weaver.Names;
import dev.weft.weaver.scan.AwaitCall;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.AnnotationNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/** Which methods of a class, woven or not, have a bare entry or may have one. */
final class BareMethods {
  private static final int UNFIT_FLAGS =
      Opcodes.ACC_NATIVE | Opcodes.ACC_ABSTRACT | Opcodes.ACC_SYNCHRONIZED;

  private static final int ENTRY_FLAGS = Opcodes.ACC_PRIVATE | Opcodes.ACC_BRIDGE;

  private BareMethods() {}

  /** True of an async method that can be given one. */
  static boolean mayHaveEntry(ClassNode owner, MethodNode method) {
    String result = Type.getReturnType(method.desc).getDescriptor();
    return (result.equals(Names.FUTURE_DESC) || result.equals(Names.TASK_DESC))
        && (method.access & UNFIT_FLAGS) == 0
        && isBoundStatically(owner, method)
        && !isTest(method)
        && !isTaken(owner, method)
        && BareReturns.hasOne(method);
  }

  /** True if a method of another class has an entry, or will have one when it is woven. */
  static boolean hasOrGetsEntry(ClassNode owner, MethodNode method) {
    String desc = BareEntry.descriptor(method);
    return owner.methods.stream()
            .anyMatch(
                each ->
                    each.name.equals(method.name)
                        && each.desc.equals(desc)
                        && (each.access & ENTRY_FLAGS) == ENTRY_FLAGS)
        || mayHaveEntry(owner, method) && awaits(method);
  }

  private static boolean awaits(MethodNode method) {
    for (AbstractInsnNode insn : method.instructions) {
      if (AwaitCall.isWeftAwait(insn)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isBoundStatically(ClassNode owner, MethodNode method) {
    int bound = Opcodes.ACC_STATIC | Opcodes.ACC_PRIVATE | Opcodes.ACC_FINAL;
    return (method.access & bound) != 0 || (owner.access & Opcodes.ACC_FINAL) != 0;
  }

  /** JUnit asks for a method that returns nothing by its name, and would find either. */
  private static boolean isTest(MethodNode method) {
    List<AnnotationNode> annotations = method.visibleAnnotations;
    return annotations != null
        && annotations.stream().anyMatch(each -> each.desc.equals(Names.ASYNC_TEST_DESC));
  }

  /** A bridge may stand there. */
  private static boolean isTaken(ClassNode owner, MethodNode method) {
    String desc = BareEntry.descriptor(method);
    return owner.methods.stream()
        .anyMatch(each -> each.name.equals(method.name) && each.desc.equals(desc));
  }
}
