package dev.weft.weaver.bare;

import dev.weft.weaver.analysis.ControlFlow;
import dev.weft.weaver.scan.AwaitCall;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/**
 * Whether a method passes an await on each way to a return of a value. Then an await of it needs no
 * look at the coop budget: that await has had one. If it is itself one of a call that has passed an
 * await, this holds of that call, and so on down to the last one: the calls that have returned a
 * value at once are finitely many.
 *
 * <p>An await counts where control goes on behind it. One that throws may have done so before it
 * came to the budget, {@code await(null)} does: so a handler around it is a way past it. (One that
 * a debugger lets wait in place takes nothing of the budget; but then the thread stands still
 * there.)
 */
final class PassedAwaits {
  private PassedAwaits() {}

  /**
   * True if it is so.
   *
   * @param method as it was compiled: awaits that go by an entry already have a way past them
   */
  static boolean onEachWay(MethodNode method) {
    ControlFlow flow = new ControlFlow(method);
    BitSet seen = new BitSet();
    Deque<Integer> open = new ArrayDeque<>();
    open.add(0);
    while (!open.isEmpty()) {
      int at = open.remove();
      if (at >= method.instructions.size() || seen.get(at)) {
        continue;
      }
      seen.set(at);
      AbstractInsnNode insn = method.instructions.get(at);
      if (insn.getOpcode() == Opcodes.ARETURN && BareReturns.literalBefore(insn) != null) {
        return false;
      }
      for (TryCatchBlockNode block : flow.handlersAt(at)) {
        open.add(method.instructions.indexOf(block.handler));
      }
      if (!AwaitCall.isWeftAwait(insn)) { // EA Async's have other rules
        flow.forEachSuccessor(at, open::add);
      }
    }
    return true;
  }
}
