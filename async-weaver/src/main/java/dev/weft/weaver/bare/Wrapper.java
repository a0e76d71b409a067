package dev.weft.weaver.bare;

import dev.weft.weaver.Names;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LocalVariableNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * What stands under the name of a method that has a bare entry, for those who call it from outside:
 * it makes a future of what the entry returns or throws.
 */
final class Wrapper {
  private final boolean inInterface;
  private final String owner;
  private final MethodNode method;
  private final MethodNode entry;
  private final InsnList code = new InsnList();
  private final LabelNode start = new LabelNode();
  private int slots;

  private Wrapper(ClassNode owner, MethodNode method, MethodNode entry) {
    this.inInterface = (owner.access & Opcodes.ACC_INTERFACE) != 0;
    this.owner = owner.name;
    this.method = method;
    this.entry = entry;
  }

  static Wrapper of(ClassNode owner, MethodNode method, MethodNode entry) {
    return new Wrapper(owner, method, entry);
  }

  /** Puts it in place of the method's code, which the entry has. */
  void install() {
    LabelNode end = new LabelNode();
    LabelNode handler = new LabelNode();
    LabelNode last = new LabelNode();
    code.add(start);
    callEntry();
    code.add(end);
    code.add(outcome());
    code.add(new InsnNode(Opcodes.ARETURN));
    code.add(handler);
    code.add(
        new FrameNode(Opcodes.F_NEW, 0, new Object[0], 1, new Object[] {"java/lang/Throwable"}));
    code.add(BareSite.runtime("failed", "(Ljava/lang/Throwable;)" + Names.TASK_DESC));
    code.add(new InsnNode(Opcodes.ARETURN));
    code.add(last);
    List<LocalVariableNode> parameters = parameters(last);
    method.instructions = code;
    method.tryCatchBlocks = new ArrayList<>();
    method.tryCatchBlocks.add(new TryCatchBlockNode(start, end, handler, null));
    method.localVariables = parameters;
    method.visibleLocalVariableAnnotations = null;
    method.invisibleLocalVariableAnnotations = null;
    method.maxStack = slots + 1;
    method.maxLocals = slots;
  }

  private void callEntry() {
    boolean isStatic = (method.access & Opcodes.ACC_STATIC) != 0;
    if (!isStatic) {
      code.add(new VarInsnNode(Opcodes.ALOAD, slots++));
    }
    for (Type parameter : Type.getArgumentTypes(method.desc)) {
      code.add(new VarInsnNode(parameter.getOpcode(Opcodes.ILOAD), slots));
      slots += parameter.getSize();
    }
    code.add(new InsnNode(Opcodes.ACONST_NULL));
    code.add(
        new MethodInsnNode(
            isStatic ? Opcodes.INVOKESTATIC : Opcodes.INVOKESPECIAL,
            owner,
            entry.name,
            entry.desc,
            inInterface));
  }

  /**
   * A future of the kind that the method itself has made. If it has made both kinds, the plain one:
   * who has got that may obtrude a value, and who has got the other has not cast it to a task, as
   * the method does not say that it is one.
   */
  private MethodInsnNode outcome() {
    if (Type.getReturnType(method.desc).getDescriptor().equals(Names.TASK_DESC)) {
      return BareSite.runtime("task", "(" + Names.OBJECT_DESC + ")" + Names.TASK_DESC);
    }
    return BareSite.runtime(
        BareReturns.areCompleted(method) ? "completed" : "future",
        "(" + Names.OBJECT_DESC + ")" + Names.FUTURE_DESC);
  }

  /** There are libraries that read them here. */
  private List<LocalVariableNode> parameters(LabelNode end) {
    List<LocalVariableNode> kept = new ArrayList<>();
    LabelNode first = firstLabel();
    if (method.localVariables != null && first != null) {
      for (LocalVariableNode variable : method.localVariables) {
        if (variable.index < slots && variable.start == first) {
          kept.add(
              new LocalVariableNode(
                  variable.name, variable.desc, variable.signature, start, end, variable.index));
        }
      }
    }
    return kept;
  }

  private @Nullable LabelNode firstLabel() {
    for (AbstractInsnNode insn : method.instructions) {
      if (insn instanceof LabelNode label) {
        return label;
      }
    }
    return null;
  }
}
