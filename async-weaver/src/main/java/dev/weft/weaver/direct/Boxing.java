package dev.weft.weaver.direct;

import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.TypeInsnNode;

/** Values as objects and back, for those that share an array. */
final class Boxing {
  private Boxing() {}

  static void box(InsnList code, Type type) {
    if (type.getSort() < Type.ARRAY) {
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

  static void unbox(InsnList code, Type type) {
    if (type.getSort() >= Type.ARRAY) {
      code.add(new TypeInsnNode(Opcodes.CHECKCAST, type.getInternalName()));
      return;
    }
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

  private static String boxOf(Type type) {
    return switch (type.getSort()) {
      case Type.LONG -> "java/lang/Long";
      case Type.FLOAT -> "java/lang/Float";
      case Type.DOUBLE -> "java/lang/Double";
      default -> "java/lang/Integer";
    };
  }
}
