package dev.weft.weaver.prepare;

import dev.weft.weaver.analysis.TypeFlow;
import dev.weft.weaver.analysis.Uninitialized;
import dev.weft.weaver.scan.AwaitCall;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.BasicValue;
import org.objectweb.asm.tree.analysis.Frame;

/**
 * Moves the creation of an object behind the awaits among its constructor's arguments: {@code new
 * X(await(f))} has an uninitialized X on the stack during the await, and such a value can be saved
 * nowhere.
 *
 * <p>NEW becomes NEW, POP, ACONST_NULL: the class is still initialized where it was, and the null
 * keeps the shape of the stack until the constructor call, which makes the real object under the
 * arguments. Both may lie in locals as well: javac moves the stack there when a switch expression
 * with a {@code try} in it is an argument.
 */
public final class DelayedNew {
  private final MethodNode method;
  private final TypeFlow types;
  private final Set<TypeInsnNode> delayed = new HashSet<>();

  private DelayedNew(String owner, MethodNode method) throws AnalyzerException {
    this.method = method;
    this.types = new TypeFlow(owner, method);
  }

  /** Does so in a method, in place. */
  public static void apply(String owner, MethodNode method) throws AnalyzerException {
    DelayedNew pass = new DelayedNew(owner, method);
    pass.collect();
    if (!pass.delayed.isEmpty()) {
      pass.rewrite();
    }
  }

  private void collect() {
    for (AbstractInsnNode insn : method.instructions) {
      if (!AwaitCall.isAwait(insn)) {
        continue;
      }
      Frame<BasicValue> state = stateAt(insn);
      for (int i = 0; i < state.getStackSize(); i++) {
        if (state.getStack(i) instanceof Uninitialized value) {
          delayed.add(value.origin());
        }
      }
      for (int i = 0; i < state.getLocals(); i++) {
        if (state.getLocal(i) instanceof Uninitialized value) {
          delayed.add(value.origin());
        }
      }
    }
  }

  private Frame<BasicValue> stateAt(AbstractInsnNode insn) {
    return Objects.requireNonNull(types.before(method.instructions.indexOf(insn)), "dead code");
  }

  private void rewrite() {
    record Construction(MethodInsnNode call, Frame<BasicValue> state, TypeInsnNode origin) {}
    List<Construction> constructions = new ArrayList<>();
    for (AbstractInsnNode insn : method.instructions) {
      if (insn instanceof FrameNode frame) {
        frame.local = withoutDelayed(frame.local);
        frame.stack = withoutDelayed(frame.stack);
      } else if (insn instanceof MethodInsnNode call && call.name.equals("<init>")) {
        Frame<BasicValue> state = stateAt(call);
        int target = state.getStackSize() - 1 - Type.getArgumentTypes(call.desc).length;
        if (state.getStack(target) instanceof Uninitialized value
            && delayed.contains(value.origin())) {
          constructions.add(new Construction(call, state, value.origin()));
        }
      }
    }
    for (Construction construction : constructions) {
      construct(construction.call(), construction.state(), construction.origin());
    }
    for (TypeInsnNode origin : delayed) {
      InsnList placeholder = new InsnList();
      placeholder.add(new InsnNode(Opcodes.POP));
      placeholder.add(new InsnNode(Opcodes.ACONST_NULL));
      method.instructions.insert(origin, placeholder);
    }
  }

  private @Nullable List<Object> withoutDelayed(@Nullable List<Object> entries) {
    if (entries == null) {
      return null;
    }
    List<Object> result = new ArrayList<>(entries);
    result.replaceAll(
        entry ->
            entry instanceof LabelNode label && delayed.contains(TypeFlow.newAt(label))
                ? Opcodes.NULL
                : entry);
    return result;
  }

  /** Takes the stack down to the lowest placeholder, makes the object, and builds it up again. */
  private void construct(MethodInsnNode call, Frame<BasicValue> state, TypeInsnNode origin) {
    int lowest = 0;
    while (!isPlaceholder(state.getStack(lowest), origin)) {
      lowest++;
    }
    InsnList code = new InsnList();
    int[] slots = new int[state.getStackSize()];
    int next = method.maxLocals;
    for (int i = state.getStackSize() - 1; i >= lowest; i--) {
      BasicValue value = state.getStack(i);
      if (isPlaceholder(value, origin)) {
        code.add(new InsnNode(Opcodes.POP));
      } else {
        slots[i] = next;
        next += value.getSize();
        code.add(new VarInsnNode(value.getType().getOpcode(Opcodes.ISTORE), slots[i]));
      }
    }
    int object = next++;
    code.add(new TypeInsnNode(Opcodes.NEW, origin.desc));
    code.add(new VarInsnNode(Opcodes.ASTORE, object));
    for (int i = 0; i < state.getLocals(); i++) {
      if (isPlaceholder(state.getLocal(i), origin)) {
        code.add(new VarInsnNode(Opcodes.ALOAD, object));
        code.add(new VarInsnNode(Opcodes.ASTORE, i));
      }
    }
    for (int i = lowest; i < state.getStackSize(); i++) {
      BasicValue value = state.getStack(i);
      code.add(
          isPlaceholder(value, origin)
              ? new VarInsnNode(Opcodes.ALOAD, object)
              : new VarInsnNode(value.getType().getOpcode(Opcodes.ILOAD), slots[i]));
    }
    method.instructions.insertBefore(call, code);
    method.maxLocals = next; // a slot of its own for each, so none is reused with another type
  }

  private static boolean isPlaceholder(BasicValue value, TypeInsnNode origin) {
    return value instanceof Uninitialized uninitialized && uninitialized.origin() == origin;
  }
}
