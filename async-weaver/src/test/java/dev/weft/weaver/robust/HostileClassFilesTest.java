package dev.weft.weaver.robust;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.ClassSource;
import dev.weft.weaver.FrameMode;
import dev.weft.weaver.WeaveResult;
import dev.weft.weaver.Weaver;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Class files that no compiler writes: each gives a result, and what is said names the class. What
 * JVMs accept is woven; what is damaged is refused.
 */
class HostileClassFilesTest {
  private static final String FUTURE = "java/util/concurrent/CompletableFuture";
  private static final String FUTURE_DESC = "L" + FUTURE + ";";

  private final ClassSource jdk = ClassSource.of(HostileClassFilesTest.class.getClassLoader());

  private WeaveResult weave(byte[] classFile) {
    return new Weaver(jdk, FrameMode.CLASS_FILES).weave(classFile);
  }

  private static void assertRefused(WeaveResult result, String name, String... parts) {
    assertThat(result.bytes()).isNull();
    assertThat(result.diagnostics())
        .anySatisfy(
            diagnostic -> {
              assertThat(diagnostic.file()).isEqualTo(name);
              assertThat(diagnostic.message()).contains(parts);
            });
  }

  private static void assertWoven(WeaveResult result) {
    assertThat(result.failed()).as("%s", result.diagnostics()).isFalse();
    assertThat(result.bytes()).isNotNull();
  }

  // ---- what obfuscators write, and JVMs accept

  @ParameterizedTest
  @ValueSource(strings = {"a", "a/a/a", "if", "-", "\u00e4/\u6f22", " ", "a b", "\u202e", "1", "$"})
  void namesThatNoSourceCanHave(String name) {
    assertWoven(weave(Made.named(name).bytes()));
  }

  @Test
  void methodsThatDifferInTheirReturnTypesAlone() {
    Made made = Made.named("a");
    made.method("a", "(" + FUTURE_DESC + ")Ljava/util/concurrent/CompletionStage;", Made::await);
    assertWoven(weave(made.bytes()));
  }

  @Test
  void localVariableRangesThatOverlapOrLie() {
    Made made = Made.empty("a");
    made.method(
        "run",
        "(" + FUTURE_DESC + ")" + FUTURE_DESC,
        code -> {
          Label start = new Label();
          Label end = new Label();
          code.visitLabel(start);
          Made.await(code);
          code.visitLabel(end);
          code.visitLocalVariable("a", FUTURE_DESC, null, start, end, 0);
          code.visitLocalVariable("a", "I", null, start, end, 0);
          code.visitLocalVariable("b", "Lno/Such;", null, start, end, 0);
        });
    WeaveResult result = weave(made.bytes());
    assertThat(result.bytes() != null || result.failed()).isTrue();
  }

  @Test
  void noDebugTablesAtAll() {
    assertWoven(weave(Made.named("a/B").bytes()));
  }

  // ---- versions

  @ParameterizedTest
  @CsvSource({"72, 0", "72, 65535", "100, 65535", "65535, 0"})
  void versionsOfTheFuture(int major, int minor) {
    byte[] bytes = Made.named("a/B").bytes();
    ByteBuffer.wrap(bytes).putShort(4, (short) minor).putShort(6, (short) major);
    assertRefused(weave(bytes), "a.B", "version " + major, "newer weaver");
  }

  @Test
  void previewFeaturesOfAKnownVersion() {
    byte[] bytes = Made.named("a/B").bytes();
    ByteBuffer.wrap(bytes).putShort(4, (short) 65535);
    assertWoven(weave(bytes));
  }

  // ---- sizes

  @Test
  void aConstantPoolThatClaimsMoreThanThereIs() {
    byte[] bytes = Made.named("a/B").bytes();
    ByteBuffer.wrap(bytes).putShort(8, (short) 65535);
    WeaveResult result = weave(bytes);
    assertThat(result.bytes()).isNull();
    assertThat(result.diagnostics())
        .singleElement()
        .asString()
        .contains("not a class file: it ends in the middle of its constant pool");
  }

  /** Wherever a length stands, it is claimed to be huge. */
  @Test
  void lengthsOfTwoGigabytesAnywhere() {
    byte[] bytes = Made.named("a/B").bytes();
    for (int at = 10; at + 4 <= bytes.length; at++) {
      byte[] damaged = bytes.clone();
      ByteBuffer.wrap(damaged).putInt(at, 0x7fffffff);
      WeaveResult result = weave(damaged);
      assertThat(result.diagnostics())
          .as("0x7fffffff at %s", at)
          .noneMatch(diagnostic -> diagnostic.message().contains("memory"));
    }
  }

  @Test
  void truncatedAnywhere() {
    byte[] bytes = Made.named("a/B").bytes();
    for (int length = 0; length < bytes.length; length++) {
      WeaveResult result = weave(Arrays.copyOf(bytes, length));
      assertThat(result.bytes()).as("the first %s bytes", length).isNull();
      assertThat(result.failed()).as("the first %s bytes", length).isTrue();
    }
  }

  @Test
  void aConstantPoolThatIsFull() {
    Made made = Made.named("a/B");
    for (int i = 0; i < 65_000; i++) {
      made.writer.newConst(i);
    }
    WeaveResult result = weave(made.bytes());
    assertThat(result.bytes() != null || result.failed()).isTrue();
  }

  @Test
  void aMethodOfSixtyKilobytes() {
    Made made = Made.empty("a/B");
    made.method(
        "run",
        "(" + FUTURE_DESC + ")" + FUTURE_DESC,
        code -> {
          for (int i = 0; i < 60_000; i++) {
            code.visitInsn(Opcodes.NOP);
          }
          Made.await(code);
        });
    WeaveResult result = weave(made.bytes());
    assertThat(result.bytes() != null || result.failed()).isTrue();
  }

  // ---- depth

  @Test
  void annotationsNestedTenThousandDeep() {
    Made made = Made.named("a/B");
    AnnotationVisitor annotation = made.writer.visitAnnotation("La/A;", true);
    for (int depth = 0; depth < 10_000; depth++) {
      annotation = annotation.visitAnnotation("a", "La/A;");
    }
    WeaveResult result = weave(made.bytes());
    assertThat(result.bytes() != null || result.failed()).isTrue();
  }

  @Test
  void aSwitchWithTenThousandTargets() {
    Made made = Made.empty("a/B");
    made.method(
        "run",
        "(" + FUTURE_DESC + ")" + FUTURE_DESC,
        code -> {
          Label[] targets = new Label[10_000];
          Label end = new Label();
          Arrays.fill(targets, end);
          code.visitInsn(Opcodes.ICONST_0);
          code.visitTableSwitchInsn(0, targets.length - 1, end, targets);
          code.visitLabel(end);
          code.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
          Made.await(code);
        });
    assertWoven(weave(made.bytes()));
  }

  // ---- hierarchies

  @ParameterizedTest
  @CsvSource({"a/X, a/X", "a/X, a/Y"})
  void returnTypesThatAreTheirOwnSuperclass(String type, String superclass) {
    Map<String, byte[]> cyclic = new HashMap<>();
    cyclic.put(superclass, Made.extending(superclass, type).bytes());
    cyclic.put(type, Made.extending(type, superclass).bytes());
    Made made = Made.empty("a/B");
    made.method("run", "(" + FUTURE_DESC + ")L" + type + ";", Made::await);
    WeaveResult result =
        new Weaver(
                name -> cyclic.containsKey(name) ? cyclic.get(name) : jdk.read(name),
                FrameMode.CLASS_FILES)
            .weave(made.bytes());
    assertRefused(result, "a.B", "a.X");
  }

  @Test
  void aClassThatIsItsOwnSuperclass() {
    Made made = Made.extending("a/B", "a/B");
    made.method("run", "(" + FUTURE_DESC + ")" + FUTURE_DESC, Made::await);
    WeaveResult result = weave(made.bytes());
    assertThat(result.bytes() != null || result.failed()).isTrue();
  }

  @Test
  void classesInTheSourceThatAreGarbage() {
    WeaveResult result =
        new Weaver(name -> new byte[] {1, 2, 3}, FrameMode.CLASS_FILES)
            .weave(Made.named("a/B").bytes());
    assertThat(result.bytes() != null || result.failed()).isTrue();
  }

  @Test
  void aSourceThatThrows() {
    ClassSource throwing =
        name -> {
          throw new IllegalStateException("zip file closed");
        };
    WeaveResult result =
        new Weaver(throwing, FrameMode.CLASS_FILES).weave(Made.named("a/B").bytes());
    assertThat(result.bytes() != null || result.failed()).isTrue();
  }

  /** A class file in the making. */
  private static final class Made {
    final ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);

    static Made extending(String name, String superclass) {
      Made made = new Made();
      made.writer.visit(Opcodes.V17, Opcodes.ACC_SUPER, name, null, superclass, null);
      return made;
    }

    static Made empty(String name) {
      return extending(name, "java/lang/Object");
    }

    /** With one method that awaits its parameter and returns it. */
    static Made named(String name) {
      Made made = empty(name);
      made.method("run", "(" + FUTURE_DESC + ")" + FUTURE_DESC, Made::await);
      return made;
    }

    void method(String name, String descriptor, Consumer<MethodVisitor> body) {
      MethodVisitor code = writer.visitMethod(Opcodes.ACC_STATIC, name, descriptor, null, null);
      code.visitCode();
      body.accept(code);
      code.visitMaxs(0, 0);
      code.visitEnd();
    }

    static void await(MethodVisitor code) {
      code.visitVarInsn(Opcodes.ALOAD, 0);
      code.visitMethodInsn(
          Opcodes.INVOKESTATIC,
          "dev/weft/Async",
          "await",
          "(Ljava/util/concurrent/CompletionStage;)Ljava/lang/Object;",
          false);
      code.visitInsn(Opcodes.POP);
      code.visitVarInsn(Opcodes.ALOAD, 0);
      code.visitInsn(Opcodes.ARETURN);
    }

    byte[] bytes() {
      writer.visitEnd();
      return writer.toByteArray();
    }
  }
}
