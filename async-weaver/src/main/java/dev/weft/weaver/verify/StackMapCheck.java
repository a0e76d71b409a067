package dev.weft.weaver.verify;

import dev.weft.weaver.analysis.ControlFlow;
import dev.weft.weaver.analysis.TypeFlow;
import dev.weft.weaver.analysis.Uninitialized;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.BasicValue;
import org.objectweb.asm.tree.analysis.Frame;
import org.objectweb.asm.tree.analysis.SimpleVerifier;

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
  private final Uses uses;
  private final Map<FrameNode, Frame<BasicValue>> declarations = new HashMap<>();

  private StackMapCheck(String owner, MethodNode method, ClassHierarchy hierarchy)
      throws AnalyzerException {
    this.method = method;
    this.hierarchy = hierarchy;
    this.types = new TypeFlow(owner, method);
    this.uses = new Uses(hierarchy);
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
      if (insn.getOpcode() >= 0) {
        checkHandlers(flow, i, before);
      }
      checkSuccessors(flow, i, insn);
    }
  }

  private void checkSuccessors(ControlFlow flow, int index, AbstractInsnNode insn)
      throws AnalyzerException {
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
            checkFits(types.after(insn), declaration(declared), true, insn);
          } catch (AnalyzerException e) {
            wrong[0] = e;
          }
        });
    if (wrong[0] != null) {
      throw wrong[0];
    }
  }

  private Frame<BasicValue> declaration(FrameNode node) {
    return declarations.computeIfAbsent(node, key -> TypeFlow.fromStackMap(key, method));
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
      checkFits(before, declaration(declared), false, method.instructions.get(index));
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
    // An object without its constructor fits nothing but itself, which is equal.
    if (actual instanceof Uninitialized
        || declared instanceof Uninitialized
        || !isReference(actual)
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

  /** Lets ASM's verifier execute the instruction, and looks at what that leaves aside. */
  private void checkUses(AbstractInsnNode insn, Frame<BasicValue> before) throws AnalyzerException {
    if (insn.getOpcode() < 0) {
      return;
    }
    new Frame<BasicValue>(before).execute(insn, uses);
    if (insn.getOpcode() == Opcodes.ARETURN || insn.getOpcode() == Opcodes.ATHROW) {
      Type expected =
          insn.getOpcode() == Opcodes.ARETURN
              ? Type.getReturnType(method.desc)
              : Type.getObjectType("java/lang/Throwable");
      BasicValue actual = before.getStack(before.getStackSize() - 1);
      if (!uses.fits(actual, expected)) {
        throw new AnalyzerException(insn, actual + " is used as " + expected);
      }
    }
  }

  /** ASM's verifier over a hierarchy that is read, not loaded. */
  private static final class Uses extends SimpleVerifier {
    private final ClassHierarchy hierarchy;

    Uses(ClassHierarchy hierarchy) {
      super(Opcodes.ASM9, null, null, null, false);
      this.hierarchy = hierarchy;
    }

    boolean fits(BasicValue actual, Type expected) {
      return StackMapCheck.isReference(actual)
          && (TypeFlow.isNull(actual) || hierarchy.isAssignable(actual.getType(), expected));
    }

    @Override
    protected boolean isSubTypeOf(BasicValue actual, BasicValue expected) {
      return StackMapCheck.isReference(expected)
          ? fits(actual, expected.getType())
          : actual.getType() != null && actual.getType().equals(expected.getType());
    }

    @Override
    public void returnOperation(AbstractInsnNode insn, BasicValue value, BasicValue expected) {
      // The frames here do not know what their method returns; checkUses does.
    }

    /** What is stored into an array of references is checked when it runs (JVMS aastore). */
    @Override
    public @Nullable BasicValue ternaryOperation(
        AbstractInsnNode insn, BasicValue array, BasicValue index, BasicValue value)
        throws AnalyzerException {
      if (insn.getOpcode() != Opcodes.AASTORE) {
        return super.ternaryOperation(insn, array, index, value);
      }
      if (!isArrayValue(array)
          || !BasicValue.INT_VALUE.equals(index)
          || !StackMapCheck.isReference(value)) {
        throw new AnalyzerException(insn, value + " is stored into " + array);
      }
      return null;
    }
  }
}
