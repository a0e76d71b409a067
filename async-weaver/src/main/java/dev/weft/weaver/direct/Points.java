package dev.weft.weaver.direct;

import dev.weft.weaver.MethodReport.SavedLocal;
import dev.weft.weaver.Refusal;
import dev.weft.weaver.analysis.Liveness;
import dev.weft.weaver.analysis.MonitorDepth;
import dev.weft.weaver.analysis.TypeFlow;
import dev.weft.weaver.scan.AwaitCall;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LocalVariableNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.BasicValue;
import org.objectweb.asm.tree.analysis.Frame;

/** Finds out what has to survive each await of a method. */
final class Points {
  private final MethodNode method;
  private final Map<AbstractInsnNode, Integer> lines;
  private final boolean debug;
  private final boolean keepsThis;
  private final TypeFlow types;
  private final Liveness liveness;
  private final MonitorDepth monitors;
  private final HeldLocks locks;

  /**
   * @param owner internal name of the method's class
   * @param method without unreachable code, and with no half-made object at an await
   * @param lines the source lines of its awaits
   * @param debug true if every local in scope at an await is to survive it
   * @param keepsThis true if the receiver is to survive every await
   */
  Points(
      String owner,
      MethodNode method,
      Map<AbstractInsnNode, Integer> lines,
      boolean debug,
      boolean keepsThis)
      throws AnalyzerException {
    this.method = method;
    this.lines = lines;
    this.debug = debug;
    this.keepsThis = keepsThis;
    types = new TypeFlow(owner, method);
    liveness = new Liveness(method, this::readForDebugging);
    monitors = new MonitorDepth(method);
    locks = new HeldLocks(method);
  }

  /** The slots that may be read from an instruction on; with debug, at an await, all in scope. */
  Liveness liveness() {
    return liveness;
  }

  private @Nullable BitSet readForDebugging(AbstractInsnNode insn) {
    if (!AwaitCall.isAwait(insn) || !debug && !keepsThis) {
      return null;
    }
    BitSet read = new BitSet();
    if (keepsThis) {
      read.set(0);
    }
    if (debug) {
      int index = method.instructions.indexOf(insn);
      for (LocalVariableNode variable : variables()) {
        if (isInScope(variable, index)) {
          read.set(variable.index);
        }
      }
    }
    return read;
  }

  /** The awaits in the order of the bytecode. */
  List<Point> find() throws Refusal {
    List<Point> points = new ArrayList<>();
    for (AbstractInsnNode insn : method.instructions) {
      if (AwaitCall.isAwait(insn)) {
        points.add(point((MethodInsnNode) insn, points.size() + 1));
      }
    }
    return points;
  }

  private Point point(MethodInsnNode call, int state) throws Refusal {
    int index = method.instructions.indexOf(call);
    Frame<BasicValue> before = Objects.requireNonNull(types.before(index), "dead code");
    List<Type> stack = new ArrayList<>();
    List<Variable> saved = new ArrayList<>();
    List<SavedLocal> report = new ArrayList<>();
    for (int i = 0; i < before.getStackSize() - 1; i++) { // the stage is on top
      Type type = before.getStack(i).getType();
      stack.add(type);
      if (!type.equals(Point.NULL)) {
        saved.add(Variable.onStack(i, type));
        report.add(SavedLocal.of("<stack " + i + ">", type.getDescriptor()));
      }
    }
    List<Integer> nullLocals = new ArrayList<>();
    BitSet live = liveness.before(index);
    for (int slot = live.nextSetBit(0); slot >= 0; slot = live.nextSetBit(slot + 1)) {
      Type type = before.getLocal(slot).getType();
      if (type == null) {
        continue; // read on no path that gets here: only a handler's other paths read it
      }
      if (type.equals(Point.NULL)) {
        nullLocals.add(slot);
      } else {
        saved.add(new Variable(slot, type));
        LocalVariableNode variable = variableAt(slot, index);
        report.add(
            variable == null
                ? SavedLocal.of("<local " + slot + ">", type.getDescriptor())
                : SavedLocal.of(variable.name, variable.desc));
      }
    }
    return new Point(
        call,
        state,
        lines.getOrDefault(call, 0),
        AwaitCall.isEaAwait(call),
        AwaitCall.isFuture(before.getStack(before.getStackSize() - 1).getType()),
        stack,
        saved,
        nullLocals,
        monitors.before(index) == 0 ? -1 : locks.at(call),
        new LabelNode(),
        report);
  }

  private @Nullable LocalVariableNode variableAt(int slot, int index) {
    for (LocalVariableNode variable : variables()) {
      if (variable.index == slot && isInScope(variable, index)) {
        return variable;
      }
    }
    return null;
  }

  private List<LocalVariableNode> variables() {
    return method.localVariables == null ? List.of() : method.localVariables;
  }

  private boolean isInScope(LocalVariableNode variable, int index) {
    return method.instructions.indexOf(variable.start) <= index
        && index < method.instructions.indexOf(variable.end);
  }

  /** True if the method writes to the slot of its receiver, which no Java compiler makes it do. */
  static boolean writesReceiver(MethodNode method) {
    for (AbstractInsnNode insn : method.instructions) {
      if (insn instanceof VarInsnNode write
          && write.var == 0
          && write.getOpcode() >= Opcodes.ISTORE
          && write.getOpcode() <= Opcodes.ASTORE) {
        return true;
      }
    }
    return false;
  }
}
