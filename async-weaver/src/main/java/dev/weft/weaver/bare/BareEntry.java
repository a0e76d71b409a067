package dev.weft.weaver.bare;

import dev.weft.weaver.Names;
import dev.weft.weaver.prepare.CodeCopy;
import dev.weft.weaver.scan.AsyncMethod;
import dev.weft.weaver.scan.AwaitCall;
import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * The second entry of an async method, which has its code and returns no future of a value. It has
 * the method's name, and behind its parameters one of a type that nobody else has, which is always
 * null: so no other method is in its place, and it is in none's. Without, a class that extends this
 * one and inherits a method of the same name and parameters that returns an {@code Object}, from an
 * interface, would find the entry in its superclass first (JVM specification, 5.4.3.3), and not be
 * allowed to call it.
 *
 * <p>It is marked as a bridge, which compilers call a method that stands for another: whoever looks
 * through the methods of a class passes over those. It is not marked as synthetic: JaCoCo would
 * count the method's lines as never run.
 */
final class BareEntry {
  static final String OBJECT = "java/lang/Object";

  private static final int KEPT_FLAGS = Opcodes.ACC_STATIC | Opcodes.ACC_STRICT;

  private BareEntry() {}

  static String descriptor(MethodNode method) {
    return descriptor(method.desc);
  }

  static String descriptor(String descriptor) {
    return parameters(descriptor) + "L" + Names.BARE + ";)" + Names.OBJECT_DESC;
  }

  /** Of a call of a method that is linked to its entry, or to itself. */
  static String linked(String descriptor) {
    return parameters(descriptor) + ")" + Names.OBJECT_DESC;
  }

  private static String parameters(String descriptor) {
    return descriptor.substring(0, descriptor.indexOf(')'));
  }

  /** Makes that of a method, which is not changed. */
  static AsyncMethod of(AsyncMethod async) {
    MethodNode entry = CodeCopy.of(async.method(), descriptor(async.method()));
    entry.access = entry.access & KEPT_FLAGS | Opcodes.ACC_PRIVATE | Opcodes.ACC_BRIDGE;
    entry.exceptions = new ArrayList<>();
    makeRoom(entry, Type.getArgumentsAndReturnSizes(async.method().desc) >> 2);
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

  /**
   * Moves local variables behind the parameter.
   *
   * @param words of the method's own parameters, with one for the receiver, if it has one or not
   */
  private static void makeRoom(MethodNode entry, int words) {
    int slot = (entry.access & Opcodes.ACC_STATIC) != 0 ? words - 1 : words;
    for (AbstractInsnNode insn : entry.instructions) {
      if (insn instanceof VarInsnNode use && use.var >= slot) {
        use.var++;
      } else if (insn instanceof IincInsnNode count && count.var >= slot) {
        count.var++;
      } else if (insn instanceof FrameNode frame) {
        makeRoom(frame, slot);
      }
    }
    if (entry.localVariables != null) {
      entry.localVariables.stream()
          .filter(variable -> variable.index >= slot)
          .forEach(variable -> variable.index++);
    }
    entry.maxLocals++;
  }

  private static void makeRoom(FrameNode frame, int slot) {
    List<Object> locals = new ArrayList<>();
    int at = 0;
    boolean made = false;
    for (Object local : frame.local) {
      if (!made && at >= slot) { // beyond it if a parameter's slot has been used for a long
        locals.add(Opcodes.TOP);
        made = true;
      }
      locals.add(local);
      at += Opcodes.LONG.equals(local) || Opcodes.DOUBLE.equals(local) ? 2 : 1;
    }
    frame.local = locals;
  }
}
