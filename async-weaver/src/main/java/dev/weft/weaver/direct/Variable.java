package dev.weft.weaver.direct;

import org.objectweb.asm.Type;

/**
 * A place that holds a value across an await, as it was before lowering.
 *
 * @param slot a local slot; for a value on the operand stack, {@code -1 -} its position
 * @param type the value's type: int stands for all that the JVM keeps in an int
 */
record Variable(int slot, Type type) {
  static Variable onStack(int position, Type type) {
    return new Variable(-1 - position, type);
  }

  boolean isOnStack() {
    return slot < 0;
  }

  /** The position on the stack of one that {@link #isOnStack}. */
  int position() {
    return -1 - slot;
  }

  /** The type that the JVM's verifier has for values of a declared type. */
  static Type computational(Type declared) {
    return switch (declared.getSort()) {
      case Type.BOOLEAN, Type.BYTE, Type.CHAR, Type.SHORT -> Type.INT_TYPE;
      default -> declared;
    };
  }
}
