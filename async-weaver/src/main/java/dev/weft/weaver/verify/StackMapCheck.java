package dev.weft.weaver.verify;

import dev.weft.weaver.analysis.ControlFlow;
import dev.weft.weaver.analysis.TypeFlow;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.BasicValue;
import org.objectweb.asm.tree.analysis.Frame;

/**
 * Checks a method's stack maps against its code as the JVM's verifier will (JVMS 4.10.1): along
 * every edge the types fit the frame at its end, and every reference that is used fits its use.
 * ASM's own checks infer types and do not look at the stack maps, which is where weaving can go
 * wrong.
 */
final class StackMapCheck {
  private final MethodNode method;
  private final TypeFlow types;
  private final ClassHierarchy hierarchy;

  private StackMapCheck(String owner, MethodNode method, ClassHierarchy hierarchy)
      throws AnalyzerException {
    this.method = method;
    this.hierarchy = hierarchy;
    this.types = new TypeFlow(owner, method);
  }

  /**
   * Checks a method whose frames are expanded.
   *
   * @throws AnalyzerException saying what does not fit, and where
   */
  static void check(String owner, MethodNode method, ClassHierarchy hierarchy)
      throws AnalyzerException {
    new StackMapCheck(owner, method, hierarchy).run();
  }

  private void run() throws AnalyzerException {
    ControlFlow flow = new ControlFlow(method);
    for (int i = 0; i < method.instructions.size(); i++) {
      AbstractInsnNode insn = method.instructions.get(i);
      Frame<BasicValue> before = types.before(i);
      if (before == null) {
        if (insn.getOpcode() >= 0) {
          throw new AnalyzerException(insn, "instruction " + i + " has no stack map frame");
        }
        continue;
      }
      checkUses(insn, before);
      checkHandlers(flow, i, before);
      checkSuccessors(flow, i, insn);
    }
  }

  private void checkSuccessors(ControlFlow flow, int index, AbstractInsnNode insn)
      throws AnalyzerException {
    Frame<BasicValue> after = types.after(insn);
    AnalyzerException[] wrong = new AnalyzerException[1];
    flow.forEachSuccessor(
        index,
        next -> {
          boolean falls = next == index + 1 && !ControlFlow.endsFlow(insn);
          FrameNode declared = falls ? frameNodeAt(next) : frameAtLabel(next);
          if (declared == null) {
            if (!falls) {
              wrong[0] = new AnalyzerException(insn, "jump to a place without a stack map frame");
            }
            return;
          }
          try {
            checkFits(after, TypeFlow.fromStackMap(declared, method), true, insn);
          } catch (AnalyzerException e) {
            wrong[0] = e;
          }
        });
    if (wrong[0] != null) {
      throw wrong[0];
    }
  }

  private @Nullable FrameNode frameNodeAt(int index) {
    return method.instructions.get(index) instanceof FrameNode frame ? frame : null;
  }

  /** The frame at a jump's target: labels and lines may stand before it. */
  private @Nullable FrameNode frameAtLabel(int index) {
    for (AbstractInsnNode at = method.instructions.get(index);
        at != null && at.getOpcode() < 0;
        at = at.getNext()) {
      if (at instanceof FrameNode frame) {
        return frame;
      }
    }
    return null;
  }

  private void checkHandlers(ControlFlow flow, int index, Frame<BasicValue> before)
      throws AnalyzerException {
    for (TryCatchBlockNode block : flow.handlersAt(index)) {
      FrameNode declared = frameAtLabel(method.instructions.indexOf(block.handler));
      if (declared == null) {
        throw new AnalyzerException(block.handler, "an exception handler has no stack map frame");
      }
      checkFits(
          before, TypeFlow.fromStackMap(declared, method), false, method.instructions.get(index));
    }
  }

  private void checkFits(
      Frame<BasicValue> actual, Frame<BasicValue> declared, boolean stack, AbstractInsnNode at)
      throws AnalyzerException {
    for (int i = 0; i < declared.getLocals(); i++) {
      checkFits(actual.getLocal(i), declared.getLocal(i), "local " + i, at);
    }
    if (!stack) {
      return;
    }
    if (actual.getStackSize() != declared.getStackSize()) {
      throw new AnalyzerException(
          at, "a stack of " + actual.getStackSize() + " meets one of " + declared.getStackSize());
    }
    for (int i = 0; i < declared.getStackSize(); i++) {
      checkFits(actual.getStack(i), declared.getStack(i), "stack position " + i, at);
    }
  }

  private void checkFits(BasicValue actual, BasicValue declared, String what, AbstractInsnNode at)
      throws AnalyzerException {
    if (declared.equals(BasicValue.UNINITIALIZED_VALUE) || actual.equals(declared)) {
      return;
    }
    if (!isReference(actual)
        || !isReference(declared)
        || TypeFlow.isNull(declared) && !TypeFlow.isNull(actual)
        || !TypeFlow.isNull(actual)
            && !hierarchy.isAssignable(actual.getType(), declared.getType())) {
      throw new AnalyzerException(
          at, what + " is " + actual + " where the stack map says " + declared);
    }
  }

  private static boolean isReference(BasicValue value) {
    return value.getType() != null && value.getType().getSort() >= Type.ARRAY;
  }

  // ---- uses

  private void checkUses(AbstractInsnNode insn, Frame<BasicValue> before) throws AnalyzerException {
    if (insn instanceof MethodInsnNode call) {
      int arguments = checkArguments(call.desc, insn, before);
      if (call.getOpcode() != Opcodes.INVOKESTATIC && !call.name.equals("<init>")) {
        checkUse(fromTop(before, arguments), Type.getObjectType(call.owner), insn);
      }
    } else if (insn instanceof InvokeDynamicInsnNode call) {
      checkArguments(call.desc, insn, before);
    } else if (insn instanceof FieldInsnNode field) {
      boolean put = field.getOpcode() == Opcodes.PUTFIELD || field.getOpcode() == Opcodes.PUTSTATIC;
      if (put) {
        checkUse(fromTop(before, 0), Type.getType(field.desc), insn);
      }
      if (field.getOpcode() == Opcodes.GETFIELD || field.getOpcode() == Opcodes.PUTFIELD) {
        checkUse(fromTop(before, put ? 1 : 0), Type.getObjectType(field.owner), insn);
      }
    } else if (insn.getOpcode() == Opcodes.ARETURN) {
      checkUse(fromTop(before, 0), Type.getReturnType(method.desc), insn);
    } else if (insn.getOpcode() == Opcodes.ATHROW) {
      checkUse(fromTop(before, 0), Type.getObjectType("java/lang/Throwable"), insn);
    }
  }

  private int checkArguments(String descriptor, AbstractInsnNode insn, Frame<BasicValue> before)
      throws AnalyzerException {
    Type[] arguments = Type.getArgumentTypes(descriptor);
    for (int i = 0; i < arguments.length; i++) {
      checkUse(fromTop(before, arguments.length - 1 - i), arguments[i], insn);
    }
    return arguments.length;
  }

  private static BasicValue fromTop(Frame<BasicValue> state, int depth) {
    return state.getStack(state.getStackSize() - 1 - depth);
  }

  private void checkUse(BasicValue actual, Type expected, AbstractInsnNode insn)
      throws AnalyzerException {
    if (expected.getSort() < Type.ARRAY) {
      boolean same =
          expected.getSort() <= Type.INT
              ? actual.equals(BasicValue.INT_VALUE)
              : expected.equals(actual.getType());
      if (!same) {
        throw new AnalyzerException(insn, actual + " is used as " + expected);
      }
    } else if (!isReference(actual)
        || !TypeFlow.isNull(actual) && !hierarchy.isAssignable(actual.getType(), expected)) {
      throw new AnalyzerException(insn, actual + " is used as " + expected);
    }
  }
}
