package dev.weft.weaver.scan;

import dev.weft.weaver.DiagnosticCode;
import dev.weft.weaver.analysis.ControlFlow;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.TypeInsnNode;

/**
 * Finds loops that survive the cancellation of their task: an await throws a CancellationException
 * once, a {@code catch} that is meant for other exceptions takes it, and the loop comes back to the
 * await.
 *
 * <p>The exception is followed as the JVM would: to the first handler that takes it, from there
 * along all paths, and to the next handler where it is thrown again. That it is thrown again
 * unchanged is assumed; who wraps it and catches the wrapper has swallowed it as well. A handler
 * for CancellationException itself, and a path that asks for it or for {@code isCancelled()}, knows
 * what it does.
 */
public final class SwallowedCancellations {
  private static final String CANCELLATION = "java/util/concurrent/CancellationException";

  /** Its superclasses: what else a {@code catch} can be declared to take. */
  private static final Set<String> WIDER =
      Set.of(
          "java/lang/IllegalStateException",
          "java/lang/RuntimeException",
          "java/lang/Exception",
          "java/lang/Throwable");

  private SwallowedCancellations() {}

  /** The handlers of async methods that swallow a cancellation. */
  public static List<RiskyCall> in(Collection<AsyncMethod> methods) {
    List<RiskyCall> found = new ArrayList<>();
    for (AsyncMethod async : methods) {
      if (!async.method().tryCatchBlocks.isEmpty()) {
        ControlFlow flow = new ControlFlow(async.method());
        Set<LabelNode> reported = new HashSet<>();
        for (MethodInsnNode await : async.awaits()) {
          TryCatchBlockNode swallowing = new Search(async.method(), flow, await).handler();
          if (swallowing != null && reported.add(swallowing.handler)) {
            found.add(risky(swallowing, await));
          }
        }
      }
    }
    return found;
  }

  private static RiskyCall risky(TryCatchBlockNode handler, MethodInsnNode await) {
    String taken =
        "the CancellationException that the await in line "
            + AwaitCall.lineOf(await)
            + " throws when the task is cancelled, and the loop goes on: the task does not end. ";
    String message =
        handler.type == null
            ? "this finally block drops " + taken + "Leave it without continue"
            : "catch ("
                + handler.type.substring(handler.type.lastIndexOf('/') + 1)
                + ") takes "
                + taken
                + "Write catch (CancellationException e) { throw e; } before it";
    return new RiskyCall(DiagnosticCode.SWALLOWED_CANCELLATION, lineOf(handler.handler), message);
  }

  /** The line of a handler, which its first instruction has: that stores the exception. */
  private static int lineOf(LabelNode handler) {
    AbstractInsnNode insn = handler;
    while (insn != null && insn.getOpcode() < 0) {
      if (insn instanceof LineNumberNode line) {
        return line.line;
      }
      insn = insn.getNext();
    }
    return AwaitCall.lineOf(handler);
  }

  /** The way of one await's exception. */
  private static final class Search {
    private final MethodNode method;
    private final ControlFlow flow;
    private final int await;
    private final BitSet thrownAt = new BitSet();
    private final Deque<Integer> toThrow = new ArrayDeque<>();

    Search(MethodNode method, ControlFlow flow, MethodInsnNode await) {
      this.method = method;
      this.flow = flow;
      this.await = method.instructions.indexOf(await);
    }

    /** The handler from which control comes back to the await, or null. */
    @Nullable TryCatchBlockNode handler() {
      throwAt(await);
      while (!toThrow.isEmpty()) {
        TryCatchBlockNode handler = handlerAt(toThrow.pop());
        if (handler != null && comesBack(handler) && !CANCELLATION.equals(handler.type)) {
          return handler;
        }
      }
      return null;
    }

    private void throwAt(int index) {
      if (!thrownAt.get(index)) {
        thrownAt.set(index);
        toThrow.push(index);
      }
    }

    private @Nullable TryCatchBlockNode handlerAt(int index) {
      for (TryCatchBlockNode block : flow.handlersAt(index)) {
        if (block.type == null || block.type.equals(CANCELLATION) || WIDER.contains(block.type)) {
          return block;
        }
      }
      return null;
    }

    /** Also notes where the exception may be thrown again. */
    private boolean comesBack(TryCatchBlockNode handler) {
      BitSet seen = new BitSet();
      Deque<Integer> work = new ArrayDeque<>();
      work.push(method.instructions.indexOf(handler.handler));
      while (!work.isEmpty()) {
        int index = work.pop();
        AbstractInsnNode insn = method.instructions.get(index);
        if (index == await) {
          return true;
        }
        if (seen.get(index) || asksForCancellation(insn)) {
          continue;
        }
        seen.set(index);
        if (insn.getOpcode() == Opcodes.ATHROW) {
          throwAt(index);
        }
        flow.forEachSuccessor(index, work::push);
      }
      return false;
    }

    private static boolean asksForCancellation(AbstractInsnNode insn) {
      if (insn instanceof TypeInsnNode type) {
        return insn.getOpcode() == Opcodes.INSTANCEOF && type.desc.equals(CANCELLATION);
      }
      if (insn instanceof InvokeDynamicInsnNode dynamic) { // a switch over patterns
        return List.of(dynamic.bsmArgs).contains(Type.getObjectType(CANCELLATION));
      }
      if (insn instanceof LdcInsnNode constant) {
        return constant.cst.equals(Type.getObjectType(CANCELLATION));
      }
      return insn instanceof MethodInsnNode call && call.name.equals("isCancelled");
    }
  }
}
