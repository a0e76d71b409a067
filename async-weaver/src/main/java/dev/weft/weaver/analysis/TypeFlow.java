package dev.weft.weaver.analysis;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.BasicInterpreter;
import org.objectweb.asm.tree.analysis.BasicValue;
import org.objectweb.asm.tree.analysis.Frame;
import org.objectweb.asm.tree.analysis.Interpreter;

/**
 * The types of locals and stack before each instruction, found as the JVM's type-checking verifier
 * finds them (JVMS 4.10.1): one walk from the first instruction to the last, in which every stack
 * map frame replaces what was known. No merging, no fixed point, no class loading.
 *
 * <p>Needs a method whose frames are expanded and whose unreachable code is gone or has frames, as
 * every class file since Java 7 has.
 */
public final class TypeFlow {
  private final @Nullable Frame<BasicValue>[] states;
  private final MethodNode method;

  @SuppressWarnings({"unchecked", "rawtypes"})
  public TypeFlow(String owner, MethodNode method) throws AnalyzerException {
    this.method = method;
    states = new Frame[method.instructions.size()];
    Frame<BasicValue> state = entry(owner, method);
    boolean known = true;
    for (int i = 0; i < states.length; i++) {
      AbstractInsnNode insn = method.instructions.get(i);
      if (insn instanceof FrameNode frame) {
        state = fromStackMap(frame, method);
        known = true;
      }
      if (!known) {
        continue;
      }
      states[i] = state; // shared by the labels and lines before an instruction
      if (insn.getOpcode() >= 0) {
        state = new TypedFrame(state);
        try {
          state.execute(insn, Types.INSTANCE);
        } catch (AnalyzerException | RuntimeException e) {
          throw new AnalyzerException(insn, "at instruction " + i + ": " + e.getMessage(), e);
        }
      }
      known = !ControlFlow.endsFlow(insn);
    }
  }

  /** The state before an instruction, not to be changed, or null if it cannot be reached. */
  public @Nullable Frame<BasicValue> before(int index) {
    return states[index];
  }

  /** The state after an instruction that can be reached; what it does to the flow is left aside. */
  public Frame<BasicValue> after(AbstractInsnNode insn) throws AnalyzerException {
    Frame<BasicValue> before =
        Objects.requireNonNull(states[method.instructions.indexOf(insn)], "dead code");
    if (insn.getOpcode() < 0) {
      return before;
    }
    Frame<BasicValue> state = new TypedFrame(before);
    state.execute(insn, Types.INSTANCE);
    return state;
  }

  private static Frame<BasicValue> entry(String owner, MethodNode method) {
    Frame<BasicValue> frame = new TypedFrame(method.maxLocals, method.maxStack);
    int slot = 0;
    if ((method.access & Opcodes.ACC_STATIC) == 0) {
      frame.setLocal(slot++, new BasicValue(Type.getObjectType(owner)));
    }
    for (Type argument : Type.getArgumentTypes(method.desc)) {
      BasicValue value = Types.INSTANCE.newValue(argument);
      slot = put(frame, slot, Objects.requireNonNull(value));
    }
    fillWithTop(frame, slot);
    return frame;
  }

  /** The state that a stack map frame declares. */
  public static Frame<BasicValue> fromStackMap(FrameNode node, MethodNode method) {
    Frame<BasicValue> frame = new TypedFrame(method.maxLocals, method.maxStack);
    int slot = 0;
    for (Object entry : listOf(node.local)) {
      slot = put(frame, slot, valueOf(entry));
    }
    fillWithTop(frame, slot);
    for (Object entry : listOf(node.stack)) {
      frame.push(valueOf(entry));
    }
    return frame;
  }

  private static List<Object> listOf(@Nullable List<Object> entries) {
    return entries == null ? List.of() : entries;
  }

  private static int put(Frame<BasicValue> frame, int slot, BasicValue value) {
    frame.setLocal(slot, value);
    if (value.getSize() == 2) {
      frame.setLocal(slot + 1, BasicValue.UNINITIALIZED_VALUE);
    }
    return slot + value.getSize();
  }

  private static void fillWithTop(Frame<BasicValue> frame, int from) {
    for (int slot = from; slot < frame.getLocals(); slot++) {
      frame.setLocal(slot, BasicValue.UNINITIALIZED_VALUE);
    }
  }

  private static BasicValue valueOf(Object entry) {
    if (entry instanceof String name) {
      return new BasicValue(Type.getObjectType(name));
    }
    if (entry instanceof LabelNode label) {
      return new Uninitialized(newAt(label));
    }
    if (entry.equals(Opcodes.INTEGER)) {
      return BasicValue.INT_VALUE;
    } else if (entry.equals(Opcodes.FLOAT)) {
      return BasicValue.FLOAT_VALUE;
    } else if (entry.equals(Opcodes.LONG)) {
      return BasicValue.LONG_VALUE;
    } else if (entry.equals(Opcodes.DOUBLE)) {
      return BasicValue.DOUBLE_VALUE;
    } else if (entry.equals(Opcodes.NULL)) {
      return new BasicValue(BasicInterpreter.NULL_TYPE);
    }
    return BasicValue.UNINITIALIZED_VALUE;
  }

  /** The NEW instruction at a label. */
  public static TypeInsnNode newAt(LabelNode label) {
    AbstractInsnNode at = label;
    while (at.getOpcode() < 0) {
      at = Objects.requireNonNull(at.getNext(), "a label of a frame stands at the method's end");
    }
    if (at.getOpcode() != Opcodes.NEW) {
      throw new IllegalArgumentException("an uninitialized type of a frame is not made by NEW");
    }
    return (TypeInsnNode) at;
  }

  /** True for a value whose type is that of the null constant. */
  public static boolean isNull(BasicValue value) {
    return BasicInterpreter.NULL_TYPE.equals(value.getType());
  }

  /** A frame in which a constructor call initializes every copy of its object. */
  private static final class TypedFrame extends Frame<BasicValue> {
    TypedFrame(int locals, int stack) {
      super(locals, stack);
    }

    TypedFrame(Frame<? extends BasicValue> from) {
      super(from);
    }

    @Override
    public void execute(AbstractInsnNode insn, Interpreter<BasicValue> interpreter)
        throws AnalyzerException {
      BasicValue constructed = null;
      if (insn.getOpcode() == Opcodes.INVOKESPECIAL) {
        MethodInsnNode call = (MethodInsnNode) insn;
        if (call.name.equals("<init>")) {
          int arguments = Type.getArgumentTypes(call.desc).length;
          constructed = getStack(getStackSize() - 1 - arguments);
        }
      }
      super.execute(insn, interpreter);
      if (constructed instanceof Uninitialized) {
        BasicValue initialized = new BasicValue(constructed.getType());
        for (int i = 0; i < getLocals(); i++) {
          if (constructed.equals(getLocal(i))) {
            setLocal(i, initialized);
          }
        }
        for (int i = 0; i < getStackSize(); i++) {
          if (constructed.equals(getStack(i))) {
            setStack(i, initialized);
          }
        }
      }
    }
  }

  /** Keeps the types of references, which ASM's basic interpreter drops. */
  private static final class Types extends BasicInterpreter {
    static final Types INSTANCE = new Types();

    private Types() {
      super(Opcodes.ASM9);
    }

    @Override
    public @Nullable BasicValue newValue(@Nullable Type type) {
      return type != null && type.getSort() >= Type.ARRAY
          ? new BasicValue(type)
          : super.newValue(type);
    }

    @Override
    public @Nullable BasicValue newOperation(AbstractInsnNode insn) throws AnalyzerException {
      return insn.getOpcode() == Opcodes.NEW
          ? new Uninitialized((TypeInsnNode) insn)
          : super.newOperation(insn);
    }

    @Override
    public @Nullable BasicValue binaryOperation(
        AbstractInsnNode insn, BasicValue left, BasicValue right) throws AnalyzerException {
      if (insn.getOpcode() == Opcodes.AALOAD && left.getType() != null) {
        Type array = left.getType();
        return array.getSort() == Type.ARRAY
            ? new BasicValue(Type.getType(array.getDescriptor().substring(1)))
            : new BasicValue(BasicInterpreter.NULL_TYPE);
      }
      return super.binaryOperation(insn, left, right);
    }
  }
}
