package dev.weft.weaver.direct;

import dev.weft.weaver.Names;
import dev.weft.weaver.lower.StackMaps;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.FrameNode;

/** The stack map frames that a body needs beside those of the method. */
final class Entries {
  private final Layout layout;
  private final List<Type> own;

  /**
   * @param own the types of the method's own parameters, the receiver included
   */
  Entries(Layout layout, List<Type> own) {
    this.layout = layout;
    this.own = own;
  }

  /** Where the method's code begins: nothing but its own parameters counts. */
  FrameNode atStart() {
    return frame(withOwn(new Object[layout.parameterSlots()]), List.of());
  }

  /** Where a resumed body stands before its values are in their places, the future on its stack. */
  FrameNode arrived() {
    @Nullable Object[] bySlot = withOwn(new Object[layout.parameterSlots()]);
    for (Layout.Parameter parameter : layout.added()) {
      bySlot[parameter.slot()] = StackMaps.entryOf(parameter.type());
    }
    return frame(bySlot, List.of(Names.FUTURE));
  }

  /** Where an await saves, with the future on the stack: what is not saved does not count. */
  FrameNode saving(Point point) {
    return at(point, List.of());
  }

  /** As {@link #saving(Point)}, with an object of a class on top of the future. */
  FrameNode saving(Point point, String internalName) {
    FrameNode frame = saving(point);
    frame.stack = new ArrayList<>(frame.stack);
    frame.stack.add(internalName);
    return frame;
  }

  /** Where an await has failed to save, with what was thrown on the stack. */
  FrameNode failing(Point point) {
    FrameNode frame = saving(point);
    frame.stack = List.of("java/lang/Throwable");
    return frame;
  }

  /** Where an await goes on, with the future on the stack. */
  FrameNode resumed(Point point) {
    return at(point, point.nullLocals());
  }

  private FrameNode at(Point point, List<Integer> nullLocals) {
    int slots = layout.parameterSlots();
    for (Variable variable : point.saved()) {
      slots = Math.max(slots, variable.isOnStack() ? 0 : layout.slotInBody(variable.slot()) + 1);
    }
    for (int slot : nullLocals) {
      slots = Math.max(slots, layout.slotInBody(slot) + 1);
    }
    @Nullable Object[] bySlot = withStateAndFrame(new Object[slots]);
    for (Variable variable : point.saved()) {
      if (!variable.isOnStack()) {
        bySlot[layout.slotInBody(variable.slot())] = StackMaps.entryOf(variable.type());
      }
    }
    for (int slot : nullLocals) {
      bySlot[layout.slotInBody(slot)] = Opcodes.NULL;
    }
    List<Object> stack = new ArrayList<>();
    for (Type type : point.stack()) {
      stack.add(type.equals(Point.NULL) ? Opcodes.NULL : StackMaps.entryOf(type));
    }
    stack.add(Names.FUTURE);
    return frame(bySlot, stack);
  }

  /** Adds what is in the body's locals from its start to its end. */
  @Nullable Object[] withStateAndFrame(@Nullable Object[] bySlot) {
    bySlot[layout.stateSlot()] = Opcodes.INTEGER;
    bySlot[layout.frameSlot()] = Names.FRAME;
    return bySlot;
  }

  private @Nullable Object[] withOwn(@Nullable Object[] bySlot) {
    int slot = 0;
    for (Type type : own) {
      bySlot[slot] = StackMaps.entryOf(type);
      slot += type.getSize();
    }
    return withStateAndFrame(bySlot);
  }

  private static FrameNode frame(@Nullable Object[] localsBySlot, List<Object> stack) {
    Object[] locals = StackMaps.locals(localsBySlot);
    return new FrameNode(Opcodes.F_NEW, locals.length, locals, stack.size(), stack.toArray());
  }
}
