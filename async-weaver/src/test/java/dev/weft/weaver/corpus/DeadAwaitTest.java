package dev.weft.weaver.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.Engine;
import dev.weft.weaver.FrameMode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * A method whose only await can never be reached, as Eclipse's compiler leaves them, is an async
 * method all the same: what it throws ends in its future.
 */
class DeadAwaitTest {
  private static final Shape SHAPE =
      new Shape(
          "Dead",
          """
          package shapes;
          import static dev.weft.Async.await;
          import dev.weft.weaver.corpus.Source;
          import java.util.concurrent.CompletableFuture;
          class Dead {
            static CompletableFuture<String> run(Source s) {
              CompletableFuture<String> failed = dead(s, 2);
              String text = await(dead(s, 1));
              try {
                return s.of(text + await(failed));
              } catch (IllegalStateException e) {
                return s.of(text + e.getMessage());
              }
            }
            static CompletableFuture<String> dead(Source s, int n) {
              if (n > 1) {
                throw new IllegalStateException(" thrown");
              }
              return s.of("returned");
            }
          }
          """);

  @ParameterizedTest
  @CsvSource({
    "CLASS_FILES, AUTO",
    "HIDDEN_CLASSES, AUTO",
    "CLASS_FILES, DIRECT",
    "HIDDEN_CLASSES, DIRECT"
  })
  void isLeftOut(FrameMode mode, Engine engine) {
    Map<String, byte[]> classes = new TreeMap<>();
    Objects.requireNonNull(InMemoryCompiler.newest().compile(List.of(SHAPE)).get(SHAPE))
        .forEach((name, bytes) -> classes.put(name, withDeadAwait(bytes)));

    WovenShape woven = new WovenShape(SHAPE, classes, mode, engine);

    assertThat(woven.diagnostics()).isEmpty();
    assertThat(woven.complaints()).isEmpty();
    for (Readiness readiness : Readiness.values()) {
      assertThat(woven.run(readiness, 0).outcome())
          .as(woven::dump)
          .isEqualTo(" -> returned thrown");
    }
  }

  /** Appends an await to the method {@code dead}, where nothing leads. */
  private static byte[] withDeadAwait(byte[] classFile) {
    ClassWriter writer = new ClassWriter(0);
    new ClassReader(classFile)
        .accept(
            new ClassVisitor(Opcodes.ASM9, writer) {
              @Override
              public MethodVisitor visitMethod(
                  int access, String name, String desc, String signature, String[] exceptions) {
                MethodVisitor method = super.visitMethod(access, name, desc, signature, exceptions);
                return name.equals("dead") ? new Appended(method) : method;
              }
            },
            ClassReader.EXPAND_FRAMES);
    return writer.toByteArray();
  }

  private static final class Appended extends MethodVisitor {
    Appended(MethodVisitor method) {
      super(Opcodes.ASM9, method);
    }

    @Override
    public void visitMaxs(int stack, int locals) {
      String future = "java/util/concurrent/CompletableFuture";
      visitFrame(Opcodes.F_NEW, 0, new Object[0], 1, new Object[] {future});
      visitMethodInsn(
          Opcodes.INVOKESTATIC,
          "dev/weft/Async",
          "await",
          "(Ljava/util/concurrent/CompletionStage;)Ljava/lang/Object;",
          false);
      visitTypeInsn(Opcodes.CHECKCAST, future);
      visitInsn(Opcodes.ARETURN);
      super.visitMaxs(stack, locals);
    }
  }
}
