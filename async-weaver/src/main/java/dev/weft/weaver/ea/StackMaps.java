package dev.weft.weaver.ea;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.FrameNode;

/** Changes to expanded stack map frames, in which long and double take one entry but two slots. */
final class StackMaps {
  private StackMaps() {}

  /** The slots that an entry takes up. */
  static int sizeOf(Object entry) {
    return entry.equals(Opcodes.LONG) || entry.equals(Opcodes.DOUBLE) ? 2 : 1;
  }

  /** Gives the null type to the given local slots and positions on the stack. */
  static void setNulls(FrameNode frame, BitSet locals, BitSet stack) {
    List<Object> newLocals = new ArrayList<>(frame.local);
    int slot = 0;
    for (int i = 0; i < newLocals.size(); i++) {
      int size = sizeOf(newLocals.get(i));
      if (locals.get(slot)) {
        newLocals.set(i, Opcodes.NULL);
      }
      slot += size;
    }
    frame.local = newLocals;
    List<Object> newStack = new ArrayList<>(frame.stack);
    for (int i = 0; i < newStack.size(); i++) {
      if (stack.get(i)) {
        newStack.set(i, Opcodes.NULL);
      }
    }
    frame.stack = newStack;
  }
}
