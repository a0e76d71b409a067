package dev.weft.weaver.lower;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * The entries of expanded stack map frames, in which long and double take one entry for two slots.
 */
public final class StackMaps {
  private StackMaps() {}

  /** The slots that an entry takes up. */
  public static int sizeOf(Object entry) {
    return entry.equals(Opcodes.LONG) || entry.equals(Opcodes.DOUBLE) ? 2 : 1;
  }

  /** The entry for values of a type. */
  public static Object entryOf(Type type) {
    return switch (type.getSort()) {
      case Type.BOOLEAN, Type.BYTE, Type.CHAR, Type.SHORT, Type.INT -> Opcodes.INTEGER;
      case Type.FLOAT -> Opcodes.FLOAT;
      case Type.LONG -> Opcodes.LONG;
      case Type.DOUBLE -> Opcodes.DOUBLE;
      case Type.ARRAY -> type.getDescriptor();
      default -> type.getInternalName();
    };
  }

  /** The entries of locals by slot, in which null stands for a slot without a value. */
  public static Object[] locals(@Nullable Object[] bySlot) {
    List<Object> entries = new ArrayList<>();
    int last = bySlot.length - 1;
    while (last >= 0 && bySlot[last] == null) {
      last--;
    }
    for (int slot = 0; slot <= last; slot++) {
      Object entry = Objects.requireNonNullElse(bySlot[slot], Opcodes.TOP);
      entries.add(entry);
      slot += sizeOf(entry) - 1;
    }
    return entries.toArray();
  }
}
