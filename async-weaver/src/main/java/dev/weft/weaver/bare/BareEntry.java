package dev.weft.weaver.bare;

import dev.weft.weaver.Names;
import dev.weft.weaver.prepare.CodeCopy;
import dev.weft.weaver.scan.AsyncMethod;
import dev.weft.weaver.scan.AwaitCall;
import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/**
 * The second entry of an async method, which has its code and returns no future of a value. It is
 * marked as a bridge, which compilers call a method of the same name and parameters that returns
 * something else: whoever looks through the methods of a class passes over those. It is not marked
 * as synthetic: JaCoCo would count the method's lines as never run.
 */
final class BareEntry {
  static final String OBJECT = "java/lang/Object";

  private static final int KEPT_FLAGS = Opcodes.ACC_STATIC | Opcodes.ACC_STRICT;

  private BareEntry() {}

  static String descriptor(MethodNode method) {
    return descriptor(method.desc);
  }

  static String descriptor(String descriptor) {
    return descriptor.substring(0, descriptor.indexOf(')') + 1) + Names.OBJECT_DESC;
  }

  /** Makes that of a method, which is not changed. */
  static AsyncMethod of(AsyncMethod async) {
    MethodNode entry = CodeCopy.of(async.method(), descriptor(async.method()));
    entry.access = entry.access & KEPT_FLAGS | Opcodes.ACC_PRIVATE | Opcodes.ACC_BRIDGE;
    entry.exceptions = new ArrayList<>();
    BareReturns.make(entry);
    List<MethodInsnNode> awaits = new ArrayList<>();
    for (AbstractInsnNode insn : entry.instructions) {
      if (AwaitCall.isAwait(insn)) {
        awaits.add((MethodInsnNode) insn);
      }
    }
    return new AsyncMethod(
        entry,
        awaits,
        async.convention(),
        async.result(),
        async.line(),
        async.source(),
        async.compiled());
  }
}
