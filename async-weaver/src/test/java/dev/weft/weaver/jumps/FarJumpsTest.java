package dev.weft.weaver.jumps;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodNode;

/** Jumps around the border of what two bytes can say, in code whose size is known to the byte. */
class FarJumpsTest {
  private static final int BORDER = 32767;

  private static final Object[] PARAMETERS = {
    Opcodes.INTEGER, Opcodes.INTEGER, "java/lang/Object", "java/lang/Object"
  };

  static Stream<Arguments> jumpsAtTheBorder() {
    List<Arguments> all = new ArrayList<>();
    for (int opcode = Opcodes.IFEQ; opcode <= Opcodes.IFNONNULL; opcode++) {
      if (opcode <= Opcodes.GOTO || opcode >= Opcodes.IFNULL) {
        for (int span : new int[] {BORDER, BORDER + 1, BORDER + 2, 50_000}) {
          all.add(Arguments.of(opcode, span, true));
          all.add(Arguments.of(opcode, span, false));
        }
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("jumpsAtTheBorder")
  void aJumpGoesWhereItDidHoweverFarThatIs(int opcode, int span, boolean forward)
      throws ReflectiveOperationException {
    ClassNode far = new ClassNode();
    MethodNode method = begin(far);
    jump(method, opcode, span, forward);
    ClassNode near = new ClassNode();
    jump(begin(near), opcode, 100, forward);

    FarJumps.widen(far);

    // Backwards there is one byte more, as there is one more negative number.
    assertThat(far.methods.get(0) != method).isEqualTo(span > (forward ? BORDER : BORDER + 1));
    Method expected = load(near);
    Method actual = load(far);
    for (int[] ints : new int[][] {{0, 0}, {1, 0}, {0, 1}, {-1, 0}, {-1, -1}}) {
      for (Object object : new @Nullable Object[] {null, "a", "b"}) {
        Object[] arguments = {ints[0], ints[1], object, "a"};
        assertThat(actual.invoke(null, arguments))
            .as("%s %s %s", ints[0], ints[1], object)
            .isEqualTo(expected.invoke(null, arguments));
      }
    }
  }

  /** Says "jumped" or null. */
  private static void jump(MethodNode code, int opcode, int span, boolean forward) {
    Label target = new Label();
    Label start = new Label();
    int operands = operandsOf(opcode);
    if (!forward) {
      code.visitJumpInsn(Opcodes.GOTO, start);
      frame(code, target);
      code.visitVarInsn(Opcodes.ALOAD, 3);
      code.visitInsn(Opcodes.ARETURN);
      frame(code, start);
      nops(code, span - 2 - operands);
    }
    if (opcode >= Opcodes.IF_ACMPEQ && opcode != Opcodes.GOTO) {
      code.visitVarInsn(Opcodes.ALOAD, 2);
      if (operands == 2) {
        code.visitVarInsn(Opcodes.ALOAD, 3);
      }
    } else if (operands > 0) {
      code.visitVarInsn(Opcodes.ILOAD, 0);
      if (operands == 2) {
        code.visitVarInsn(Opcodes.ILOAD, 1);
      }
    }
    code.visitJumpInsn(opcode, target);
    if (opcode == Opcodes.GOTO) {
      frame(code, new Label());
    }
    if (forward) {
      nops(code, span - 3 - 2);
    }
    code.visitInsn(Opcodes.ACONST_NULL);
    code.visitInsn(Opcodes.ARETURN);
    if (forward) {
      frame(code, target);
      code.visitVarInsn(Opcodes.ALOAD, 3);
      code.visitInsn(Opcodes.ARETURN);
    }
  }

  private static int operandsOf(int opcode) {
    if (opcode == Opcodes.GOTO) {
      return 0;
    }
    return opcode >= Opcodes.IF_ICMPEQ && opcode <= Opcodes.IF_ACMPNE ? 2 : 1;
  }

  /** All jumps span just what a jump can but the last, which lies within the others. */
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 10, 500})
  void jumpsThatOthersPushApartAreWidenedToo(int jumps) throws ReflectiveOperationException {
    ClassNode owner = new ClassNode();
    MethodNode code = begin(owner);
    Label[] targets = new Label[jumps];
    for (int i = 0; i < jumps; i++) { // 7 bytes each
      targets[i] = new Label();
      code.visitVarInsn(Opcodes.ILOAD, 0);
      code.visitIntInsn(Opcodes.SIPUSH, i);
      code.visitJumpInsn(Opcodes.IF_ICMPEQ, targets[i]);
    }
    nops(code, BORDER - 7 * (jumps - 1) - 3 - 2);
    code.visitInsn(Opcodes.ACONST_NULL);
    code.visitInsn(Opcodes.ARETURN);
    for (int i = 0; i < jumps; i++) { // 7 bytes each
      if (i == jumps - 1) {
        frame(code, new Label());
        nops(code, 1);
      }
      frame(code, targets[i]);
      code.visitIntInsn(Opcodes.SIPUSH, i);
      code.visitMethodInsn(
          Opcodes.INVOKESTATIC, "java/lang/Integer", "valueOf", "(I)Ljava/lang/Integer;", false);
      code.visitInsn(Opcodes.ARETURN);
    }

    FarJumps.widen(owner);

    Method run = load(owner);
    for (int i = 0; i < jumps; i++) {
      assertThat(run.invoke(null, i, 0, null, null)).isEqualTo(i);
    }
    assertThat(run.invoke(null, jumps, 0, null, null)).isNull();
    assertThat(owner.methods.get(0).instructions)
        .filteredOn(i -> i.getOpcode() == 200)
        .hasSize(jumps);
  }

  /**
   * At the jump there are locals of every kind and an empty slot, operands, and an object that no
   * constructor has seen yet: the frame that the inverted jump needs has to hold them all.
   */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theFrameBehindAnInvertedJumpHoldsAllThatIsThere(boolean taken)
      throws ReflectiveOperationException {
    ClassNode owner = new ClassNode();
    MethodNode code = begin(owner);
    code.visitInsn(Opcodes.LCONST_1);
    code.visitVarInsn(Opcodes.LSTORE, 4);
    code.visitLdcInsn(2.5); // slot 6 stays empty
    code.visitVarInsn(Opcodes.DSTORE, 7);
    code.visitInsn(Opcodes.ACONST_NULL);
    code.visitVarInsn(Opcodes.ASTORE, 9);
    Label made = new Label();
    code.visitLabel(made);
    code.visitTypeInsn(Opcodes.NEW, "java/lang/StringBuilder");
    code.visitInsn(Opcodes.DUP);
    code.visitLdcInsn("built");
    code.visitInsn(Opcodes.LCONST_0);
    code.visitVarInsn(Opcodes.ILOAD, 0);
    Label far = new Label();
    code.visitJumpInsn(Opcodes.IFNE, far);
    nops(code, 40_000);
    build(code, "near");
    code.visitLabel(far);
    Object[] locals = {
      Opcodes.INTEGER,
      Opcodes.INTEGER,
      "java/lang/Object",
      "java/lang/Object",
      Opcodes.LONG,
      Opcodes.TOP,
      Opcodes.DOUBLE,
      Opcodes.NULL
    };
    Object[] stack = {made, made, "java/lang/String", Opcodes.LONG};
    code.visitFrame(Opcodes.F_NEW, locals.length, locals, stack.length, stack);
    build(code, "far");

    FarJumps.widen(owner);

    assertThat(load(owner).invoke(null, taken ? 1 : 0, 0, null, null))
        .isEqualTo(taken ? "built12.5nullfar" : "built12.5nullnear");
  }

  private static void build(MethodVisitor code, String end) {
    code.visitInsn(Opcodes.POP2);
    code.visitMethodInsn(
        Opcodes.INVOKESPECIAL, "java/lang/StringBuilder", "<init>", "(Ljava/lang/String;)V", false);
    code.visitVarInsn(Opcodes.LLOAD, 4);
    append(code, "J");
    code.visitVarInsn(Opcodes.DLOAD, 7);
    append(code, "D");
    code.visitVarInsn(Opcodes.ALOAD, 9);
    append(code, "Ljava/lang/Object;");
    code.visitLdcInsn(end);
    append(code, "Ljava/lang/String;");
    code.visitMethodInsn(
        Opcodes.INVOKEVIRTUAL,
        "java/lang/StringBuilder",
        "toString",
        "()Ljava/lang/String;",
        false);
    code.visitInsn(Opcodes.ARETURN);
  }

  private static void append(MethodVisitor code, String type) {
    code.visitMethodInsn(
        Opcodes.INVOKEVIRTUAL,
        "java/lang/StringBuilder",
        "append",
        "(" + type + ")Ljava/lang/StringBuilder;",
        false);
  }

  // ---- classes with one method

  private static MethodNode begin(ClassNode owner) {
    owner.visit(
        Opcodes.V17,
        Opcodes.ACC_PUBLIC,
        "dev/weft/weaver/jumps/Jumps",
        null,
        "java/lang/Object",
        null);
    MethodVisitor code =
        owner.visitMethod(
            Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC,
            "run",
            "(IILjava/lang/Object;Ljava/lang/Object;)Ljava/lang/Object;",
            null,
            null);
    return (MethodNode) code;
  }

  private static void nops(MethodVisitor code, int bytes) {
    for (int i = 0; i < bytes; i++) {
      code.visitInsn(Opcodes.NOP);
    }
  }

  private static void frame(MethodVisitor code, Label label) {
    code.visitLabel(label);
    code.visitFrame(Opcodes.F_NEW, PARAMETERS.length, PARAMETERS, 0, new Object[0]);
  }

  /** Verified by the JVM when it is linked, as that of the tests is told to verify all classes. */
  private static Method load(ClassNode owner) throws ReflectiveOperationException {
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    owner.accept(writer);
    byte[] bytes = writer.toByteArray();
    Class<?> type =
        new ClassLoader(FarJumpsTest.class.getClassLoader()) {
          Class<?> define() {
            return defineClass(null, bytes, 0, bytes.length);
          }
        }.define();
    return type.getDeclaredMethods()[0];
  }
}
