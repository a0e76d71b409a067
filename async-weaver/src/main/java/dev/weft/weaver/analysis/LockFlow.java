package dev.weft.weaver.analysis;

import dev.weft.weaver.analysis.LockValues.LockValue;
import dev.weft.weaver.verify.ClassHierarchy;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LocalVariableNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.VarInsnNode;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.Frame;

/**
 * Which {@code java.util.concurrent.locks.Lock}s a method may hold before each instruction, by flow
 * from {@code lock()} and its kind to {@code unlock()}.
 *
 * <p>Kept apart for each instruction are the sets of locks with which it can be reached, so that
 * what is known of local variables belongs to one of them: {@code if (taken) lock.unlock()} is
 * understood wherever {@code taken} comes from. In doubt a lock is not held: a call of {@code
 * unlock()} on something that cannot be named releases all; a lock in a local variable that is not
 * read any more is none that could be released.
 */
public final class LockFlow {
  /** Sets of locks by which one instruction can be reached, and steps: no method has more. */
  private static final int MOST_SETS = 32;

  private static final int MOST_STEPS = 200_000;

  private final MethodNode method;
  private final ClassHierarchy hierarchy;
  private final LockCalls calls;
  private final ControlFlow flow;
  private final LockValues values = new LockValues(this::repeats);
  private final Map<AbstractInsnNode, Boolean> repeating = new HashMap<>();
  private final List<Map<Set<LockPath>, Frame<LockValue>>> states = new ArrayList<>();

  /** In the order of the code, so that what a variable can be is known before it is used. */
  private final TreeSet<Integer> work = new TreeSet<>();

  private @Nullable Liveness liveness;
  private boolean tooComplex;

  public LockFlow(String owner, MethodNode method, ClassHierarchy hierarchy) {
    this.method = method;
    this.hierarchy = hierarchy;
    this.calls = new LockCalls(hierarchy);
    this.flow = new ControlFlow(method);
    for (int i = 0; i < method.instructions.size(); i++) {
      states.add(Map.of());
    }
    if (takesALock()) {
      try {
        follow(owner);
      } catch (AnalyzerException | RuntimeException damaged) { // the verification will say it
        tooComplex = true;
      }
    }
  }

  private boolean takesALock() {
    for (AbstractInsnNode insn : method.instructions) {
      LockCalls.Kind kind = calls.kind(insn);
      if (kind == LockCalls.Kind.ACQUIRE || kind == LockCalls.Kind.TRY) {
        return true;
      }
    }
    return false;
  }

  /** The names of the locks that may be held before an instruction; an empty one has no name. */
  public Set<String> before(int index) {
    Set<String> names = new TreeSet<>();
    if (!tooComplex) {
      states
          .get(index)
          .forEach(
              (held, frame) -> {
                for (LockPath lock : held) {
                  String variable = liveVariable(lock, frame, index);
                  if (lock.stable() || variable != null) {
                    names.add(variable == null ? lock.name() : nameOf(lock, variable));
                  }
                }
              });
    }
    return names;
  }

  private static String nameOf(LockPath lock, String variable) {
    boolean unnamed = lock.name().isEmpty() || lock.name().endsWith("()");
    return unnamed && !variable.isEmpty() ? variable : lock.name();
  }

  /** The name of a local variable that has the lock and is read again; null if there is none. */
  private @Nullable String liveVariable(LockPath lock, Frame<LockValue> frame, int index) {
    if (liveness == null) {
      liveness = new Liveness(method);
    }
    BitSet live = liveness.before(index);
    for (int slot = live.nextSetBit(0); slot >= 0; slot = live.nextSetBit(slot + 1)) {
      if (slot < frame.getLocals() && lock.equals(frame.getLocal(slot).path())) {
        return nameOf(slot, index);
      }
    }
    return null;
  }

  private String nameOf(int slot, int index) {
    if (method.localVariables != null) {
      for (LocalVariableNode variable : method.localVariables) {
        if (variable.index == slot
            && method.instructions.indexOf(variable.start) <= index
            && index < method.instructions.indexOf(variable.end)) {
          return variable.name;
        }
      }
    }
    return "";
  }

  // ---- the flow

  private void follow(String owner) throws AnalyzerException {
    reach(0, Set.of(), entry(owner));
    int steps = 0;
    while (!work.isEmpty()) {
      int index = Objects.requireNonNull(work.pollFirst());
      for (Map.Entry<Set<LockPath>, Frame<LockValue>> state :
          List.copyOf(states.get(index).entrySet())) {
        step(index, state.getKey(), state.getValue());
        if (tooComplex || ++steps > MOST_STEPS) {
          tooComplex = true;
          return;
        }
      }
    }
  }

  private Frame<LockValue> entry(String owner) {
    Frame<LockValue> frame = new Frame<>(method.maxLocals, method.maxStack);
    int slot = 0;
    if ((method.access & Opcodes.ACC_STATIC) == 0) {
      frame.setLocal(slot++, LockValue.at(LockPath.root("this", owner)));
    }
    for (Type type : Type.getArgumentTypes(method.desc)) {
      boolean reference = type.getSort() >= Type.ARRAY;
      frame.setLocal(
          slot,
          reference
              ? LockValue.at(LockPath.root(nameOf(slot, 0), slot))
              : LockValue.ofSize(type.getSize()));
      slot++;
      if (type.getSize() == 2) {
        frame.setLocal(slot++, LockValue.ANY);
      }
    }
    while (slot < method.maxLocals) {
      frame.setLocal(slot++, LockValue.ANY);
    }
    return frame;
  }

  private void reach(int index, Set<LockPath> held, Frame<LockValue> frame)
      throws AnalyzerException {
    Map<Set<LockPath>, Frame<LockValue>> known = states.get(index);
    if (known.isEmpty()) {
      known = new LinkedHashMap<>();
      states.set(index, known);
    }
    Frame<LockValue> before = known.get(held);
    boolean changed = before == null || before.merge(frame, values);
    if (before == null) {
      known.put(held, new Frame<>(frame));
      tooComplex |= known.size() > MOST_SETS;
    }
    if (changed) {
      work.add(index);
    }
  }

  private void step(int index, Set<LockPath> held, Frame<LockValue> before)
      throws AnalyzerException {
    AbstractInsnNode insn = method.instructions.get(index);
    LockCalls.Kind kind = calls.kind(insn);
    if (kind != LockCalls.Kind.RELEASE
        && calls.canThrow(insn)) { // what unlock() throws, is not held
      raise(index, held, before);
    }
    Frame<LockValue> after = new Frame<>(before);
    Set<LockPath> left = held;
    if (insn.getOpcode() >= 0) {
      after.execute(insn, values);
      left =
          kind == null ? withoutRemade(held, insn, after) : call(insn, kind, held, before, after);
    }
    if (insn instanceof JumpInsnNode jump && jump.getOpcode() != Opcodes.GOTO) {
      branch(index, jump, left, before, after);
    } else {
      for (int next : successors(index)) {
        reach(next, left, after);
      }
    }
  }

  private List<Integer> successors(int index) {
    List<Integer> next = new ArrayList<>();
    flow.forEachSuccessor(index, next::add);
    return next;
  }

  private void raise(int index, Set<LockPath> held, Frame<LockValue> before)
      throws AnalyzerException {
    Set<String> taken = new HashSet<>();
    for (TryCatchBlockNode block : flow.handlersAt(index)) {
      String type = block.type == null ? "java/lang/Throwable" : block.type;
      if (taken.stream().noneMatch(inner -> hierarchy.isSubclass(type, inner))) {
        Frame<LockValue> handler = new Frame<>(before);
        handler.clearStack();
        handler.push(LockValue.ANY);
        reach(method.instructions.indexOf(block.handler), held, handler);
      }
      taken.add(type); // no outer handler of the same type sees it
    }
  }

  private Set<LockPath> call(
      AbstractInsnNode insn,
      LockCalls.Kind kind,
      Set<LockPath> held,
      Frame<LockValue> before,
      Frame<LockValue> after) {
    int arguments = Type.getArgumentTypes(((MethodInsnNode) insn).desc).length;
    LockValue lock = before.getStack(before.getStackSize() - 1 - arguments);
    if (!lock.owned()) {
      return held;
    }
    LockPath path = lock.path();
    if (kind == LockCalls.Kind.RELEASE) {
      return path != null && held.contains(path) ? without(held, path) : Set.of();
    }
    if (path == null) {
      AbstractInsnNode load = previous(insn);
      if (arguments > 0 || load == null || load.getOpcode() != Opcodes.ALOAD) {
        return held; // it could not be recognized when it is released
      }
      path = LockPath.madeBy(insn);
      after.setLocal(((VarInsnNode) load).var, LockValue.at(path));
    }
    if (kind == LockCalls.Kind.TRY) {
      after.setStack(after.getStackSize() - 1, LockValue.resultOf(path));
    }
    Set<LockPath> more = new HashSet<>(held);
    more.add(path);
    return Set.copyOf(more);
  }

  /** When an object is made anew under the path of another, that other cannot be named any more. */
  private static Set<LockPath> withoutRemade(
      Set<LockPath> held, AbstractInsnNode insn, Frame<LockValue> after) {
    if (held.isEmpty()
        || after.getStackSize() == 0
        || !(insn instanceof MethodInsnNode
            || insn.getOpcode() == Opcodes.NEW
            || insn.getOpcode() == Opcodes.AALOAD)) {
      return held;
    }
    LockPath made = after.getStack(after.getStackSize() - 1).path();
    Set<LockPath> left = held;
    if (made != null && !made.stable()) {
      for (LockPath lock : held) {
        if (lock.leadsOver(made)) {
          left = without(left, lock);
        }
      }
    }
    return left;
  }

  private static Set<LockPath> without(Set<LockPath> held, LockPath lock) {
    Set<LockPath> left = new HashSet<>(held);
    left.remove(lock);
    return Set.copyOf(left);
  }

  private void branch(
      int index,
      JumpInsnNode jump,
      Set<LockPath> held,
      Frame<LockValue> before,
      Frame<LockValue> after)
      throws AnalyzerException {
    LockValue asked = before.getStack(before.getStackSize() - 1);
    int target = method.instructions.indexOf(jump.label);
    switch (jump.getOpcode()) {
      case Opcodes.IFEQ, Opcodes.IFNE -> {
        boolean zeroJumps = jump.getOpcode() == Opcodes.IFEQ;
        asZero(zeroJumps ? target : index + 1, true, jump, asked, held, after);
        asZero(zeroJumps ? index + 1 : target, false, jump, asked, held, after);
      }
      case Opcodes.IFNULL, Opcodes.IFNONNULL -> {
        boolean nullJumps = jump.getOpcode() == Opcodes.IFNULL;
        LockPath path = asked.path();
        if (path == null || !held.contains(path)) { // what is locked is not null
          reach(nullJumps ? target : index + 1, held, after);
        }
        reach(nullJumps ? index + 1 : target, held, after);
      }
      default -> {
        reach(target, held, after);
        reach(index + 1, held, after);
      }
    }
  }

  private void asZero(
      int next,
      boolean zero,
      JumpInsnNode jump,
      LockValue asked,
      Set<LockPath> held,
      Frame<LockValue> after)
      throws AnalyzerException {
    if (asked.zero() != null && asked.zero() != zero) {
      return; // never happens with these locks
    }
    Frame<LockValue> known = after;
    AbstractInsnNode load = previous(jump);
    if (load != null && load.getOpcode() == Opcodes.ILOAD) {
      known = new Frame<>(after);
      known.setLocal(((VarInsnNode) load).var, LockValue.number(zero));
    }
    LockPath tried = asked.tried();
    reach(next, zero && tried != null ? without(held, tried) : held, known);
  }

  private static @Nullable AbstractInsnNode previous(AbstractInsnNode insn) {
    AbstractInsnNode before = insn.getPrevious();
    while (before != null && before.getOpcode() < 0) {
      before = before.getPrevious();
    }
    return before;
  }

  /** True if control can come back to an instruction. */
  private boolean repeats(AbstractInsnNode insn) {
    return repeating.computeIfAbsent(insn, this::findLoop);
  }

  private boolean findLoop(AbstractInsnNode insn) {
    int start = method.instructions.indexOf(insn);
    BitSet seen = new BitSet();
    Deque<Integer> open = new ArrayDeque<>();
    open.push(start);
    while (!open.isEmpty()) {
      int index = open.pop();
      for (int next : successors(index)) {
        if (next == start) {
          return true;
        }
        if (!seen.get(next)) {
          seen.set(next);
          open.push(next);
        }
      }
      for (TryCatchBlockNode block : flow.handlersAt(index)) {
        int next = Objects.requireNonNull(method.instructions).indexOf(block.handler);
        if (!seen.get(next)) {
          seen.set(next);
          open.push(next);
        }
      }
    }
    return false;
  }
}
