package dev.weft.weaver.lower;

import dev.weft.weaver.Names;
import dev.weft.weaver.scan.AsyncMethod;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.TypeInsnNode;

/**
 * The code that gives the caller a future of the declared type, where the frame is not one. It has
 * two halves: the target is made before the frame is parked, because the constructor, or the
 * adapter, may throw, and the two are joined after.
 */
public final class ResultConversion {
  private static final Handle PREPARE =
      new Handle(
          Opcodes.H_INVOKESTATIC,
          Names.ADAPTATION,
          "prepare",
          "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;"
              + "Ljava/lang/invoke/MethodType;Ljava/lang/Class;)Ljava/lang/invoke/CallSite;",
          false);

  private ResultConversion() {}

  /** Pushes what the caller will get in place of the frame; nothing if that is the frame itself. */
  public static InsnList target(AsyncMethod async) {
    InsnList code = new InsnList();
    if (async.result() == AsyncMethod.Result.ADAPTED) {
      String type = async.returnType().getInternalName();
      code.add(new TypeInsnNode(Opcodes.NEW, type));
      code.add(new InsnNode(Opcodes.DUP));
      code.add(new MethodInsnNode(Opcodes.INVOKESPECIAL, type, "<init>", "()V", false));
    } else if (async.result() == AsyncMethod.Result.REGISTERED) {
      code.add(
          new InvokeDynamicInsnNode(
              "adapt", "()L" + Names.ADAPTATION + ";", PREPARE, async.returnType()));
    }
    return code;
  }

  /** Internal name of the type of {@link #target}, where there is one. */
  public static String targetType(AsyncMethod async) {
    return async.result() == AsyncMethod.Result.REGISTERED
        ? Names.ADAPTATION
        : async.returnType().getInternalName();
  }

  /**
   * With what a method has thrown before it ever suspended on the stack, and no local variable in
   * the stack map frame: returns that.
   */
  public static InsnList thrown(AsyncMethod async) {
    InsnList code = new InsnList();
    if (async.isBare()) {
      code.add(passed());
    }
    code.add(
        new MethodInsnNode(
            Opcodes.INVOKESTATIC,
            Names.SETTLED,
            "thrown",
            "(Ljava/lang/Throwable;)" + Names.TASK_DESC,
            false));
    if (!async.isBare()) {
      code.add(target(async));
      code.add(join(async));
    }
    code.add(new InsnNode(Opcodes.ARETURN));
    return code;
  }

  /** Throws it on, if that is what the await of the entry's caller would do. */
  private static InsnList passed() {
    LabelNode kept = new LabelNode();
    InsnList code = new InsnList();
    code.add(new InsnNode(Opcodes.DUP));
    code.add(
        new MethodInsnNode(
            Opcodes.INVOKESTATIC, Names.BARE, "passes", "(Ljava/lang/Throwable;)Z", false));
    code.add(new JumpInsnNode(Opcodes.IFEQ, kept));
    code.add(new InsnNode(Opcodes.ATHROW));
    code.add(kept);
    code.add(
        new FrameNode(Opcodes.F_NEW, 0, new Object[0], 1, new Object[] {"java/lang/Throwable"}));
    return code;
  }

  /** With a future and on top of it {@link #target}: leaves what the caller gets. */
  public static InsnList join(AsyncMethod async) {
    InsnList code = new InsnList();
    if (async.result() == AsyncMethod.Result.ADAPTED) {
      code.add(
          new MethodInsnNode(
              Opcodes.INVOKESTATIC,
              Names.FRAME,
              "adapt",
              "(" + Names.FUTURE_DESC + Names.FUTURE_DESC + ")" + Names.FUTURE_DESC,
              false));
      code.add(new TypeInsnNode(Opcodes.CHECKCAST, async.returnType().getInternalName()));
    } else if (async.result() == AsyncMethod.Result.REGISTERED) {
      code.add(
          new MethodInsnNode(
              Opcodes.INVOKESTATIC,
              Names.ADAPTATION,
              "join",
              "(" + Names.FUTURE_DESC + "L" + Names.ADAPTATION + ";)L" + Names.STAGE + ";",
              false));
      code.add(new TypeInsnNode(Opcodes.CHECKCAST, async.returnType().getInternalName()));
    }
    return code;
  }
}
