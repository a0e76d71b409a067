package dev.weft.weaver.direct;

import dev.weft.weaver.DiagnosticCode;
import dev.weft.weaver.Refusal;
import dev.weft.weaver.analysis.ControlFlow;
import dev.weft.weaver.scan.AwaitCall;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * In which local slot the object lies whose monitor is held. By EA Async's rules, an await in a
 * synchronized block releases the monitor while the method is suspended; {@code scan} lets through
 * only those awaits, and only one monitor deep.
 */
final class HeldLocks {
  /** No real method nests deeper; it bounds the analysis of one that enters in a loop. */
  private static final int DEEPEST = 64;

  private static final int UNKNOWN_SLOT = -2;
  private static final List<Integer> UNKNOWN = List.of(UNKNOWN_SLOT);

  private final MethodNode method;

  /** By instruction, the slots of the locks held before it, outermost first; null if unreached. */
  private final @Nullable List<Integer>[] held;

  @SuppressWarnings({"unchecked", "rawtypes"})
  HeldLocks(MethodNode method) {
    this.method = method;
    held = new List[method.instructions.size()];
    for (AbstractInsnNode insn : method.instructions) {
      if (insn.getOpcode() == Opcodes.MONITORENTER) {
        follow();
        return;
      }
    }
    Arrays.fill(held, List.of());
  }

  private void follow() {
    ControlFlow flow = new ControlFlow(method);
    Deque<Integer> work = new ArrayDeque<>();
    meet(0, List.of(), work);
    while (!work.isEmpty()) {
      int index = work.pop();
      List<Integer> before = Objects.requireNonNull(held[index]);
      List<Integer> after = after(method.instructions.get(index), before);
      flow.forEachSuccessor(index, next -> meet(next, after, work));
      for (TryCatchBlockNode block : flow.handlersAt(index)) {
        meet(method.instructions.indexOf(block.handler), before, work);
        if (block.type == null) {
          break; // catches everything, as in MonitorDepth
        }
      }
    }
  }

  private static List<Integer> after(AbstractInsnNode insn, List<Integer> before) {
    if (before.equals(UNKNOWN)) {
      return UNKNOWN;
    }
    switch (insn.getOpcode()) {
      case Opcodes.MONITORENTER -> {
        if (before.size() == DEEPEST) {
          return UNKNOWN;
        }
        List<Integer> after = new ArrayList<>(before);
        after.add(slotOf(insn));
        return after;
      }
      case Opcodes.MONITOREXIT -> {
        return before.isEmpty() ? UNKNOWN : before.subList(0, before.size() - 1);
      }
      default -> {
        return before;
      }
    }
  }

  private void meet(int index, List<Integer> with, Deque<Integer> work) {
    List<Integer> known = held[index];
    List<Integer> merged = known == null || known.equals(with) ? with : UNKNOWN;
    if (!merged.equals(known)) {
      held[index] = merged;
      work.push(index);
    }
  }

  /** Compilers keep a copy in a local, for the code that leaves the monitor. */
  private static int slotOf(AbstractInsnNode enter) {
    AbstractInsnNode before = enter.getPrevious();
    while (before != null && before.getOpcode() < 0) {
      before = before.getPrevious();
    }
    return before instanceof VarInsnNode local
            && (local.getOpcode() == Opcodes.ASTORE || local.getOpcode() == Opcodes.ALOAD)
        ? local.var
        : UNKNOWN_SLOT;
  }

  /**
   * The slot of the lock that is held at an await, or -1 if none is.
   *
   * @throws Refusal if it cannot be told
   */
  int at(AbstractInsnNode await) throws Refusal {
    List<Integer> locks = held[method.instructions.indexOf(await)];
    if (locks == null || locks.isEmpty()) {
      return -1;
    }
    if (locks.size() > 1 || locks.get(0) == UNKNOWN_SLOT) {
      throw new Refusal(
          DiagnosticCode.SYNCHRONIZED_BRANCH,
          AwaitCall.lineOf(await),
          "await where a monitor is held on some paths only, or which one cannot be told: it cannot be"
              + " released while the method is suspended. Move the await out of the synchronized"
              + " block");
    }
    return locks.get(0);
  }
}
