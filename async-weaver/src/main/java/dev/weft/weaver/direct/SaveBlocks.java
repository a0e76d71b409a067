package dev.weft.weaver.direct;

import dev.weft.weaver.Names;
import dev.weft.weaver.lower.FrameClass;
import dev.weft.weaver.lower.ResultConversion;
import dev.weft.weaver.lower.SuspendCall;
import dev.weft.weaver.lower.SuspendForm;
import dev.weft.weaver.scan.AsyncMethod;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.JumpInsnNode;
import org.objectweb.asm.tree.LabelNode;
import org.objectweb.asm.tree.TryCatchBlockNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Where awaits go to suspend: one block for each way in which they have something to save. Awaits
 * that agree in it share the block, and tell it their state.
 */
final class SaveBlocks {
  /** What a block saves: by field, where the value is, or null where there is none. */
  private record Saving(List<Type> stack, List<@Nullable Variable> values, int lock) {}

  /**
   * A block and the awaits that share it.
   *
   * @param first where it starts on the first run of a method whose caller does not get the frame
   *     itself, with what the caller gets on the stack
   */
  private record Block(SuspendForm form, LabelNode label, LabelNode first, List<Point> points) {
    Block(SuspendForm form) {
      this(form, new LabelNode(), new LabelNode(), new ArrayList<>());
    }

    boolean isShared() {
      return points.size() > 1;
    }

    /** Any of them: they agree in all that matters here. */
    Point example() {
      return points.get(0);
    }
  }

  private final Layout layout;
  private final AsyncMethod async;
  private final Map<Saving, Block> blocks = new LinkedHashMap<>();

  /** By state, from index 0. */
  private final List<Block> blockAt = new ArrayList<>();

  /** By descriptor: a frame class cannot have two with one. */
  private final Map<String, SuspendForm> forms = new HashMap<>();

  private final Map<TryCatchBlockNode, Point> handlers = new LinkedHashMap<>();

  private final List<Type> fields;

  /**
   * @param fields the types of the frame's fields
   */
  SaveBlocks(Layout layout, AsyncMethod async, List<Point> points, List<Type> fields) {
    this.layout = layout;
    this.async = async;
    this.fields = fields;
    for (Point point : points) {
      Saving saving = new Saving(point.stack(), layout.valuesOfFields(point), point.lock());
      Block block = blocks.computeIfAbsent(saving, key -> new Block(formAt(point)));
      block.points().add(point);
      blockAt.add(block);
    }
  }

  /** The forms in which the blocks call {@code suspend}. */
  List<SuspendForm> forms() {
    return List.copyOf(forms.values());
  }

  /** The operand stack goes to {@code suspend} as it is, if that can be. */
  private SuspendForm formAt(Point point) {
    List<Type> stack = point.stack();
    int lowest = 0;
    while (lowest < stack.size() && stack.get(lowest).equals(Point.NULL)) {
      lowest++;
    }
    List<SuspendForm.Below> below = new ArrayList<>();
    for (int position = lowest; position < stack.size(); position++) {
      Type type = stack.get(position);
      if (type.equals(Point.NULL)) {
        below.add(new SuspendForm.Below(Type.getType(Object.class), -1));
      } else {
        int field = layout.fieldOf(Variable.onStack(position, type));
        if (field < 0) {
          return known(SuspendForm.PLAIN);
        }
        below.add(new SuspendForm.Below(type, field));
      }
    }
    return known(new SuspendForm(below));
  }

  /**
   * The form itself, or the plain one where another has its descriptor already, or where it takes
   * more arguments than a method can. No other form ever takes the plain one's descriptor.
   */
  private SuspendForm known(SuspendForm form) {
    String descriptor = form.descriptor(fields);
    String plain = SuspendForm.PLAIN.descriptor(fields);
    if (!descriptor.equals(plain)
        && Type.getArgumentsAndReturnSizes(descriptor) >> 2 <= Layout.MOST_SLOTS
        && forms.computeIfAbsent(descriptor, key -> form).equals(form)) {
      return form;
    }
    forms.put(plain, SuspendForm.PLAIN);
    return SuspendForm.PLAIN;
  }

  /**
   * The code of an await that goes to its block unless the future on the stack is ready.
   *
   * <p>What the caller gets in place of the frame is made here, within the {@code try} blocks of
   * the method: its constructor may throw, and the frame is not parked yet.
   *
   * @param ready where to go if it is ready
   */
  InsnList leave(Point point, LabelNode ready) {
    Block block = blockAt.get(point.state() - 1);
    InsnList code = new InsnList();
    if (block.isShared()) {
      code.add(Constants.push(point.state()));
      code.add(new VarInsnNode(Opcodes.ISTORE, layout.stateSlot()));
    }
    code.add(new InsnNode(Opcodes.DUP));
    code.add(Body.runtime("isReady", "(" + Names.FUTURE_DESC + ")Z"));
    if (async.result() == AsyncMethod.Result.FRAME) {
      code.add(new JumpInsnNode(Opcodes.IFEQ, block.label()));
      return code;
    }
    code.add(new JumpInsnNode(Opcodes.IFNE, ready));
    code.add(new VarInsnNode(Opcodes.ALOAD, layout.frameSlot()));
    code.add(new JumpInsnNode(Opcodes.IFNONNULL, block.label()));
    code.add(ResultConversion.target(async));
    code.add(new JumpInsnNode(Opcodes.GOTO, block.first()));
    return code;
  }

  /** All of them. */
  InsnList code(Entries entries, SuspendCall suspend) {
    InsnList code = new InsnList();
    for (Block block : blocks.values()) {
      code.add(block.label());
      code.add(entries.saving(block.example()));
      suspend(code, block, suspend);
      code.add(new InsnNode(Opcodes.ARETURN));
      if (async.result() != AsyncMethod.Result.FRAME) {
        int target = new Scratch(layout, block.example()).next(1);
        code.add(block.first());
        code.add(entries.saving(block.example(), ResultConversion.targetType(async)));
        code.add(new VarInsnNode(Opcodes.ASTORE, target));
        suspend(code, block, suspend, target);
        code.add(new VarInsnNode(Opcodes.ALOAD, target));
        code.add(ResultConversion.join(async));
        code.add(new InsnNode(Opcodes.ARETURN));
      }
    }
    emitHandlers(code, entries);
    return code;
  }

  private void suspend(InsnList code, Block block, SuspendCall suspend, int... reserved) {
    Point point = block.example();
    Scratch scratch = new Scratch(layout, point);
    for (int slot : reserved) {
      scratch.reserve(slot);
    }
    int[] spilled = spill(code, block, scratch);
    List<@Nullable Variable> values = layout.valuesOfFields(point);
    for (int field = 0; field < fields.size(); field++) {
      if (layout.isOverflowField(field)) {
        packOverflow(code, point, spilled);
      } else if (!block.form().takesFromBelow(field)) {
        push(code, values.get(field), fields.get(field), spilled);
      }
    }
    code.add(
        block.isShared()
            ? new VarInsnNode(Opcodes.ILOAD, layout.stateSlot())
            : Constants.push(point.state()));
    code.add(new VarInsnNode(Opcodes.ALOAD, layout.frameSlot()));
    if (point.lock() < 0) {
      code.add(suspend.node(block.form()));
    } else {
      suspendAndUnlock(code, suspend.node(block.form()), point);
    }
  }

  /** An error on the way, when the frame is not parked yet, must not leave the monitor held. */
  private void suspendAndUnlock(InsnList code, AbstractInsnNode suspend, Point point) {
    LabelNode start = new LabelNode();
    LabelNode end = new LabelNode();
    LabelNode handler = new LabelNode();
    code.add(start);
    code.add(suspend);
    code.add(end);
    code.add(new VarInsnNode(Opcodes.ALOAD, layout.slotInBody(point.lock())));
    code.add(new InsnNode(Opcodes.MONITOREXIT));
    handlers.put(new TryCatchBlockNode(start, end, handler, null), point);
  }

  /** The exception handlers of the blocks. */
  Set<TryCatchBlockNode> handlers() {
    return handlers.keySet();
  }

  private void emitHandlers(InsnList code, Entries entries) {
    handlers.forEach(
        (block, point) -> {
          code.add(block.handler);
          code.add(entries.failing(point));
          code.add(new VarInsnNode(Opcodes.ALOAD, layout.slotInBody(point.lock())));
          code.add(new InsnNode(Opcodes.MONITOREXIT));
          code.add(new InsnNode(Opcodes.ATHROW));
        });
  }

  /**
   * Takes the operand stack below the future into locals, unless {@code suspend} takes it from
   * where it is. Null constants at the bottom stay: the return drops them.
   */
  private static int[] spill(InsnList code, Block block, Scratch scratch) {
    List<Type> stack = block.example().stack();
    int[] spilled = new int[stack.size()];
    boolean needless = stack.stream().allMatch(Point.NULL::equals);
    if (needless || !block.form().below().isEmpty()) {
      return spilled;
    }
    int future = scratch.next(1);
    code.add(new VarInsnNode(Opcodes.ASTORE, future));
    for (int position = stack.size() - 1; position >= 0; position--) {
      Type type = stack.get(position);
      if (type.equals(Point.NULL)) {
        code.add(new InsnNode(Opcodes.POP));
      } else {
        spilled[position] = scratch.next(type.getSize());
        code.add(new VarInsnNode(type.getOpcode(Opcodes.ISTORE), spilled[position]));
      }
    }
    code.add(new VarInsnNode(Opcodes.ALOAD, future));
    return spilled;
  }

  /** Pushes the value for a field: that of a variable, or none. */
  private void push(InsnList code, @Nullable Variable variable, Type type, int[] spilled) {
    if (variable == null) {
      code.add(new InsnNode(FrameClass.defaultOf(type)));
    } else {
      int slot =
          variable.isOnStack() ? spilled[variable.position()] : layout.slotInBody(variable.slot());
      code.add(new VarInsnNode(variable.type().getOpcode(Opcodes.ILOAD), slot));
    }
  }

  private void packOverflow(InsnList code, Point point, int[] spilled) {
    code.add(Constants.push(layout.overflowLength()));
    code.add(new TypeInsnNode(Opcodes.ANEWARRAY, "java/lang/Object"));
    for (Variable variable : point.saved()) {
      int index = layout.overflowIndex(variable);
      if (index >= 0) {
        code.add(new InsnNode(Opcodes.DUP));
        code.add(Constants.push(index));
        push(code, variable, variable.type(), spilled);
        Boxing.box(code, variable.type());
        code.add(new InsnNode(Opcodes.AASTORE));
      }
    }
  }
}
