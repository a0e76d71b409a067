package dev.weft.weaver.direct;

import dev.weft.weaver.FrameMode;
import dev.weft.weaver.Names;
import dev.weft.weaver.Refusal;
import dev.weft.weaver.analysis.Liveness;
import dev.weft.weaver.lower.Continuation;
import dev.weft.weaver.lower.Continuation.Argument;
import dev.weft.weaver.lower.Continuation.Source;
import dev.weft.weaver.lower.LoweringTarget;
import dev.weft.weaver.lower.StackMaps;
import dev.weft.weaver.lower.SuspendCall;
import dev.weft.weaver.scan.AsyncMethod;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
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
  private final List<Type> own;
  private final List<Point> points;
  private final Layout layout;

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
    this.own = own;
    this.points = points;
    this.layout = new Layout(own, points, wideSlots(method));
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
    List<Argument> arguments = new ArrayList<>();
    int slot = 0;
    for (Type type : own) {
      arguments.add(new Argument(type, layout.isOwnField(slot) ? Source.FIELD : Source.NOTHING));
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
        name(),
        descriptor(arguments),
        arguments);
  }

  /**
   * A frame class of its own calls the body from outside, so that it cannot be private; with the
   * class in its name, no subclass in the package overrides it.
   */
  private String name() {
    if (isStatic || target.mode() == FrameMode.HIDDEN_CLASSES) {
      return target.continuedName();
    }
    String owner = target.owner().name;
    return target.continuedName() + "$" + owner.substring(owner.lastIndexOf('/') + 1);
  }

  private String descriptor(List<Argument> arguments) {
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
  MethodNode build(Continuation continuation, SuspendCall suspend, Liveness liveness)
      throws Refusal {
    pruneFrames(liveness); // first, while the indexes are those of the analysis
    new VariableRanges(method, points).clip();
    moveLocals();
    Cold cold = new Cold(layout, points, suspend, parameterEntries());
    for (Point point : points) {
      lower(point, cold);
    }
    InsnList start = new InsnList();
    LabelNode code = new LabelNode();
    start.add(new VarInsnNode(Opcodes.ILOAD, layout.stateSlot()));
    start.add(new JumpInsnNode(Opcodes.IFEQ, code));
    start.add(cold.code());
    start.add(code);
    start.add(frame(entriesAtStart(), List.of()));
    if (startsWithFrame()) {
      start.add(new InsnNode(Opcodes.NOP)); // no two frames may stand in one place
    }
    method.instructions.insert(start);
    method.access = access();
    method.name = continuation.name();
    method.desc = continuation.descriptor();
    method.exceptions = List.of();
    return method;
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
      Object[] bySlot = new Object[Math.max(layout.slotInBody(method.maxLocals), layout.parameterSlots())];
      addStateAndFrame(bySlot);
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

  private void addStateAndFrame(Object[] bySlot) {
    bySlot[layout.stateSlot()] = Opcodes.INTEGER;
    bySlot[layout.frameSlot()] = Names.FRAME;
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

  /** The locals as the body finds them when it is called, by slot. */
  private Object[] parameterEntries() {
    Object[] bySlot = new Object[layout.parameterSlots()];
    addOwn(bySlot);
    for (Layout.Parameter parameter : layout.added()) {
      bySlot[parameter.slot()] = StackMaps.entryOf(parameter.type());
    }
    return bySlot;
  }

  private Object[] entriesAtStart() {
    Object[] bySlot = new Object[layout.frameSlot() + 1];
    addOwn(bySlot);
    return bySlot;
  }

  private void addOwn(Object[] bySlot) {
    int slot = 0;
    for (Type type : own) {
      bySlot[slot] = StackMaps.entryOf(type);
      slot += type.getSize();
    }
    addStateAndFrame(bySlot);
  }

  private void lower(Point point, Cold cold) {
    InsnList code = new InsnList();
    if (!point.future()) {
      code.add(runtime("future", "(L" + Names.STAGE + ";)" + Names.FUTURE_DESC));
    }
    LabelNode save = cold.save(point, code);
    code.add(new InsnNode(Opcodes.DUP));
    code.add(runtime("isReady", "(" + Names.FUTURE_DESC + ")Z"));
    code.add(new JumpInsnNode(Opcodes.IFEQ, save));
    code.add(point.resumed());
    code.add(frame(cold.localsAt(point), cold.stackAt(point)));
    code.add(
        runtime(point.ea() ? "join" : "take", "(" + Names.FUTURE_DESC + ")" + Names.OBJECT_DESC));
    method.instructions.insertBefore(point.call(), code);
    method.instructions.remove(point.call());
  }

  private static MethodInsnNode runtime(String name, String descriptor) {
    return new MethodInsnNode(Opcodes.INVOKESTATIC, Names.AWAIT_RUNTIME, name, descriptor, false);
  }

  static FrameNode frame(Object[] localsBySlot, List<Object> stack) {
    Object[] locals = StackMaps.locals(localsBySlot);
    return new FrameNode(Opcodes.F_NEW, locals.length, locals, stack.size(), stack.toArray());
  }
}
