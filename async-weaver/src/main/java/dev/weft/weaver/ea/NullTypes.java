package dev.weft.weaver.ea;

import dev.weft.weaver.lower.StackMaps;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.FrameNode;

/** Gives stack map frames the null types that EA Async takes for Object. */
final class NullTypes {
  private NullTypes() {}

  /** Gives the null type to the given local slots and positions on the stack. */
  static void set(FrameNode frame, BitSet locals, BitSet stack) {
    List<Object> newLocals = new ArrayList<>(frame.local);
    int slot = 0;
    for (int i = 0; i < newLocals.size(); i++) {
      int size = StackMaps.sizeOf(newLocals.get(i));
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
