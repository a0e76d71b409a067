package dev.weft.weaver.direct;

import dev.weft.weaver.Names;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Where a resumed body starts: it takes the future from the frame and goes to the await that the
 * state stands for, by way of a restore block if not all values of that await arrive in place.
 */
final class Dispatch {
  /** Up to so many awaits, comparing with each state takes fewer bytes than a switch. */
  private static final int MOST_COMPARED = 4;

  private final Layout layout;
  private final Entries entries;
  private final List<Point> points;
  private final InsnList code = new InsnList();

  private Dispatch(Layout layout, Entries entries, List<Point> points) {
    this.layout = layout;
    this.entries = entries;
    this.points = points;
  }

  /** Its code; control does not leave it at the end. */
  static InsnList code(Layout layout, Entries entries, List<Point> points) {
    Dispatch dispatch = new Dispatch(layout, entries, points);
    dispatch.emit();
    return dispatch.code;
  }

  private void emit() {
    code.add(new VarInsnNode(Opcodes.ALOAD, layout.frameSlot()));
    code.add(
        new MethodInsnNode(
            Opcodes.INVOKEVIRTUAL, Names.FRAME, "takeAwaited", "()" + Names.FUTURE_DESC, false));
    LabelNode[] targets = new LabelNode[points.size()];
    for (Point point : points) {
      targets[point.state() - 1] = arrivesInPlace(point) ? point.resumed() : new LabelNode();
    }
    List<Point> reachedByJump = points;
    if (points.size() > MOST_COMPARED) {
      switchTo(targets);
    } else {
      reachedByJump = points.subList(0, points.size() - 1);
      for (Point point : reachedByJump) {
        code.add(new VarInsnNode(Opcodes.ILOAD, layout.stateSlot()));
        code.add(Constants.push(point.state()));
        code.add(new JumpInsnNode(Opcodes.IF_ICMPEQ, targets[point.state() - 1]));
      }
      restore(points.get(points.size() - 1));
    }
    for (Point point : reachedByJump) {
      if (!arrivesInPlace(point)) {
        code.add(targets[point.state() - 1]);
        code.add(entries.arrived());
        restore(point);
      }
    }
  }

  /**
   * Emits the switch. What follows a switch must find the stack as the switch leaves it, although
   * control does not go there: HotSpot believes that it does when it words the message of a
   * NullPointerException, and reads outside its arrays if depths differ. A restore block does; if
   * there is none, the default case, which is never taken, stands there.
   */
  private void switchTo(LabelNode[] targets) {
    boolean restores = !points.stream().allMatch(this::arrivesInPlace);
    LabelNode other = restores ? targets[0] : new LabelNode();
    code.add(new VarInsnNode(Opcodes.ILOAD, layout.stateSlot()));
    code.add(new TableSwitchInsnNode(1, points.size(), other, targets));
    if (!restores) {
      code.add(other);
      code.add(entries.arrived());
      code.add(new JumpInsnNode(Opcodes.GOTO, targets[0]));
    }
  }

  private boolean arrivesInPlace(Point point) {
    return point.stack().isEmpty()
        && point.nullLocals().isEmpty()
        && point.lock() < 0
        && point.saved().stream().allMatch(layout::arrivesInPlace);
  }

  /** With the future on the stack: brings every value to its place. */
  private void restore(Point point) {
    boolean below = !point.stack().isEmpty();
    int future = below ? new Scratch(layout, point).next(1) : -1;
    if (below) {
      code.add(new VarInsnNode(Opcodes.ASTORE, future));
      for (int position = 0; position < point.stack().size(); position++) {
        Type type = point.stack().get(position);
        if (type.equals(Point.NULL)) {
          code.add(new InsnNode(Opcodes.ACONST_NULL));
        } else {
          pushArrived(Variable.onStack(position, type));
        }
      }
    }
    restoreLocals(point);
    if (point.lock() >= 0) {
      code.add(new VarInsnNode(Opcodes.ALOAD, layout.slotInBody(point.lock())));
      code.add(new InsnNode(Opcodes.MONITORENTER));
    }
    if (below) {
      code.add(new VarInsnNode(Opcodes.ALOAD, future));
    }
    code.add(new JumpInsnNode(Opcodes.GOTO, point.resumed()));
  }

  private void restoreLocals(Point point) {
    // First all are read and then all are written: one may arrive where another belongs.
    List<Variable> moved =
        point.saved().stream()
            .filter(variable -> !variable.isOnStack() && !layout.arrivesInPlace(variable))
            .toList();
    moved.forEach(this::pushArrived);
    for (int i = moved.size() - 1; i >= 0; i--) {
      Variable variable = moved.get(i);
      code.add(
          new VarInsnNode(
              variable.type().getOpcode(Opcodes.ISTORE), layout.slotInBody(variable.slot())));
    }
    for (int slot : point.nullLocals()) {
      code.add(new InsnNode(Opcodes.ACONST_NULL));
      code.add(new VarInsnNode(Opcodes.ASTORE, layout.slotInBody(slot)));
    }
  }

  /** Pushes a value from where it arrives. */
  private void pushArrived(Variable variable) {
    Type type = variable.type();
    int index = layout.overflowIndex(variable);
    if (index < 0) {
      code.add(new VarInsnNode(type.getOpcode(Opcodes.ILOAD), layout.arrivesIn(variable)));
      return;
    }
    code.add(new VarInsnNode(Opcodes.ALOAD, layout.overflowSlot()));
    code.add(Constants.push(index));
    code.add(new InsnNode(Opcodes.AALOAD));
    Boxing.unbox(code, type);
  }
}
