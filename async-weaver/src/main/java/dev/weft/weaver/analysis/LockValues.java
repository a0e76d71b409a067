package dev.weft.weaver.analysis;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.FieldInsnNode;
import org.objectweb.asm.tree.InvokeDynamicInsnNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.analysis.Interpreter;
import org.objectweb.asm.tree.analysis.Value;

/** What {@link LockFlow} knows of values, and how instructions make them. */
final class LockValues extends Interpreter<LockValues.LockValue> {
  /**
   * One value.
   *
   * @param size slots that it takes
   * @param path how the method got at it, or null
   * @param tried the lock that was taken if and only if this is true, or null
   * @param zero whether it is 0, or null if that is not known
   * @param owned false for a lock that any thread may release
   */
  record LockValue(
      int size,
      @Nullable LockPath path,
      @Nullable LockPath tried,
      @Nullable Boolean zero,
      boolean owned)
      implements Value {
    static final LockValue ANY = new LockValue(1, null, null, null, true);
    private static final LockValue WIDE = new LockValue(2, null, null, null, true);

    static LockValue at(LockPath path) {
      return new LockValue(1, path, null, null, true);
    }

    static LockValue number(boolean zero) {
      return new LockValue(1, null, null, zero, true);
    }

    static LockValue resultOf(@Nullable LockPath tried) {
      return new LockValue(1, null, tried, null, true);
    }

    static LockValue ofSize(int size) {
      return size == 2 ? WIDE : ANY;
    }

    @Override
    public int getSize() {
      return size;
    }
  }

  private static final String STAMPED = "java/util/concurrent/locks/StampedLock";

  /** Tells of a call whether it can run more than once. */
  private final Predicate<AbstractInsnNode> repeats;

  LockValues(Predicate<AbstractInsnNode> repeats) {
    super(Opcodes.ASM9);
    this.repeats = repeats;
  }

  @Override
  public @Nullable LockValue newValue(@Nullable Type type) {
    return type == null
        ? LockValue.ANY
        : type.getSort() == Type.VOID ? null : LockValue.ofSize(type.getSize());
  }

  @Override
  public LockValue newOperation(AbstractInsnNode insn) {
    return switch (insn.getOpcode()) {
      case Opcodes.ICONST_0 -> LockValue.number(true);
      case Opcodes.ICONST_1 -> LockValue.number(false);
      case Opcodes.LCONST_0, Opcodes.LCONST_1, Opcodes.DCONST_0, Opcodes.DCONST_1 ->
          LockValue.ofSize(2);
      case Opcodes.LDC -> {
        Object constant = ((LdcInsnNode) insn).cst;
        yield LockValue.ofSize(constant instanceof Long || constant instanceof Double ? 2 : 1);
      }
      case Opcodes.NEW -> LockValue.at(LockPath.madeBy(insn));
      case Opcodes.GETSTATIC -> {
        FieldInsnNode field = (FieldInsnNode) insn;
        int size = Type.getType(field.desc).getSize();
        String simple = field.owner.substring(field.owner.lastIndexOf('/') + 1).replace('$', '.');
        yield size == 2
            ? LockValue.ofSize(2)
            : LockValue.at(
                LockPath.root(simple + "." + field.name, field.owner + "." + field.name));
      }
      default -> LockValue.ANY;
    };
  }

  @Override
  public LockValue copyOperation(AbstractInsnNode insn, LockValue value) {
    return value;
  }

  @Override
  public LockValue unaryOperation(AbstractInsnNode insn, LockValue value) {
    return switch (insn.getOpcode()) {
      case Opcodes.CHECKCAST -> value;
      case Opcodes.GETFIELD -> {
        FieldInsnNode field = (FieldInsnNode) insn;
        int size = Type.getType(field.desc).getSize();
        yield size == 2 || value.path() == null
            ? LockValue.ofSize(size)
            : LockValue.at(value.path().field(field.owner, field.name));
      }
      case Opcodes.LNEG,
          Opcodes.DNEG,
          Opcodes.I2L,
          Opcodes.I2D,
          Opcodes.L2D,
          Opcodes.F2L,
          Opcodes.F2D,
          Opcodes.D2L ->
          LockValue.ofSize(2);
      default -> LockValue.ANY;
    };
  }

  @Override
  public LockValue binaryOperation(AbstractInsnNode insn, LockValue left, LockValue right) {
    return switch (insn.getOpcode()) {
      case Opcodes.AALOAD -> LockValue.at(LockPath.madeBy(insn));
      case Opcodes.LALOAD,
          Opcodes.DALOAD,
          Opcodes.LADD,
          Opcodes.LSUB,
          Opcodes.LMUL,
          Opcodes.LDIV,
          Opcodes.LREM,
          Opcodes.LSHL,
          Opcodes.LSHR,
          Opcodes.LUSHR,
          Opcodes.LAND,
          Opcodes.LOR,
          Opcodes.LXOR,
          Opcodes.DADD,
          Opcodes.DSUB,
          Opcodes.DMUL,
          Opcodes.DDIV,
          Opcodes.DREM ->
          LockValue.ofSize(2);
      default -> LockValue.ANY;
    };
  }

  @Override
  public LockValue ternaryOperation(
      AbstractInsnNode insn, LockValue first, LockValue second, LockValue third) {
    return LockValue.ANY;
  }

  @Override
  public @Nullable LockValue naryOperation(
      AbstractInsnNode insn, List<? extends LockValue> values) {
    if (!(insn instanceof MethodInsnNode call)) {
      return insn instanceof InvokeDynamicInsnNode dynamic
          ? newValue(Type.getReturnType(dynamic.desc))
          : LockValue.ANY;
    }
    Type result = Type.getReturnType(call.desc);
    if (result.getSort() != Type.OBJECT) {
      return newValue(result);
    }
    if (call.owner.equals(STAMPED)) { // knows stamps, and no owners
      return new LockValue(1, null, null, null, false);
    }
    List<LockPath> of = new ArrayList<>();
    for (LockValue value : values) {
      if (value.path() == null) {
        return LockValue.at(LockPath.madeBy(insn));
      }
      of.add(value.path());
    }
    boolean view = call.name.equals("readLock") || call.name.equals("writeLock");
    boolean stable = of.stream().allMatch(LockPath::stable) && (view || !repeats.test(insn));
    String name = view ? named(of.get(0), call.name) : call.name + "()";
    return LockValue.at(
        new LockPath(name, call.owner + "." + call.name + call.desc, List.copyOf(of), stable));
  }

  private static String named(LockPath receiver, String view) {
    return (receiver.name().isEmpty() ? "" : receiver.name() + ".") + view + "()";
  }

  @Override
  public void returnOperation(AbstractInsnNode insn, LockValue value, LockValue expected) {}

  @Override
  public LockValue merge(LockValue value, LockValue other) {
    if (value.equals(other)) {
      return value;
    }
    LockPath path = Objects.equals(value.path(), other.path()) ? value.path() : null;
    LockPath tried = Objects.equals(value.tried(), other.tried()) ? value.tried() : null;
    Boolean zero = Objects.equals(value.zero(), other.zero()) ? value.zero() : null;
    int size = Math.min(value.size(), other.size());
    return new LockValue(size, path, tried, zero, value.owned() || other.owned());
  }
}
