package dev.weft.weaver.scan;

import dev.weft.weaver.DiagnosticCode;
import dev.weft.weaver.analysis.LockFlow;
import dev.weft.weaver.verify.ClassHierarchy;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodInsnNode;

/**
 * Finds awaits at which a {@code java.util.concurrent.locks.Lock} is held. Its owner is a thread,
 * and the method goes on after the await on whichever thread is free.
 */
public final class LocksOverAwaits {
  private final ClassNode owner;
  private final ClassHierarchy hierarchy;

  public LocksOverAwaits(ClassNode owner, ClassHierarchy hierarchy) {
    this.owner = owner;
    this.hierarchy = hierarchy;
  }

  /** The awaits of async methods at which a lock is held. */
  public List<RiskyCall> in(Collection<AsyncMethod> methods) {
    List<RiskyCall> found = new ArrayList<>();
    for (AsyncMethod async : methods) {
      LockFlow locks = new LockFlow(owner.name, async.method(), hierarchy);
      for (MethodInsnNode await : async.awaits()) {
        for (String lock : locks.before(async.method().instructions.indexOf(await))) {
          found.add(risky(await, lock));
        }
      }
    }
    return found;
  }

  private static RiskyCall risky(MethodInsnNode await, String lock) {
    return new RiskyCall(
        DiagnosticCode.LOCK_HELD,
        AwaitCall.lineOf(await),
        (lock.isEmpty() ? "a lock" : "the lock '" + lock + "'")
            + " is held over this await: the thread that goes on after it is not its owner, so"
            + " unlock() throws an IllegalMonitorStateException, and it stays locked. Unlock it"
            + " before the await, and lock it again after it where need be, or take a"
            + " dev.weft.sync.AsyncMutex");
  }
}
