package dev.weft.weaver.scan;

import dev.weft.weaver.Names;
import dev.weft.weaver.verify.ClassHierarchy;
import java.util.HashSet;
import java.util.Set;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Closing as an await: in an async method, {@code x.close()} of what is an {@code AsyncCloseable}
 * becomes {@code await(x.closeAsync())}, before anything looks for awaits. So a try-with-resources
 * statement closes by awaiting, whatever form the compiler has given it, and all that follows sees
 * an await there. C#'s {@code await using}, and Kotlin's {@code use} of what suspends.
 *
 * <p>What counts is the type on which the compiler calls {@code close}. A class that has a {@code
 * close()} of its own is closed by {@code closeAsync()} too: by the contract of {@code
 * AsyncCloseable} both do the same, and the one blocks. {@code super.close()} is left alone, and so
 * is a close of {@code this}: a class that closes itself has two ways to, and says which; its
 * {@code closeAsync()} may be written by means of its {@code close()}.
 */
public final class AwaitedCloses {
  private final ClassHierarchy hierarchy;
  private final Set<AbstractInsnNode> awaits = new HashSet<>();

  public AwaitedCloses(ClassHierarchy hierarchy) {
    this.hierarchy = hierarchy;
  }

  /** True if it closes something. */
  public boolean mayBeIn(MethodNode method) {
    for (AbstractInsnNode insn : method.instructions) {
      if (isIn(method, insn)) {
        return true;
      }
    }
    return false;
  }

  /** True if an instruction of a method closes something. */
  public boolean isIn(MethodNode method, AbstractInsnNode insn) {
    return isClose(method, insn) && hierarchy.isSubclass(ownerOf(insn), Names.ASYNC_CLOSEABLE);
  }

  /** Replaces those of an async method. */
  void replaceIn(MethodNode method) {
    boolean ea = awaitsByEaAlone(method);
    for (AbstractInsnNode insn : method.instructions.toArray()) {
      if (isIn(method, insn)) {
        MethodInsnNode close = (MethodInsnNode) insn;
        close.name = Names.CLOSE_ASYNC;
        close.desc = "()" + Names.TASK_DESC;
        MethodInsnNode await =
            new MethodInsnNode(
                Opcodes.INVOKESTATIC,
                ea ? Names.EA_ASYNC : Names.ASYNC,
                Names.AWAIT,
                Names.AWAIT_DESC,
                false);
        awaits.add(await);
        InsnList code = new InsnList();
        code.add(await);
        code.add(new InsnNode(Opcodes.POP));
        method.instructions.insert(close, code);
      }
    }
  }

  /** True for an await that stands where the source closes something. */
  boolean isOne(AbstractInsnNode await) {
    return awaits.contains(await);
  }

  /** A method keeps the rules of exceptions that it has; see {@link AsyncMethod.Convention}. */
  private static boolean awaitsByEaAlone(MethodNode method) {
    boolean ea = false;
    for (AbstractInsnNode insn : method.instructions) {
      if (AwaitCall.isWeftAwait(insn)) {
        return false;
      }
      ea |= AwaitCall.isEaAwait(insn);
    }
    return ea;
  }

  private static boolean isClose(MethodNode method, AbstractInsnNode insn) {
    return insn instanceof MethodInsnNode call
        && call.name.equals(Names.CLOSE)
        && call.desc.equals(Names.CLOSE_DESC)
        && (call.getOpcode() == Opcodes.INVOKEVIRTUAL
            || call.getOpcode() == Opcodes.INVOKEINTERFACE)
        && !call.owner.startsWith("java/")
        && !isOfThis(method, call);
  }

  /**
   * What is closed is pushed by the instruction before, as there is no argument; unless two ways
   * meet there, at a stack map frame.
   */
  private static boolean isOfThis(MethodNode method, MethodInsnNode close) {
    AbstractInsnNode before = close.getPrevious();
    while (before instanceof LabelNode || before instanceof LineNumberNode) {
      before = before.getPrevious();
    }
    return (method.access & Opcodes.ACC_STATIC) == 0
        && before instanceof VarInsnNode load
        && load.getOpcode() == Opcodes.ALOAD
        && load.var == 0;
  }

  private static String ownerOf(AbstractInsnNode insn) {
    return ((MethodInsnNode) insn).owner;
  }
}
