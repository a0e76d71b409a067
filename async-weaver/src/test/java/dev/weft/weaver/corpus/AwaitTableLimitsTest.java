package dev.weft.weaver.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.ClassSource;
import dev.weft.weaver.Engine;
import dev.weft.weaver.FrameMode;
import dev.weft.weaver.WeaveResult;
import dev.weft.weaver.Weaver;
import dev.weft.weaver.WeaverOptions;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.LdcInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Class files that no compiler writes have a table too. */
class AwaitTableLimitsTest {
  private static final int MOST_BYTES = 65_535;

  @ParameterizedTest
  @EnumSource
  void aTableThatIsTooLongEndsWithAWholeEntry(Engine engine) {
    String head = "shapes.Made\trun\t";
    // Room for the file's name and one line of two; three bytes a character, in part.
    int room = MOST_BYTES - head.length() - "\t7".length() - 1;
    String file = "\u20ac".repeat(1000) + "f".repeat(room - 3000);

    assertThat(tableOf(classFile(file, false, 2), engine)).isEqualTo(head + file + "\t7");
    assertThat(tableOf(classFile(file + "f", false, 2), engine)).isEqualTo(head + file + "f\t7");
    assertThat(tableOf(classFile(file + "ff", false, 2), engine)).isEqualTo(head + file + "ff");
    assertThat(tableOf(classFile("f".repeat(MOST_BYTES), false, 2), engine))
        .isEqualTo("shapes.Made\trun");
  }

  @ParameterizedTest
  @EnumSource
  void aTabInANameIsNoSeparator(Engine engine) {
    assertThat(tableOf(classFile("a\tb", false, 1), engine)).isEqualTo("shapes.Made\trun\ta b\t7");
  }

  /** To the JVM, a line goes on until the next entry, whether or not its first code is reached. */
  @ParameterizedTest
  @EnumSource
  void anAwaitMayHaveItsLineFromDeadCodeBeforeIt(Engine engine) {
    assertThat(tableOf(classFile("Made.java", true, 1), engine))
        .isEqualTo("shapes.Made\trun\tMade.java\t99");
  }

  private static String tableOf(byte[] classFile, Engine engine) {
    WeaveResult result =
        new Weaver(
                ClassSource.of(AwaitTableLimitsTest.class.getClassLoader()),
                FrameMode.CLASS_FILES,
                WeaverOptions.DEFAULT.withEngine(engine))
            .weave(classFile);
    assertThat(result.diagnostics()).isEmpty();
    assertThat(result.frames()).hasSize(1);
    ClassNode frame = new ClassNode();
    new ClassReader(result.frames().values().iterator().next()).accept(frame, 0);
    MethodNode table =
        frame.methods.stream()
            .filter(method -> method.name.equals("awaitTable"))
            .findFirst()
            .orElseThrow();
    return (String) ((LdcInsnNode) Objects.requireNonNull(table.instructions.getFirst())).cst;
  }

  /** A class with one method, which awaits its parameter on line 7, or after dead code on 99. */
  private static byte[] classFile(String file, boolean dead, int awaits) {
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    int access = Opcodes.ACC_PUBLIC | Opcodes.ACC_SUPER;
    writer.visit(Opcodes.V17, access, "shapes/Made", null, "java/lang/Object", null);
    writer.visitSource(file, null);
    String future = "Ljava/util/concurrent/CompletableFuture;";
    MethodVisitor method =
        writer.visitMethod(Opcodes.ACC_STATIC, "run", "(" + future + ")" + future, null, null);
    method.visitCode();
    line(method, 7);
    if (dead) {
      Label reached = new Label();
      method.visitJumpInsn(Opcodes.GOTO, reached);
      method.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
      line(method, 99);
      method.visitInsn(Opcodes.NOP);
      method.visitLabel(reached);
      method.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
    }
    for (int i = 0; i < awaits; i++) {
      method.visitVarInsn(Opcodes.ALOAD, 0);
      method.visitMethodInsn(
          Opcodes.INVOKESTATIC,
          "dev/weft/Async",
          "await",
          "(Ljava/util/concurrent/CompletionStage;)Ljava/lang/Object;",
          false);
      method.visitInsn(Opcodes.POP);
    }
    method.visitVarInsn(Opcodes.ALOAD, 0);
    method.visitInsn(Opcodes.ARETURN);
    method.visitMaxs(0, 0);
    method.visitEnd();
    writer.visitEnd();
    return writer.toByteArray();
  }

  private static void line(MethodVisitor method, int line) {
    Label here = new Label();
    method.visitLabel(here);
    method.visitLineNumber(line, here);
  }
}
