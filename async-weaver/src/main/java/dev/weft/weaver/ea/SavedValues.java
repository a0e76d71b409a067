package dev.weft.weaver.ea;

import dev.weft.weaver.MethodReport.SavedLocal;
import dev.weft.weaver.Names;
import dev.weft.weaver.lower.Continuation.Argument;
import dev.weft.weaver.lower.Continuation.Source;
import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Which of the arguments that EA captures have to be saved in the frame, and at which await. EA
 * captures every local in scope and the awaited future too; a frame holds what is live, and knows
 * the future anyway.
 */
final class SavedValues {
  private final Type[] types;
  private final boolean[] isField;
  private final List<boolean[]> savedAt = new ArrayList<>();
  private final List<List<SavedLocal>> reports = new ArrayList<>();

  SavedValues(SplitMethod split, List<EaSuspension> suspensions) {
    types = suspensions.get(0).argumentTypes();
    isField = new boolean[types.length];
    for (EaSuspension suspension : suspensions) {
      classify(suspension, split.points().get(suspension.state - 1));
    }
  }

  private void classify(EaSuspension suspension, SplitMethod.Point point) {
    boolean[] saved = new boolean[types.length];
    List<SavedLocal> report = new ArrayList<>();
    for (int i = 0; i < types.length; i++) {
      AbstractInsnNode push = suspension.pushes.get(i);
      if (!(push instanceof VarInsnNode load)) {
        continue; // EA itself passes a constant
      }
      int position = suspension.stackPositionOf(load.var);
      boolean isFuture = position == suspension.spills.length - 1;
      saved[i] =
          position >= 0
              ? !isFuture && !point.nullStack().get(position)
              : point.live().get(load.var) && !point.nullLocals().get(load.var);
      if (saved[i]) {
        isField[i] = true;
        SplitMethod.Variable variable =
            position >= 0
                ? new SplitMethod.Variable("<stack " + position + ">", types[i].getDescriptor())
                : variableAt(point, load.var, types[i]);
        report.add(SavedLocal.of(variable.name(), variable.descriptor()));
      }
    }
    savedAt.add(saved);
    reports.add(report);
  }

  private static SplitMethod.Variable variableAt(SplitMethod.Point point, int slot, Type type) {
    SplitMethod.Variable variable = point.variables().get(slot);
    return variable != null
        ? variable
        : new SplitMethod.Variable("<local " + slot + ">", type.getDescriptor());
  }

  /** The number of EA's captured arguments. */
  int size() {
    return types.length;
  }

  /** The type of an argument. */
  Type type(int argument) {
    return types[argument];
  }

  /** True if the argument has a field in the frame: it is saved at some await. */
  boolean isField(int argument) {
    return isField[argument];
  }

  /** True if the argument is saved at the await with this state. */
  boolean isSavedAt(int state, int argument) {
    return savedAt.get(state - 1)[argument];
  }

  /** What is saved at the await with this state, for people. */
  List<SavedLocal> report(int state) {
    return reports.get(state - 1);
  }

  /** What the continuation is called with. */
  List<Argument> arguments() {
    List<Argument> arguments = new ArrayList<>();
    for (int i = 0; i < types.length; i++) {
      arguments.add(new Argument(types[i], isField[i] ? Source.FIELD : Source.NOTHING));
    }
    arguments.add(new Argument(Type.INT_TYPE, Source.STATE));
    arguments.add(new Argument(Type.getObjectType(Names.FRAME), Source.FRAME));
    return arguments;
  }
}
