package dev.weft.weaver.ea;

import dev.weft.weaver.DiagnosticCode;
import dev.weft.weaver.FrameMode;
import dev.weft.weaver.MethodReport.SuspensionPoint;
import dev.weft.weaver.Names;
import dev.weft.weaver.Refusal;
import dev.weft.weaver.lower.Continuation;
import dev.weft.weaver.lower.FrameClass;
import dev.weft.weaver.lower.LoweredMethod;
import dev.weft.weaver.lower.LoweringTarget;
import dev.weft.weaver.lower.ResultConversion;
import dev.weft.weaver.lower.StackMaps;
import dev.weft.weaver.lower.SuspendCall;
import dev.weft.weaver.lower.SuspendForm;
import dev.weft.weaver.prepare.DeadCode;
import dev.weft.weaver.scan.AsyncMethod;
import java.util.ArrayList;
import java.util.List;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TableSwitchInsnNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Replaces what EA Async emits at each await, a chain of CompletableFutures, by the frame: the
 * first method makes and parks it, the continuation parks the same one again.
 */
final class FrameSubstitution {
  /** A method may have 255 argument slots; the future, the state and the frame take up three. */
  private static final int MOST_SLOTS = 250;

  private final LoweringTarget target;
  private final AsyncMethod async;
  private final SplitMethod split;
  private final SavedValues saved;
  private final SuspendCall suspendCall;

  /**
   * Prepares the lowering of a method that EA Async has split.
   *
   * @throws Refusal if the method cannot be lowered
   */
  FrameSubstitution(LoweringTarget target, SplitMethod split) throws Refusal {
    this.target = target;
    this.async = target.async();
    this.split = split;
    List<EaSuspension> suspensions = EaSuspension.of(split.first());
    if (suspensions.size() != split.points().size()) {
      throw new IllegalStateException(
          "EA Async did not split every await of "
              + target.owner().name
              + "."
              + async.method().name);
    }
    checkMonitors(suspensions);
    saved = new SavedValues(split, suspensions);
    checkSize();
    split.continued().name = target.continuedName();
    split.continued().desc = continuedDescriptor(split.continued());
    suspendCall =
        new SuspendCall(
            target,
            new Continuation(
                target.owner().name,
                target.isInterface(),
                true,
                split.continued().name,
                split.continued().desc,
                saved.arguments()),
            List.of(SuspendForm.PLAIN),
            split.points().stream().map(SplitMethod.Point::line).toList());
  }

  /** Does it. The nodes of the split method are changed; once only. */
  LoweredMethod lower() {
    lowerFirst();
    lowerContinued();
    List<MethodNode> added = new ArrayList<>(split.helpers());
    added.add(0, split.continued());
    return new LoweredMethod(split.first(), added, suspendCall.frame(), report());
  }

  /** EA loses sight of a monitor at the first branch, and would leave it locked. */
  private void checkMonitors(List<EaSuspension> suspensions) throws Refusal {
    for (EaSuspension suspension : suspensions) {
      SplitMethod.Point point = split.points().get(suspension.state - 1);
      if (suspension.monitors != point.monitors()) {
        throw new Refusal(
            DiagnosticCode.SYNCHRONIZED_BRANCH,
            point.line(),
            "await inside synchronized, after a branch or in a loop: the monitor cannot be released"
                + " while the method is suspended. Move the await out of the synchronized block");
      }
    }
  }

  private void checkSize() throws Refusal {
    int slots = 0;
    for (int i = 0; i < saved.size(); i++) {
      slots += saved.type(i).getSize();
    }
    if (slots > MOST_SLOTS) {
      throw new Refusal(
          DiagnosticCode.TOO_MANY_LOCALS,
          async.line(),
          "the async method "
              + async.method().name
              + " has too many locals in scope at its awaits: "
              + slots
              + " slots of at most "
              + MOST_SLOTS
              + " (long and double take two). Move parts of it to methods of their own");
    }
  }

  private List<SuspensionPoint> report() {
    List<SuspensionPoint> points = new ArrayList<>();
    for (int state = 1; state <= split.points().size(); state++) {
      points.add(
          new SuspensionPoint(state, split.points().get(state - 1).line(), saved.report(state)));
    }
    return points;
  }

  // ---- the first run

  private void lowerFirst() {
    MethodNode method = split.first();
    for (EaSuspension suspension : EaSuspension.of(method)) {
      lowerAwait(method, suspension, false, 0);
    }
    method.desc = async.method().desc;
    if (async.convention() == AsyncMethod.Convention.WEFT) {
      catchEverything(method);
    }
  }

  /** What the body throws before it has ever suspended becomes a failed future as well. */
  private void catchEverything(MethodNode method) {
    LabelNode start = new LabelNode();
    LabelNode end = new LabelNode();
    LabelNode handler = new LabelNode();
    method.instructions.insert(start);
    InsnList code = new InsnList();
    code.add(end);
    code.add(handler);
    code.add(
        new FrameNode(Opcodes.F_NEW, 0, new Object[0], 1, new Object[] {"java/lang/Throwable"}));
    code.add(ResultConversion.thrown(async));
    method.instructions.add(code);
    method.tryCatchBlocks.add(new TryCatchBlockNode(start, end, handler, null));
  }

  // ---- the continuation

  private static String continuedDescriptor(MethodNode continued) {
    Type[] arguments = Type.getArgumentTypes(continued.desc);
    arguments[arguments.length - 1] = Type.getObjectType(Names.FRAME);
    return Type.getMethodDescriptor(Type.getType(Names.OBJECT_DESC), arguments);
  }

  private void lowerContinued() {
    MethodNode method = split.continued();
    method.access = continuedAccess(method.access);
    method.exceptions = List.of();
    int frameSlot = keepFrame(method);
    TableSwitchInsnNode dispatch = dispatchOf(method);
    // EA's state 0 would run the body from its start. Nobody asks for it, and its types are wrong.
    moveDefaultBehind(dispatch, method.instructions);
    dispatch.labels.set(0, dispatch.dflt);
    for (EaSuspension suspension : EaSuspension.of(method)) {
      restore(method, dispatch.labels.get(suspension.state), suspension, frameSlot);
      lowerAwait(method, suspension, true, frameSlot);
    }
    DeadCode.remove(method);
    method.localVariables.removeIf(variable -> variable.name.equals("_this"));
  }

  /** The frame class calls it from outside, unless it is a hidden nestmate. */
  private int continuedAccess(int access) {
    int open = target.mode() == FrameMode.HIDDEN_CLASSES ? Opcodes.ACC_PRIVATE : 0;
    return access & ~Opcodes.ACC_PRIVATE
        | (open == 0 && target.isInterface() ? Opcodes.ACC_PUBLIC : open);
  }

  /**
   * Copies the frame from its parameter, which EA's locals overlay, to a slot of its own, and says
   * so in every stack map frame.
   */
  private static int keepFrame(MethodNode method) {
    int slot = method.maxLocals;
    int parameter = Type.getArgumentsAndReturnSizes(method.desc) / 4 - 2; // static: no receiver
    for (AbstractInsnNode insn : method.instructions) {
      if (insn instanceof FrameNode frame) {
        List<Object> locals = new ArrayList<>(frame.local == null ? List.of() : frame.local);
        int size = locals.stream().mapToInt(StackMaps::sizeOf).sum();
        for (; size < slot; size++) {
          locals.add(Opcodes.TOP);
        }
        locals.add(Names.FRAME);
        frame.local = locals;
      }
    }
    InsnList prologue = new InsnList();
    prologue.add(new VarInsnNode(Opcodes.ALOAD, parameter));
    prologue.add(new VarInsnNode(Opcodes.ASTORE, slot));
    method.instructions.insert(prologue);
    method.maxLocals = slot + 1;
    return slot;
  }

  private static TableSwitchInsnNode dispatchOf(MethodNode method) {
    for (AbstractInsnNode insn : method.instructions) {
      if (insn instanceof TableSwitchInsnNode dispatch) {
        return dispatch;
      }
    }
    throw new IllegalStateException("EA Async emitted a continuation without a switch");
  }

  /**
   * Moves the default case, which throws, to where the body would follow the switch. HotSpot, when
   * it words the message of a NullPointerException, takes control to go on behind a switch. The
   * body, which is reached with other depths of the stack, would make it read outside its arrays.
   */
  private static void moveDefaultBehind(TableSwitchInsnNode dispatch, InsnList code) {
    AbstractInsnNode insn = dispatch.dflt.getNext();
    InsnList moved = new InsnList();
    dispatch.dflt = new LabelNode(); // the old one may end a range
    moved.add(dispatch.dflt);
    boolean thrown = false;
    while (!thrown) {
      AbstractInsnNode next = insn.getNext();
      thrown = insn.getOpcode() == Opcodes.ATHROW;
      if (insn.getOpcode() >= 0 || insn instanceof FrameNode) {
        code.remove(insn);
        moved.add(insn);
      }
      insn = next;
    }
    code.insert(dispatch, moved);
  }

  /**
   * Mends the code that restores stack and locals: the future comes from the frame, which puts a
   * cancellation in its place if there was one; and what has the type of null gets it back, where
   * EA took it for an Object.
   */
  private void restore(MethodNode method, LabelNode at, EaSuspension suspension, int frameSlot) {
    SplitMethod.Point point = split.points().get(suspension.state - 1);
    AbstractInsnNode insn = at;
    for (int position = 0; position < suspension.spills.length - 1; position++) {
      insn = EaSuspension.next(insn);
      if (point.nullStack().get(position)) {
        AbstractInsnNode constant = new InsnNode(Opcodes.ACONST_NULL);
        method.instructions.set(insn, constant);
        insn = constant;
      }
    }
    AbstractInsnNode future = EaSuspension.next(insn);
    AbstractInsnNode take =
        new MethodInsnNode(
            Opcodes.INVOKEVIRTUAL, Names.FRAME, "takeAwaited", "()" + Names.FUTURE_DESC, false);
    method.instructions.insertBefore(future, new VarInsnNode(Opcodes.ALOAD, frameSlot));
    method.instructions.set(future, take);
    AbstractInsnNode jump = take;
    while (jump.getOpcode() != Opcodes.GOTO) {
      jump = EaSuspension.next(jump);
    }
    for (int slot = point.nullLocals().nextSetBit(0);
        slot >= 0;
        slot = point.nullLocals().nextSetBit(slot + 1)) {
      method.instructions.insertBefore(jump, new InsnNode(Opcodes.ACONST_NULL));
      method.instructions.insertBefore(jump, new VarInsnNode(Opcodes.ASTORE, slot));
    }
  }

  // ---- an await, in either method

  private void lowerAwait(
      MethodNode method, EaSuspension suspension, boolean again, int frameSlot) {
    InsnList code = method.instructions;
    SplitMethod.Point point = split.points().get(suspension.state - 1);
    if (point.future()) { // isReady() says of a null what future() would
      code.remove(suspension.future);
    }
    code.set(suspension.isDone, awaitCall("isReady", "(" + Names.FUTURE_DESC + ")Z"));
    code.set(
        suspension.join,
        awaitCall(point.ea() ? "join" : "take", "(" + Names.FUTURE_DESC + ")" + Names.OBJECT_DESC));
    if (!again) {
      // Before the frame is parked: if this constructor throws, the body goes on in its handlers.
      code.insertBefore(EaSuspension.previous(suspension.identity), ResultConversion.target(async));
    }
    code.remove(suspension.identity);
    code.remove(suspension.exceptionally);
    code.remove(suspension.thenCompose);
    for (int i = 0; i < saved.size(); i++) {
      AbstractInsnNode push = suspension.pushes.get(i);
      if (!saved.isField(i)) {
        code.remove(push);
      } else if (!saved.isSavedAt(suspension.state, i)) {
        code.set(push, new InsnNode(FrameClass.defaultOf(saved.type(i))));
      }
    }
    InsnList park = new InsnList();
    park.add(again ? new VarInsnNode(Opcodes.ALOAD, frameSlot) : new InsnNode(Opcodes.ACONST_NULL));
    park.add(suspendCall.node(SuspendForm.PLAIN));
    if (!again && async.result() != AsyncMethod.Result.FRAME) {
      park.add(new InsnNode(Opcodes.SWAP)); // the target was made first
      park.add(ResultConversion.join(async));
    }
    code.insert(suspension.lambda, park);
    code.remove(suspension.lambda);
    NullTypes.set(suspension.doneFrame, point.nullLocals(), point.nullStack());
    if (again && point.line() > 0) {
      code.insert(suspension.doneFrame, lineNumber(point.line()));
    }
  }

  /** Whoever comes here from the dispatch has not passed the start of the await's own line. */
  private static InsnList lineNumber(int line) {
    InsnList code = new InsnList();
    LabelNode here = new LabelNode();
    code.add(here);
    code.add(new LineNumberNode(line, here));
    return code;
  }

  private static MethodInsnNode awaitCall(String name, String descriptor) {
    return new MethodInsnNode(Opcodes.INVOKESTATIC, Names.AWAIT_RUNTIME, name, descriptor, false);
  }
}
