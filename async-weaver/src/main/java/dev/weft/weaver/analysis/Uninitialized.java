package dev.weft.weaver.analysis;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.analysis.BasicValue;

/** The object that a NEW instruction has made and no constructor has seen yet. */
public final class Uninitialized extends BasicValue {
  private final TypeInsnNode origin;

  Uninitialized(TypeInsnNode origin) {
    super(Type.getObjectType(origin.desc));
    this.origin = origin;
  }

  /** The NEW instruction. */
  public TypeInsnNode origin() {
    return origin;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Uninitialized value && value.origin == origin;
  }

  /** Also in what a verifier says, where it would look like its type otherwise. */
  @Override
  public String toString() {
    return "uninitialized " + getType();
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(origin);
  }
}
