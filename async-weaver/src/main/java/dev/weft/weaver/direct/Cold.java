package dev.weft.weaver.direct;

import dev.weft.weaver.Names;
import dev.weft.weaver.lower.FrameClass;
import dev.weft.weaver.lower.StackMaps;
import dev.weft.weaver.lower.SuspendCall;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * The code of a body that runs only where it suspends or is resumed: a dispatch, a restore block
 * for each await whose values do not all arrive in place, and a save block for each way in which
 * awaits have something to save.
 */
final class Cold {
  /** What a save block does; awaits that agree in it share one, and tell it their state. */
  private record Saving(List<Type> stack, List<@Nullable Variable> fields, int lock) {}

  /** A save block and the awaits that share it. */
  private record SaveBlock(Saving saving, LabelNode label, List<Point> points) {
    SaveBlock(Saving saving) {
      this(saving, new LabelNode(), new ArrayList<>());
    }

    boolean isShared() {
      return points.size() > 1;
    }
  }

  /** Up to so many awaits, comparing with each state takes fewer bytes than a switch. */
  private static final int MOST_COMPARED = 4;

  private final Layout layout;
  private final List<Point> points;
  private final SuspendCall suspend;
  private final Object[] parameterEntries;

  private final Map<Saving, SaveBlock> saveBlocks = new LinkedHashMap<>();

  /** By state, from index 0. */
  private final List<SaveBlock> saveBlockAt = new ArrayList<>();

  /**
   * @param parameterEntries the locals as the body finds them, by slot
   */
  Cold(
      Layout layout,
      List<Point> points,
      SuspendCall suspend,
      Object[] parameterEntries) {
    this.layout = layout;
    this.points = points;
    this.suspend = suspend;
    this.parameterEntries = parameterEntries;
    for (Point point : points) {
      SaveBlock block = saveBlocks.computeIfAbsent(savingAt(point), SaveBlock::new);
      block.points().add(point);
      saveBlockAt.add(block);
    }
  }

  /**
   * Where an await goes to suspend.
   *
   * @param before takes what the await has to do first
   */
  LabelNode save(Point point, InsnList before) {
    SaveBlock block = saveBlockAt.get(point.state() - 1);
    if (block.isShared()) {
      before.add(Constants.push(point.state()));
      before.add(new VarInsnNode(Opcodes.ISTORE, layout.stateSlot()));
    }
    return block.label();
  }

  /** The locals that an await leaves to the code behind it, by slot. */
  Object[] localsAt(Point point) {
    int slots = layout.frameSlot() + 1;
    for (Variable variable : point.saved()) {
      slots = Math.max(slots, variable.isOnStack() ? 0 : layout.slotInBody(variable.slot()) + 1);
    }
    for (int slot : point.nullLocals()) {
      slots = Math.max(slots, layout.slotInBody(slot) + 1);
    }
    Object[] bySlot = new Object[slots];
    bySlot[layout.stateSlot()] = Opcodes.INTEGER;
    bySlot[layout.frameSlot()] = Names.FRAME;
    for (Variable variable : point.saved()) {
      if (!variable.isOnStack()) {
        bySlot[layout.slotInBody(variable.slot())] = StackMaps.entryOf(variable.type());
      }
    }
    for (int slot : point.nullLocals()) {
      bySlot[layout.slotInBody(slot)] = Opcodes.NULL;
    }
    return bySlot;
  }

  /** The operand stack where the awaited future is on top of it. */
  List<Object> stackAt(Point point) {
    List<Object> stack = new ArrayList<>();
    for (Type type : point.stack()) {
      stack.add(type.equals(Point.NULL) ? Opcodes.NULL : StackMaps.entryOf(type));
    }
    stack.add(Names.FUTURE);
    return stack;
  }

  /** All of it. */
  InsnList code() {
    InsnList code = new InsnList();
    dispatch(code);
    saveBlocks.values().forEach(block -> save(code, block));
    return code;
  }

  /** The slots that hold nothing of worth while a save or a restore block of an await runs. */
  private Scratch scratchAt(Point point) {
    BitSet used = new BitSet();
    used.set(layout.stateSlot());
    used.set(layout.frameSlot());
    if (layout.overflowLength() > 0) {
      used.set(layout.overflowSlot());
    }
    for (Variable variable : point.saved()) {
      int size = variable.type().getSize();
      if (layout.overflowIndex(variable) < 0) {
        used.set(layout.arrivesIn(variable), layout.arrivesIn(variable) + size);
      }
      if (!variable.isOnStack()) {
        int slot = layout.slotInBody(variable.slot());
        used.set(slot, slot + size);
      }
    }
    point.nullLocals().forEach(slot -> used.set(layout.slotInBody(slot)));
    return new Scratch(used);
  }

  /** Hands out slots that are not used, the lowest first: those below 4 take shorter code. */
  private record Scratch(BitSet used) {
    int next(int size) {
      int slot = used.nextClearBit(0);
      while (size == 2 && used.get(slot + 1)) {
        slot = used.nextClearBit(slot + 1);
      }
      used.set(slot, slot + size);
      return slot;
    }
  }

  // ---- resuming

  private void dispatch(InsnList code) {
    code.add(new VarInsnNode(Opcodes.ALOAD, layout.frameSlot()));
    code.add(
        new MethodInsnNode(
            Opcodes.INVOKEVIRTUAL, Names.FRAME, "takeAwaited", "()" + Names.FUTURE_DESC, false));
    LabelNode[] targets = new LabelNode[points.size()];
    for (Point point : points) {
      targets[point.state() - 1] = arrivesInPlace(point) ? point.resumed() : new LabelNode();
    }
    Point last = points.get(points.size() - 1);
    if (points.size() > MOST_COMPARED) {
      code.add(new VarInsnNode(Opcodes.ILOAD, layout.stateSlot()));
      code.add(new TableSwitchInsnNode(1, points.size(), targets[0], targets));
    } else {
      for (Point point : points.subList(0, points.size() - 1)) {
        code.add(new VarInsnNode(Opcodes.ILOAD, layout.stateSlot()));
        code.add(Constants.push(point.state()));
        code.add(new JumpInsnNode(Opcodes.IF_ICMPEQ, targets[point.state() - 1]));
      }
      restore(code, last);
    }
    for (Point point : points) {
      boolean done = point == last && points.size() <= MOST_COMPARED;
      if (!done && !arrivesInPlace(point)) {
        code.add(targets[point.state() - 1]);
        code.add(Body.frame(parameterEntries, List.of(Names.FUTURE)));
        restore(code, point);
      }
    }
  }

  private boolean arrivesInPlace(Point point) {
    return point.stack().isEmpty()
        && point.nullLocals().isEmpty()
        && point.lock() < 0
        && point.saved().stream().allMatch(layout::arrivesInPlace);
  }

  /** With the future on the stack: brings every value to its place. */
  private void restore(InsnList code, Point point) {
    boolean below = !point.stack().isEmpty();
    int scratch = below ? scratchAt(point).next(1) : -1;
    if (below) {
      code.add(new VarInsnNode(Opcodes.ASTORE, scratch));
      for (int position = 0; position < point.stack().size(); position++) {
        Type type = point.stack().get(position);
        if (type.equals(Point.NULL)) {
          code.add(new InsnNode(Opcodes.ACONST_NULL));
        } else {
          arrived(code, Variable.onStack(position, type));
        }
      }
    }
    // First all are read and then all are written: one may arrive where another belongs.
    List<Variable> moved =
        point.saved().stream()
            .filter(variable -> !variable.isOnStack() && !layout.arrivesInPlace(variable))
            .toList();
    moved.forEach(variable -> arrived(code, variable));
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
    if (point.lock() >= 0) {
      code.add(new VarInsnNode(Opcodes.ALOAD, layout.slotInBody(point.lock())));
      code.add(new InsnNode(Opcodes.MONITORENTER));
    }
    if (below) {
      code.add(new VarInsnNode(Opcodes.ALOAD, scratch));
    }
    code.add(new JumpInsnNode(Opcodes.GOTO, point.resumed()));
  }

  /** Pushes a value from where it arrives. */
  private void arrived(InsnList code, Variable variable) {
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

  // ---- suspending

  private Saving savingAt(Point point) {
    List<@Nullable Variable> fields = new ArrayList<>();
    for (int slot = 0; slot < layout.ownSlots(); slot++) {
      if (layout.isOwnField(slot)) {
        fields.add(arrivingIn(slot, point));
      }
    }
    for (Layout.Parameter parameter : layout.added()) {
      if (layout.isField(parameter) && !layout.isOverflow(parameter)) {
        fields.add(arrivingIn(parameter.slot(), point));
      }
    }
    for (Variable variable : point.saved()) {
      if (layout.overflowIndex(variable) >= 0) {
        fields.add(variable);
      }
    }
    return new Saving(point.stack(), fields, point.lock());
  }

  private @Nullable Variable arrivingIn(int slot, Point point) {
    for (Variable variable : point.saved()) {
      if (layout.overflowIndex(variable) < 0 && layout.arrivesIn(variable) == slot) {
        return variable;
      }
    }
    return null;
  }

  /** With the future on the stack, and under it what was there before: parks the frame, returns. */
  private void save(InsnList code, SaveBlock block) {
    Saving saving = block.saving();
    Point example = block.points().get(0); // they agree in all that matters here
    code.add(block.label());
    code.add(Body.frame(localsAt(example), stackAt(example)));
    int[] spilled = spill(code, example);
    for (int slot = 0; slot < layout.ownSlots(); slot++) {
      if (layout.isOwnField(slot)) {
        Variable variable = arrivingIn(slot, example);
        current(code, variable, layout.ownType(slot), spilled);
      }
    }
    for (Layout.Parameter parameter : layout.added()) {
      if (layout.isOverflow(parameter)) {
        packOverflow(code, example, spilled);
      } else if (layout.isField(parameter)) {
        current(code, arrivingIn(parameter.slot(), example), parameter.type(), spilled);
      }
    }
    code.add(
        block.isShared()
            ? new VarInsnNode(Opcodes.ILOAD, layout.stateSlot())
            : Constants.push(example.state()));
    code.add(new VarInsnNode(Opcodes.ALOAD, layout.frameSlot()));
    code.add(suspend.node());
    if (saving.lock() >= 0) {
      code.add(new VarInsnNode(Opcodes.ALOAD, layout.slotInBody(saving.lock())));
      code.add(new InsnNode(Opcodes.MONITOREXIT));
    }
    code.add(new InsnNode(Opcodes.ARETURN));
  }

  /**
   * Takes what has to be saved from the operand stack into locals. What may stay there stays below
   * the future; the return drops it.
   */
  private int[] spill(InsnList code, Point point) {
    List<Type> stack = point.stack();
    int[] spilled = new int[stack.size()];
    int lowest = 0;
    while (lowest < stack.size() && stack.get(lowest).equals(Point.NULL)) {
      lowest++;
    }
    if (lowest == stack.size()) {
      return spilled;
    }
    Scratch scratch = scratchAt(point);
    int future = scratch.next(1);
    code.add(new VarInsnNode(Opcodes.ASTORE, future));
    for (int position = stack.size() - 1; position >= lowest; position--) {
      Type type = stack.get(position);
      if (type.equals(Point.NULL)) {
        code.add(new InsnNode(Opcodes.POP));
      } else {
        spilled[position] = scratch.next(type.getSize());
        code.add(new VarInsnNode(type.getOpcode(Opcodes.ISTORE), spilled[position]));
      }
    }
    code.add(new VarInsnNode(Opcodes.ALOAD, future));
    return spilled;
  }

  /** Pushes the value for a field: that of a variable, or none. */
  private void current(InsnList code, @Nullable Variable variable, Type type, int[] spilled) {
    if (variable == null) {
      code.add(new InsnNode(FrameClass.defaultOf(type)));
    } else {
      int slot =
          variable.isOnStack() ? spilled[variable.position()] : layout.slotInBody(variable.slot());
      code.add(new VarInsnNode(variable.type().getOpcode(Opcodes.ILOAD), slot));
    }
  }

  private void packOverflow(InsnList code, Point point, int[] spilled) {
    code.add(Constants.push(layout.overflowLength()));
    code.add(new TypeInsnNode(Opcodes.ANEWARRAY, "java/lang/Object"));
    for (Variable variable : point.saved()) {
      int index = layout.overflowIndex(variable);
      if (index >= 0) {
        code.add(new InsnNode(Opcodes.DUP));
        code.add(Constants.push(index));
        current(code, variable, variable.type(), spilled);
        Boxing.box(code, variable.type());
        code.add(new InsnNode(Opcodes.AASTORE));
      }
    }
  }
}
