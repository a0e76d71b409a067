package dev.weft.weaver.prepare;

import dev.weft.weaver.Names;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;

/**
 * A method that returns a plain value made one that returns a task, and a call of it an await of
 * that: both as one would write them by hand.
 */
final class HelperConversion {
  private HelperConversion() {}

  /** The descriptor of a method that returns a task in place of what it returns. */
  static String descriptor(String descriptor) {
    return descriptor.substring(0, descriptor.indexOf(')') + 1) + Names.TASK_DESC;
  }

  /** Has a method return a task: {@code return x} becomes {@code return Async.done(x)}. */
  static void convert(MethodNode method) {
    Type result = Type.getReturnType(method.desc);
    int returns = result.getOpcode(Opcodes.IRETURN);
    for (AbstractInsnNode insn : method.instructions.toArray()) {
      if (insn.getOpcode() == returns) {
        InsnList code = new InsnList();
        box(code, result);
        code.add(
            new MethodInsnNode(
                Opcodes.INVOKESTATIC,
                Names.ASYNC,
                "done",
                result.getSort() == Type.VOID
                    ? "()" + Names.TASK_DESC
                    : "(" + Names.OBJECT_DESC + ")" + Names.TASK_DESC,
                false));
        code.add(new InsnNode(Opcodes.ARETURN));
        method.instructions.insert(insn, code);
        method.instructions.remove(insn);
      }
    }
    method.desc = descriptor(method.desc);
    method.signature = null;
  }

  /**
   * Awaits what a call returns from now on.
   *
   * @return the await
   */
  static MethodInsnNode await(MethodNode caller, MethodInsnNode call) {
    Type result = Type.getReturnType(call.desc);
    call.desc = descriptor(call.desc);
    MethodInsnNode await =
        new MethodInsnNode(Opcodes.INVOKESTATIC, Names.ASYNC, Names.AWAIT, Names.AWAIT_DESC, false);
    InsnList code = new InsnList();
    code.add(await);
    unbox(code, result);
    caller.instructions.insert(call, code);
    return await;
  }

  private static void box(InsnList code, Type type) {
    if (type.getSort() != Type.VOID && type.getSort() < Type.ARRAY) {
      String box = boxOf(type);
      code.add(
          new MethodInsnNode(
              Opcodes.INVOKESTATIC,
              box,
              "valueOf",
              "(" + type.getDescriptor() + ")L" + box + ";",
              false));
    }
  }

  private static void unbox(InsnList code, Type type) {
    if (type.getSort() == Type.VOID) {
      code.add(new InsnNode(Opcodes.POP));
    } else if (type.getSort() >= Type.ARRAY) {
      if (!type.getDescriptor().equals(Names.OBJECT_DESC)) {
        code.add(new TypeInsnNode(Opcodes.CHECKCAST, type.getInternalName()));
      }
    } else {
      String box = boxOf(type);
      code.add(new TypeInsnNode(Opcodes.CHECKCAST, box));
      code.add(
          new MethodInsnNode(
              Opcodes.INVOKEVIRTUAL,
              box,
              type.getClassName() + "Value",
              "()" + type.getDescriptor(),
              false));
    }
  }

  private static String boxOf(Type type) {
    return switch (type.getSort()) {
      case Type.BOOLEAN -> "java/lang/Boolean";
      case Type.CHAR -> "java/lang/Character";
      case Type.BYTE -> "java/lang/Byte";
      case Type.SHORT -> "java/lang/Short";
      case Type.INT -> "java/lang/Integer";
      case Type.LONG -> "java/lang/Long";
      case Type.FLOAT -> "java/lang/Float";
      default -> "java/lang/Double";
    };
  }
}
