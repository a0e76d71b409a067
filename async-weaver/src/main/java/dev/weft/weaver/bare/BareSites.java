package dev.weft.weaver.bare;

import dev.weft.weaver.analysis.ControlFlow;
import dev.weft.weaver.analysis.TypeFlow;
import dev.weft.weaver.analysis.Uninitialized;
import dev.weft.weaver.lower.StackMaps;
import dev.weft.weaver.scan.AwaitCall;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.analysis.AnalyzerException;
import org.objectweb.asm.tree.analysis.BasicValue;
import org.objectweb.asm.tree.analysis.Frame;

/**
 * Finds the awaits of a method that can go by a bare entry, from each of them back to what has made
 * its stage. All of the method is looked at before any of it is changed.
 */
final class BareSites {
  private final MethodNode method;
  private final Callees callees;
  private final TypeFlow types;
  private final ControlFlow flow;

  /** By their frames behind the await. */
  private final Map<BareSite, FrameNode> sites = new LinkedHashMap<>();

  /** Of what has not been constructed when something is awaited. */
  private final Map<TypeInsnNode, LabelNode> labels = new HashMap<>();

  /** What is known of the methods that are called. */
  interface Callees {
    /** True if they have a bare entry, or may have one. */
    boolean isFit(MethodInsnNode call);

    /** True if they pass an await on each way to a value, see {@link PassedAwaits}. */
    boolean passesAwait(MethodInsnNode call);
  }

  /**
   * What was changed.
   *
   * @param called by name and descriptor, the methods of the class that are called by their entry
   * @param lines of the awaits that go by one
   */
  record Rewritten(Set<String> called, List<Integer> lines) {}

  private BareSites(String owner, MethodNode method, Callees callees) throws AnalyzerException {
    this.method = method;
    this.callees = callees;
    types = new TypeFlow(owner, method);
    flow = new ControlFlow(method);
  }

  /** Finds and changes them. */
  static Rewritten rewrite(String owner, MethodNode method, boolean inInterface, Callees callees)
      throws AnalyzerException {
    BareSites all = new BareSites(owner, method, callees);
    for (AbstractInsnNode insn : method.instructions) {
      if (AwaitCall.isWeftAwait(insn)) {
        all.look((MethodInsnNode) insn);
      }
    }
    Set<String> called = new LinkedHashSet<>();
    List<Integer> lines = new ArrayList<>();
    all.sites.forEach(
        (site, behind) -> {
          boolean counts = !site.calls().stream().allMatch(callees::passesAwait);
          lines.add(AwaitCall.lineOf(site.await()));
          site.calls().stream()
              .filter(call -> call.owner.equals(owner))
              .forEach(call -> called.add(call.name + call.desc));
          site.rewrite(owner, method, behind, inInterface, counts);
        });
    all.labels.forEach(method.instructions::insertBefore);
    if (!all.sites.isEmpty()) {
      method.maxStack++; // the analyses before the split go by it
    }
    return new Rewritten(called, lines);
  }

  private void look(MethodInsnNode await) throws AnalyzerException {
    Frame<BasicValue> state = types.before(method.instructions.indexOf(await));
    if (state == null) {
      return; // no control comes there
    }
    BareSite site =
        new BareSite(
            await, new ArrayList<>(), new ArrayList<>(), new ArrayList<>(), new HashSet<>());
    if (addMakers(site, await) && !site.calls().isEmpty()) {
      sites.put(site, behind(state));
    }
  }

  // ---- what makes the stage

  /**
   * Adds what leaves the stage on the stack before an instruction.
   *
   * @return false if not all of that can be found
   */
  private boolean addMakers(BareSite site, AbstractInsnNode before) throws AnalyzerException {
    List<LabelNode> passed = new ArrayList<>();
    FrameNode join = null;
    AbstractInsnNode at = before.getPrevious();
    while (at != null && at.getOpcode() < 0) {
      if (at instanceof FrameNode frame) {
        join = frame;
      } else if (at instanceof LabelNode label) {
        passed.add(label);
      }
      at = at.getPrevious();
    }
    if (at == null) {
      return false;
    }
    if (join == null) {
      return addMaker(site, at);
    }
    if (!site.joins().add(join)) {
      return true; // a way that has been gone
    }
    if (!ControlFlow.endsFlow(at) && !addMaker(site, at)) {
      return false;
    }
    return addJumps(site, passed);
  }

  private boolean addJumps(BareSite site, List<LabelNode> targets) throws AnalyzerException {
    if (method.tryCatchBlocks.stream().anyMatch(block -> targets.contains(block.handler))) {
      return false;
    }
    Set<Integer> places = new HashSet<>();
    targets.forEach(label -> places.add(method.instructions.indexOf(label)));
    for (int i = 0; i < method.instructions.size(); i++) {
      AbstractInsnNode insn = method.instructions.get(i);
      if (insn.getOpcode() < 0 || types.before(i) == null) {
        continue;
      }
      boolean[] comes = {false};
      if (insn instanceof JumpInsnNode || isSwitch(insn)) {
        flow.forEachSuccessor(i, to -> comes[0] |= places.contains(to));
      }
      if (comes[0] && (insn.getOpcode() != Opcodes.GOTO || !addMakers(site, insn))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isSwitch(AbstractInsnNode insn) {
    return insn.getOpcode() == Opcodes.TABLESWITCH || insn.getOpcode() == Opcodes.LOOKUPSWITCH;
  }

  private boolean addMaker(BareSite site, AbstractInsnNode made) throws AnalyzerException {
    if (made instanceof JumpInsnNode || isSwitch(made) || AwaitCall.isAwait(made)) {
      return false; // behind another await there will be a frame
    }
    if (types.before(method.instructions.indexOf(made)) == null) {
      return false; // no control comes there, and it makes nothing
    }
    if (!handlersAt(made).equals(handlersAt(site.await()))) {
      return false; // what is thrown here is caught elsewhere than what the await throws
    }
    if (made instanceof MethodInsnNode call && callees.isFit(call)) {
      site.calls().add(call);
      return true;
    }
    Frame<BasicValue> after = types.after(made);
    BasicValue stage = after.getStack(after.getStackSize() - 1);
    if (stage.getType() != null && AwaitCall.isFuture(stage.getType())) {
      site.futures().add(made);
    } else {
      site.stages().add(made);
    }
    return true;
  }

  private List<TryCatchBlockNode> handlersAt(AbstractInsnNode insn) {
    return flow.handlersAt(method.instructions.indexOf(insn));
  }

  // ---- the frames

  /** The frame with the result of an await on the stack. */
  private FrameNode behind(Frame<BasicValue> state) {
    @Nullable Object[] bySlot = new Object[state.getLocals()];
    for (int slot = 0; slot < bySlot.length; slot++) {
      bySlot[slot] = entryOf(state.getLocal(slot));
    }
    List<Object> stack = new ArrayList<>();
    for (int i = 0; i < state.getStackSize() - 1; i++) {
      stack.add(Objects.requireNonNullElse(entryOf(state.getStack(i)), Opcodes.TOP));
    }
    stack.add(BareEntry.OBJECT);
    Object[] locals = StackMaps.locals(bySlot);
    return new FrameNode(Opcodes.F_NEW, locals.length, locals, stack.size(), stack.toArray());
  }

  private @Nullable Object entryOf(BasicValue value) {
    if (value instanceof Uninitialized made) {
      return labels.computeIfAbsent(made.origin(), origin -> new LabelNode());
    }
    Type type = value.getType();
    if (type == null) {
      return null;
    }
    return TypeFlow.isNull(value) ? Opcodes.NULL : StackMaps.entryOf(type);
  }
}
