package dev.weft.weaver.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.ClassSource;
import dev.weft.weaver.FrameMode;
import dev.weft.weaver.WeaveResult;
import dev.weft.weaver.Weaver;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** The weaver answers any bytes with a result: a diagnostic or nothing to do, never a throw. */
class OddClassFilesTest {
  private static final Weaver WEAVER =
      new Weaver(ClassSource.of(OddClassFilesTest.class.getClassLoader()), FrameMode.CLASS_FILES);

  @Test
  void leavesClassesWithoutAwaitsAlone() throws IOException {
    for (Class<?> type : List.of(Object.class, String.class, Map.Entry.class, Shape.class)) {
      try (InputStream in =
          type.getResourceAsStream("/" + type.getName().replace('.', '/') + ".class")) {
        WeaveResult result = WEAVER.weave(Objects.requireNonNull(in).readAllBytes());
        assertThat(result.bytes()).isNull();
        assertThat(result.diagnostics()).isEmpty();
      }
    }
  }

  @Test
  void leavesUnwovenClassesOfAnyVersionAlone() {
    for (int version : new int[] {Opcodes.V1_1, Opcodes.V1_4, Opcodes.V1_6, Opcodes.V17, 99}) {
      WeaveResult result = WEAVER.weave(classFile(version, false));
      assertThat(result.diagnostics()).isEmpty();
      assertThat(result.bytes()).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {Opcodes.V1_2, Opcodes.V1_5, Opcodes.V1_6})
  void refusesAnAwaitInAClassFileWithoutStackMaps(int version) {
    assertThat(messages(classFile(version, true)))
        .containsExactly(
            "Made.java:7: error: [WEFT031] await in a class file of version "
                + version
                + ", which has no stack maps: compile it for Java 8 or later");
  }

  @Test
  void refusesAnAwaitInAClassFileOfTheFuture() {
    assertThat(messages(classFile(99, true))).singleElement().asString().contains("version 99");
  }

  @Test
  void saysThatGarbageIsNotAClass() {
    assertThat(messages(new byte[0])).hasSize(1);
    assertThat(messages(new byte[] {1, 2, 3, 4})).hasSize(1);
    assertThat(messages("not a class at all, only text".getBytes())).hasSize(1);
  }

  @Test
  void survivesTruncationAtEveryByte() {
    byte[] whole = classFile(Opcodes.V17, true);
    for (int length = 0; length < whole.length; length++) {
      WeaveResult result = WEAVER.weave(Arrays.copyOf(whole, length));
      assertThat(result.bytes()).isNull();
      assertThat(result.diagnostics()).as("the first %s bytes", length).hasSizeLessThanOrEqualTo(1);
    }
  }

  @Test
  void survivesDamagedBytes() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    byte[] whole = classFile(Opcodes.V17, true);
    for (int i = 0; i < 2000; i++) {
      byte[] damaged = whole.clone();
      for (int j = 0; j <= random.nextInt(3); j++) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      assertThat(WEAVER.weave(damaged)).as("seed %s round %s", seed, i).isNotNull();
    }
  }

  private static List<String> messages(byte[] bytes) {
    WeaveResult result = WEAVER.weave(bytes);
    assertThat(result.bytes()).isNull();
    assertThat(result.frames()).isEmpty();
    return result.diagnostics().stream().map(Object::toString).toList();
  }

  /** A class with one method that returns a future, and maybe awaits one on line 7. */
  private static byte[] classFile(int version, boolean awaits) {
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    writer.visit(
        version,
        Opcodes.ACC_PUBLIC | Opcodes.ACC_SUPER,
        "shapes/Made",
        null,
        "java/lang/Object",
        null);
    writer.visitSource("Made.java", null);
    String future = "Ljava/util/concurrent/CompletableFuture;";
    MethodVisitor method =
        writer.visitMethod(
            Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC,
            "run",
            "(" + future + ")" + future,
            null,
            null);
    method.visitCode();
    org.objectweb.asm.Label start = new org.objectweb.asm.Label();
    method.visitLabel(start);
    method.visitLineNumber(7, start);
    if (awaits) {
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
}
