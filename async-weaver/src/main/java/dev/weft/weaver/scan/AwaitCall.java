package dev.weft.weaver.scan;

import dev.weft.weaver.Names;
import java.util.HashMap;
import java.util.Map;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Recognizes awaits in bytecode. */
public final class AwaitCall {
  private AwaitCall() {}

  /** A call of Weft's or of EA's await. */
  public static boolean isAwait(AbstractInsnNode insn) {
    return isWeftAwait(insn) || isEaAwait(insn);
  }

  /** A call of {@code dev.weft.Async.await}. */
  public static boolean isWeftAwait(AbstractInsnNode insn) {
    return isCall(insn, Names.ASYNC, Names.AWAIT);
  }

  /** A call of {@code com.ea.async.Async.await}. */
  public static boolean isEaAwait(AbstractInsnNode insn) {
    return isCall(insn, Names.EA_ASYNC, Names.AWAIT);
  }

  /** A call of {@code com.ea.async.Async.init}, which weaving makes needless. */
  public static boolean isEaInit(AbstractInsnNode insn) {
    return isCall(insn, Names.EA_ASYNC, Names.EA_INIT);
  }

  /** A method handle on await: what {@code Async::await} compiles to. */
  public static boolean isAwaitHandle(Object constant) {
    return constant instanceof Handle handle
        && handle.getName().equals(Names.AWAIT)
        && (handle.getOwner().equals(Names.ASYNC) || handle.getOwner().equals(Names.EA_ASYNC));
  }

  /** True if what is awaited is known to be a future, and need not be asked for one. */
  public static boolean isFuture(Type stage) {
    String name = stage.getInternalName();
    return name.equals(Names.FUTURE) || name.equals(Names.TASK);
  }

  /** The source line of an instruction, or 0 if the class file does not tell. */
  public static int lineOf(AbstractInsnNode insn) {
    for (AbstractInsnNode at = insn; at != null; at = at.getPrevious()) {
      if (at instanceof LineNumberNode line) {
        return line.line;
      }
    }
    return 0;
  }

  /**
   * The source line of each await of a method. To be asked before code is taken out of it: what
   * follows dead code may have its line from there.
   */
  public static Map<AbstractInsnNode, Integer> linesIn(MethodNode method) {
    Map<AbstractInsnNode, Integer> lines = new HashMap<>();
    for (AbstractInsnNode insn : method.instructions) {
      if (isAwait(insn)) {
        lines.put(insn, lineOf(insn));
      }
    }
    return lines;
  }

  private static boolean isCall(AbstractInsnNode insn, String owner, String name) {
    return insn instanceof MethodInsnNode call
        && call.getOpcode() == Opcodes.INVOKESTATIC
        && call.owner.equals(owner)
        && call.name.equals(name);
  }
}
