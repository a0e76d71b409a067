package dev.weft.weaver.direct;

import java.util.BitSet;

/**
 * The slots that hold nothing of worth while an await's save or restore block runs. Hands out the
 * lowest first: those below 4 take shorter code.
 */
final class Scratch {
  private final BitSet used = new BitSet();

  Scratch(Layout layout, Point point) {
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
  }

  /** Takes a slot out. */
  void reserve(int slot) {
    used.set(slot);
  }

  /** A slot for a value of this size, which is in use from now on. */
  int next(int size) {
    int slot = used.nextClearBit(0);
    while (size == 2 && used.get(slot + 1)) {
      slot = used.nextClearBit(slot + 1);
    }
    used.set(slot, slot + size);
    return slot;
  }
}
