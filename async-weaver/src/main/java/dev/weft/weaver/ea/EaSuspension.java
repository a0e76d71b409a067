package dev.weft.weaver.ea;

import dev.weft.weaver.Names;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.IntInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * What EA Async 1.2.3 emits for one await, taken apart. With a CompletableFuture on top of the
 * stack, that is always:
 *
 * <pre>
 *         INVOKESTATIC Await.future  which the preparation has put before the await
 *         DUP
 *         INVOKEVIRTUAL isDone
 *         IFNE done
 *         xSTORE ..                  spill the stack, its top first: the future
 *         ALOAD the future
 *         INVOKESTATIC Function.identity
 *         INVOKEVIRTUAL exceptionally
 *         xLOAD or constant ..       the captured arguments
 *         SIPUSH state
 *         INVOKEDYNAMIC apply        a lambda over async$m
 *         INVOKEVIRTUAL thenCompose
 *         ALOAD, MONITOREXIT ..      of an await inside synchronized
 *         ARETURN
 *   done: FRAME
 *         INVOKEVIRTUAL join
 * </pre>
 *
 * Anything else means that this is not the EA Async that the lowering was written for.
 */
final class EaSuspension {
  final InvokeDynamicInsnNode lambda;
  final MethodInsnNode future;
  final MethodInsnNode isDone;
  final MethodInsnNode identity;
  final MethodInsnNode exceptionally;
  final MethodInsnNode thenCompose;
  final MethodInsnNode join;
  final FrameNode doneFrame;

  /** The state that stands for this await, from 1. */
  final int state;

  /** The pushes of the captured arguments, without the state. */
  final List<AbstractInsnNode> pushes = new ArrayList<>();

  /**
   * By position on the stack, the slot that it is spilled to, or -1 for a value that is dropped.
   */
  final int[] spills;

  /** How many monitors are released while the method is suspended. */
  final int monitors;

  private EaSuspension(InvokeDynamicInsnNode lambda) {
    this.lambda = lambda;
    AbstractInsnNode at = previous(lambda);
    check(at instanceof IntInsnNode, "the state");
    state = ((IntInsnNode) at).operand;
    for (int i = Type.getArgumentTypes(lambda.desc).length - 1; i > 0; i--) {
      at = previous(at);
      pushes.add(at);
    }
    Collections.reverse(pushes);
    at = previous(at);
    exceptionally = call(at, Names.FUTURE, "exceptionally");
    at = previous(at);
    identity = call(at, "java/util/function/Function", "identity");
    at = previous(at);
    check(at.getOpcode() == Opcodes.ALOAD, "the load of the future");
    List<Integer> spilled = new ArrayList<>();
    for (at = previous(at); at.getOpcode() != Opcodes.IFNE; at = previous(at)) {
      boolean store = at.getOpcode() >= Opcodes.ISTORE && at.getOpcode() <= Opcodes.ASTORE;
      check(
          store || at.getOpcode() == Opcodes.POP || at.getOpcode() == Opcodes.POP2,
          "the spilling of the stack");
      spilled.add(store ? ((VarInsnNode) at).var : -1); // met bottom first
    }
    spills = spilled.stream().mapToInt(Integer::intValue).toArray();
    JumpInsnNode ifDone = (JumpInsnNode) at;
    isDone = call(previous(ifDone), Names.FUTURE, "isDone");
    AbstractInsnNode duplicate = previous(isDone);
    check(duplicate.getOpcode() == Opcodes.DUP, "the duplicate of the future");
    future = call(previous(duplicate), Names.AWAIT_RUNTIME, "future");
    thenCompose = call(next(lambda), Names.FUTURE, "thenCompose");
    int released = 0;
    for (at = next(thenCompose); at.getOpcode() != Opcodes.ARETURN; at = next(at)) {
      if (at.getOpcode() == Opcodes.MONITOREXIT) {
        released++;
      } else {
        check(at.getOpcode() == Opcodes.ALOAD, "the return");
      }
    }
    monitors = released;
    join = call(next(ifDone.label), Names.FUTURE, "join");
    doneFrame = frameBefore(join);
  }

  /** All suspensions of a method that was split by EA, by state. */
  static List<EaSuspension> of(MethodNode method) {
    List<EaSuspension> found = new ArrayList<>();
    for (AbstractInsnNode insn : method.instructions) {
      if (insn instanceof InvokeDynamicInsnNode dynamic
          && dynamic.name.equals("apply")
          && dynamic.bsmArgs.length == 3
          && dynamic.bsmArgs[1] instanceof Handle handle
          && handle.getName().startsWith("async$")
          && dynamic.getNext() instanceof MethodInsnNode call
          && call.name.equals("thenCompose")) {
        found.add(new EaSuspension(dynamic));
      }
    }
    return found;
  }

  /** The type of each captured argument, without the state. */
  Type[] argumentTypes() {
    Type[] all = Type.getArgumentTypes(lambda.desc);
    return java.util.Arrays.copyOf(all, all.length - 1);
  }

  /** The position on the stack of the value that is spilled to a slot, or -1. */
  int stackPositionOf(int slot) {
    for (int i = 0; i < spills.length; i++) {
      if (spills[i] == slot) {
        return i;
      }
    }
    return -1;
  }

  /** The next real instruction. */
  static AbstractInsnNode next(AbstractInsnNode insn) {
    return real(insn.getNext(), true);
  }

  /** The previous real instruction. */
  static AbstractInsnNode previous(AbstractInsnNode insn) {
    return real(insn.getPrevious(), false);
  }

  private static AbstractInsnNode real(@Nullable AbstractInsnNode from, boolean forward) {
    AbstractInsnNode at = from;
    while (at != null && at.getOpcode() < 0) {
      at = forward ? at.getNext() : at.getPrevious();
    }
    check(at != null, "the edge of the method");
    return Objects.requireNonNull(at);
  }

  private static FrameNode frameBefore(AbstractInsnNode insn) {
    AbstractInsnNode at = insn.getPrevious();
    while (at != null && at.getOpcode() < 0) {
      if (at instanceof FrameNode frame) {
        return frame;
      }
      at = at.getPrevious();
    }
    throw unknownShape("the stack map frame before join");
  }

  private static MethodInsnNode call(AbstractInsnNode insn, String owner, String name) {
    check(
        insn instanceof MethodInsnNode call && call.owner.equals(owner) && call.name.equals(name),
        name);
    return (MethodInsnNode) insn;
  }

  private static void check(boolean asExpected, String what) {
    if (!asExpected) {
      throw unknownShape(what);
    }
  }

  private static IllegalStateException unknownShape(String what) {
    return new IllegalStateException(
        "EA Async did not emit what version 1.2.3 emits; the lowering stopped at " + what);
  }
}
