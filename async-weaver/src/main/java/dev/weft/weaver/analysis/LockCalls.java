package dev.weft.weaver.analysis;

import dev.weft.weaver.verify.ClassHierarchy;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;

/** The calls that take and release a {@code java.util.concurrent.locks.Lock}. */
final class LockCalls {
  private static final String LOCK = "java/util/concurrent/locks/Lock";

  enum Kind {
    ACQUIRE,
    /** Takes the lock if it answers true. */
    TRY,
    RELEASE
  }

  private final ClassHierarchy hierarchy;

  LockCalls(ClassHierarchy hierarchy) {
    this.hierarchy = hierarchy;
  }

  /** What an instruction does to a lock, or null. */
  @Nullable Kind kind(AbstractInsnNode insn) {
    if (!(insn instanceof MethodInsnNode call) || call.getOpcode() == Opcodes.INVOKESTATIC) {
      return null;
    }
    Kind kind =
        switch (call.name + call.desc) {
          case "lock()V", "lockInterruptibly()V" -> Kind.ACQUIRE;
          case "tryLock()Z", "tryLock(JLjava/util/concurrent/TimeUnit;)Z" -> Kind.TRY;
          case "unlock()V" -> Kind.RELEASE;
          default -> null;
        };
    return kind != null && hierarchy.isSubclass(call.owner, LOCK) ? kind : null;
  }

  /**
   * Without those that throw only what a virtual machine may throw anywhere, and those by which
   * code gets at the lock that it releases: javac's {@code finally} may stand in a wider {@code
   * try}.
   */
  boolean canThrow(AbstractInsnNode insn) {
    int opcode = insn.getOpcode();
    if (insn instanceof MethodInsnNode || opcode == Opcodes.CHECKCAST) {
      return !leadsToRelease(insn);
    }
    return opcode > Opcodes.GETSTATIC
        ? opcode != Opcodes.GETFIELD && opcode != Opcodes.IFNULL && opcode != Opcodes.IFNONNULL
        : opcode >= Opcodes.IALOAD && opcode <= Opcodes.SALOAD
            || opcode >= Opcodes.IASTORE && opcode <= Opcodes.SASTORE
            || opcode == Opcodes.IDIV
            || opcode == Opcodes.IREM
            || opcode == Opcodes.LDIV
            || opcode == Opcodes.LREM;
  }

  private boolean leadsToRelease(AbstractInsnNode insn) {
    AbstractInsnNode next = insn.getNext();
    while (next != null && (next.getOpcode() < 0 || next.getOpcode() == Opcodes.CHECKCAST)) {
      next = next.getNext();
    }
    return next != null && kind(next) == Kind.RELEASE;
  }
}
