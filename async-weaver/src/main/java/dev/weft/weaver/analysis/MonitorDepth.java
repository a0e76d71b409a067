package dev.weft.weaver.analysis;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;

/** The largest number of monitors that the method may hold before each instruction. */
public final class MonitorDepth {
  private static final int UNREACHED = -1;

  /** No real method nests deeper; it bounds the analysis of one that enters in a loop. */
  private static final int DEEPEST = 64;

  private final int[] depth;

  public MonitorDepth(MethodNode method) {
    depth = new int[method.instructions.size()];
    Arrays.fill(depth, UNREACHED);
    ControlFlow flow = new ControlFlow(method);
    Deque<Integer> work = new ArrayDeque<>();
    raise(0, 0, work);
    while (!work.isEmpty()) {
      int index = work.pop();
      int opcode = method.instructions.get(index).getOpcode();
      int before = depth[index];
      int after =
          opcode == Opcodes.MONITORENTER
              ? before + 1
              : opcode == Opcodes.MONITOREXIT ? Math.max(0, before - 1) : before;
      flow.forEachSuccessor(index, next -> raise(next, after, work));
      for (TryCatchBlockNode block : flow.handlersAt(index)) {
        raise(method.instructions.indexOf(block.handler), before, work);
        if (block.type == null) {
          // Catches everything, so no outer handler sees this exception. Going on would report
          // monitors in `try { synchronized (x) {..} } catch (E e) { await(..) }`.
          break;
        }
      }
    }
  }

  /** Monitors held before the instruction; 0 if it cannot be reached. */
  public int before(int index) {
    return Math.max(0, depth[index]);
  }

  private void raise(int index, int to, Deque<Integer> work) {
    if (to > depth[index] && depth[index] < DEEPEST) {
      depth[index] = to;
      work.push(index);
    }
  }
}
