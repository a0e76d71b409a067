package dev.weft.weaver.direct;

import dev.weft.weaver.FrameMode;
import dev.weft.weaver.Names;
import dev.weft.weaver.analysis.Liveness;
import dev.weft.weaver.lower.Continuation;
import dev.weft.weaver.lower.Continuation.Argument;
import dev.weft.weaver.lower.Continuation.Source;
import dev.weft.weaver.lower.LoweringTarget;
import dev.weft.weaver.lower.StackMaps;
import dev.weft.weaver.lower.SuspendCall;
import dev.weft.weaver.lower.SuspendForm;
import dev.weft.weaver.prepare.VariableRanges;
import dev.weft.weaver.scan.AsyncMethod;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.IincInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.LocalVariableNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * The one body of an async method, which runs both first and resumed:
 *
 * <pre>
 *           state == 0: goto code
 *           dispatch, restore and save blocks      no try block covers them, no line is theirs
 *   code:   the method's code, in which an await is
 *             Await.future(stage)
 *             if (!Await.isReady(it)) goto save
 *   resumed:  Await.take(it)
 * </pre>
 *
 * <p>A failed attempt to park must not end in the handlers of a method whose frame other threads
 * know already; so the blocks stand outside of all of them. They stand first because code takes the
 * line of the last entry before it, and they have none.
 */
final class Body {
  private final LoweringTarget target;
  private final MethodNode method;
  private final boolean isStatic;
  private final List<Point> points;
  private final Layout layout;
  private final Entries entries;
  private final Continuation continuation;
  private final SaveBlocks saveBlocks;

  /**
   * @param method a copy of the method's code, which becomes the body
   * @param isStatic true if the receiver is to be an ordinary argument
   * @param own the types of the method's parameters, the receiver included
   * @param points its awaits
   */
  Body(
      LoweringTarget target,
      MethodNode method,
      boolean isStatic,
      List<Type> own,
      List<Point> points) {
    this.target = target;
    this.method = method;
    this.isStatic = isStatic;
    this.points = points;
    layout = new Layout(own, points, wideSlots(method));
    entries = new Entries(layout, own);
    continuation = continuation(target, isStatic, own, layout);
    saveBlocks = new SaveBlocks(layout, target.async(), points, continuation.fields());
  }

  private static BitSet wideSlots(MethodNode method) {
    BitSet wide = new BitSet();
    for (AbstractInsnNode insn : method.instructions) {
      switch (insn.getOpcode()) {
        case Opcodes.LLOAD, Opcodes.LSTORE, Opcodes.DLOAD, Opcodes.DSTORE ->
            wide.set(((VarInsnNode) insn).var);
        default -> {}
      }
    }
    return wide;
  }

  /** How the frame calls the body. */
  Continuation continuation() {
    return continuation;
  }

  /** The forms in which the body calls {@code suspend}. */
  List<SuspendForm> suspendForms() {
    return saveBlocks.forms();
  }

  private static Continuation continuation(
      LoweringTarget target, boolean isStatic, List<Type> own, Layout layout) {
    List<Argument> arguments = new ArrayList<>();
    int slot = 0;
    for (Type type : own) {
      // Where an int has taken the place of a byte, it must not be cut to one on its way.
      Source source = layout.isOwnField(slot) ? Source.FIELD : Source.NOTHING;
      arguments.add(new Argument(Variable.computational(type), source));
      slot += type.getSize();
    }
    for (Layout.Parameter parameter : layout.added()) {
      arguments.add(
          new Argument(
              parameter.type(), layout.isField(parameter) ? Source.FIELD : Source.NOTHING));
    }
    arguments.add(new Argument(Type.INT_TYPE, Source.STATE));
    arguments.add(new Argument(Type.getObjectType(Names.FRAME), Source.FRAME));
    return new Continuation(
        target.owner().name,
        target.isInterface(),
        isStatic,
        name(target, isStatic),
        descriptor(target, isStatic, arguments),
        arguments);
  }

  /**
   * A frame class of its own calls the body from outside, so that it cannot be private; with the
   * class in its name, no subclass in the package overrides it.
   */
  private static String name(LoweringTarget target, boolean isStatic) {
    if (isStatic || target.mode() == FrameMode.HIDDEN_CLASSES) {
      return target.continuedName();
    }
    return Names.ofClass(target.continuedName(), target.owner().name);
  }

  private static String descriptor(
      LoweringTarget target, boolean isStatic, List<Argument> arguments) {
    Type[] types =
        arguments.stream().skip(isStatic ? 0 : 1).map(Argument::type).toArray(Type[]::new);
    Type result =
        target.async().result() == AsyncMethod.Result.FRAME
            ? target.async().returnType()
            : Type.getType(Names.OBJECT_DESC);
    return Type.getMethodDescriptor(result, types);
  }

  private int access() {
    int kept = method.access & (Opcodes.ACC_STRICT | Opcodes.ACC_SYNCHRONIZED);
    int form = isStatic ? Opcodes.ACC_STATIC : 0;
    if (target.mode() == FrameMode.HIDDEN_CLASSES) {
      form |= Opcodes.ACC_PRIVATE;
    } else if (target.isInterface()) {
      form |= Opcodes.ACC_PUBLIC;
    } else if (!isStatic) {
      form |= Opcodes.ACC_FINAL;
    }
    return kept | form | Opcodes.ACC_SYNTHETIC;
  }

  /**
   * Turns the copy of the method into the body; once only.
   *
   * @param liveness of the copy
   */
  MethodNode build(SuspendCall suspend, Liveness liveness) {
    pruneFrames(liveness); // first, while the indexes are those of the analysis
    new VariableRanges(method, cuts()).clip();
    moveLocals();
    points.forEach(this::lower);
    InsnList start = new InsnList();
    LabelNode code = new LabelNode();
    if (!points.isEmpty()) { // there are none where no await can be reached
      start.add(new VarInsnNode(Opcodes.ILOAD, layout.stateSlot()));
      start.add(new JumpInsnNode(Opcodes.IFEQ, code));
      start.add(Dispatch.code(layout, entries, points));
      start.add(saveBlocks.code(entries, suspend));
      method.tryCatchBlocks.addAll(saveBlocks.handlers());
      start.add(code);
      start.add(entries.atStart());
      if (startsWithFrame()) {
        start.add(new InsnNode(Opcodes.NOP)); // no two frames may stand in one place
      }
    }
    method.instructions.insert(start);
    method.access = access();
    method.name = continuation.name();
    method.desc = continuation.descriptor();
    method.exceptions = List.of();
    return method;
  }

  private Map<AbstractInsnNode, VariableRanges.Cut> cuts() {
    Map<AbstractInsnNode, VariableRanges.Cut> cuts = new HashMap<>();
    for (Point point : points) {
      BitSet kept = new BitSet();
      for (Variable variable : point.saved()) {
        if (!variable.isOnStack()) {
          kept.set(variable.slot());
        }
      }
      point.nullLocals().forEach(kept::set);
      cuts.put(point.call(), new VariableRanges.Cut(kept, point.resumed()));
    }
    return cuts;
  }

  private boolean startsWithFrame() {
    for (AbstractInsnNode insn : method.instructions) {
      if (insn instanceof FrameNode) {
        return true;
      }
      if (insn.getOpcode() >= 0) {
        return false;
      }
    }
    return false;
  }

  /**
   * Takes dead locals out of all stack map frames: after an await they are not restored, and a
   * frame must not ask for them. Puts state and frame into them.
   */
  private void pruneFrames(Liveness liveness) {
    AbstractInsnNode[] instructions = method.instructions.toArray();
    for (int i = 0; i < instructions.length; i++) {
      if (!(instructions[i] instanceof FrameNode frame) || frame.local == null) {
        continue;
      }
      @Nullable Object[] bySlot =
          entries.withStateAndFrame(
              new Object[Math.max(layout.slotInBody(method.maxLocals), layout.parameterSlots())]);
      int slot = 0;
      for (Object entry : frame.local) {
        if (liveness.before(i).get(slot) && entry != Opcodes.TOP) {
          bySlot[layout.slotInBody(slot)] = entry;
        }
        slot += StackMaps.sizeOf(entry);
      }
      frame.local = List.of(StackMaps.locals(bySlot));
    }
  }

  private void moveLocals() {
    for (AbstractInsnNode insn : method.instructions) {
      if (insn instanceof VarInsnNode access) {
        access.var = layout.slotInBody(access.var);
      } else if (insn instanceof IincInsnNode increment) {
        increment.var = layout.slotInBody(increment.var);
      }
    }
    if (method.localVariables != null) {
      for (LocalVariableNode variable : method.localVariables) {
        variable.index = layout.slotInBody(variable.index);
      }
    }
    method.maxLocals = Math.max(layout.slotInBody(method.maxLocals), layout.parameterSlots());
  }

  private void lower(Point point) {
    InsnList code = new InsnList();
    if (!point.future()) {
      code.add(runtime("future", "(L" + Names.STAGE + ";)" + Names.FUTURE_DESC));
    }
    code.add(saveBlocks.leave(point, point.resumed()));
    code.add(point.resumed());
    code.add(entries.resumed(point));
    code.add(
        runtime(point.ea() ? "join" : "take", "(" + Names.FUTURE_DESC + ")" + Names.OBJECT_DESC));
    method.instructions.insertBefore(point.call(), code);
    method.instructions.remove(point.call());
  }

  static MethodInsnNode runtime(String name, String descriptor) {
    return new MethodInsnNode(Opcodes.INVOKESTATIC, Names.AWAIT_RUNTIME, name, descriptor, false);
  }
}
