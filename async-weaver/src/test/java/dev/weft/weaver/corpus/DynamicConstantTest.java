package dev.weft.weaver.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.Engine;
import dev.weft.weaver.FrameMode;
import java.lang.invoke.ConstantBootstraps;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** Loads of dynamic constants, which some compilers emit and javac does not, survive weaving. */
class DynamicConstantTest {
  private static final Shape SHAPE =
      new Shape(
          "Constants",
          """
          package shapes;
          import static dev.weft.Async.await;
          import dev.weft.weaver.corpus.Source;
          class Constants {
            static java.util.concurrent.CompletableFuture<String> run(Source s) {
              String text = "dynamic";
              long number = 77777L + await(s.of(1L));
              return s.of(text + number + await(s.of("dynamic")));
            }
          }
          """);

  private static final Map<Object, ConstantDynamic> DYNAMIC =
      Map.of(
          "dynamic",
          constant("Ljava/lang/String;", String.class, "valueOf", "(I)Ljava/lang/String;", 5),
          77777L,
          constant("J", Long.class, "parseLong", "(Ljava/lang/String;)J", "42"));

  @ParameterizedTest
  @CsvSource({
    "CLASS_FILES, EA",
    "HIDDEN_CLASSES, EA",
    "CLASS_FILES, DIRECT",
    "HIDDEN_CLASSES, DIRECT"
  })
  void loadsOfDynamicConstantsWork(FrameMode mode, Engine engine) {
    Map<String, byte[]> classes = new TreeMap<>();
    Objects.requireNonNull(InMemoryCompiler.newest().compile(List.of(SHAPE)).get(SHAPE))
        .forEach((name, bytes) -> classes.put(name, withDynamicConstants(bytes)));

    WovenShape woven = new WovenShape(SHAPE, classes, mode, engine);

    assertThat(woven.diagnostics()).isEmpty();
    assertThat(woven.complaints()).isEmpty();
    for (Readiness readiness : Readiness.values()) {
      assertThat(woven.run(readiness, 0).outcome()).as(woven::dump).isEqualTo(" -> 5435");
    }
  }

  private static byte[] withDynamicConstants(byte[] classFile) {
    ClassWriter writer = new ClassWriter(0);
    new ClassReader(classFile)
        .accept(
            new ClassVisitor(Opcodes.ASM9, writer) {
              @Override
              public MethodVisitor visitMethod(
                  int access, String name, String desc, String signature, String[] exceptions) {
                return new MethodVisitor(
                    Opcodes.ASM9, super.visitMethod(access, name, desc, signature, exceptions)) {
                  @Override
                  public void visitLdcInsn(Object value) {
                    super.visitLdcInsn(DYNAMIC.containsKey(value) ? DYNAMIC.get(value) : value);
                  }
                };
              }
            },
            0);
    return writer.toByteArray();
  }

  /** The result of a static method. */
  private static ConstantDynamic constant(
      String type, Class<?> owner, String method, String descriptor, Object argument) {
    Handle called =
        new Handle(Opcodes.H_INVOKESTATIC, Type.getInternalName(owner), method, descriptor, false);
    Handle bootstrap =
        new Handle(
            Opcodes.H_INVOKESTATIC,
            Type.getInternalName(ConstantBootstraps.class),
            "invoke",
            "(Ljava/lang/invoke/MethodHandles$Lookup;Ljava/lang/String;Ljava/lang/Class;"
                + "Ljava/lang/invoke/MethodHandle;[Ljava/lang/Object;)Ljava/lang/Object;",
            false);
    return new ConstantDynamic("constant", type, bootstrap, called, argument);
  }
}
