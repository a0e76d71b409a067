package dev.weft.weaver.generated;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** A weaver that compiles wrongly is found out, and the program that shows it is a short one. */
public class PlantedFaultsTest {
  private static final int PROGRAMS = 8;

  @TempDir Path folder;

  /** Stands behind each await in woven code. */
  public static @Nullable Object altered(@Nullable Object result) {
    return result instanceof Integer number ? number + 1 : result;
  }

  @Test
  void findsALocalThatIsNotSaved() throws Exception {
    assertFound(method -> new LosingInts(method), true);
  }

  @Test
  void findsAnAwaitWithTheWrongResult() throws Exception {
    assertFound(method -> new AlteringResults(method), false);
  }

  private void assertFound(UnaryOperator<MethodVisitor> fault, boolean inFrames) throws Exception {
    Campaign campaign =
        new Campaign(ProgramCompiler.Kind.JAVAC, 17, folder, line -> {})
            .tamperingWith(classes -> changed(classes, fault, inFrames))
            .shrinkingFor(120)
            .shrinkingAtMost(1);

    List<String> failures = campaign.run(1, PROGRAMS);

    assertThat(failures).isNotEmpty();
    String first = failures.get(0);
    assertThat(first).startsWith("// DIFFERENT with ").contains("generated --seed ");
    assertThat(first.lines().count()).as(first).isLessThan(linesOfFirstFailing(first));
    assertThat(folder).isNotEmptyDirectory();
  }

  /** How long the program was before it was made small. */
  private static long linesOfFirstFailing(String failure) {
    Matcher seed = Pattern.compile("--seed (\\d+)").matcher(failure);
    assertThat(seed.find()).isTrue();
    Program original = ProgramGenerator.generate(Long.parseLong(seed.group(1)), 17);
    return original.source("Original").lines().count();
  }

  private static Map<String, byte[]> changed(
      Map<String, byte[]> classes, UnaryOperator<MethodVisitor> fault, boolean inFrames) {
    Map<String, byte[]> changed = new HashMap<>(classes);
    changed.replaceAll(
        (name, bytes) -> name.contains("$weft$") == inFrames ? change(bytes, fault) : bytes);
    return changed;
  }

  private static byte[] change(byte[] classFile, UnaryOperator<MethodVisitor> fault) {
    ClassReader reader = new ClassReader(classFile);
    ClassWriter writer = new ClassWriter(reader, ClassWriter.COMPUTE_MAXS);
    reader.accept(
        new ClassVisitor(Opcodes.ASM9, writer) {
          @Override
          public MethodVisitor visitMethod(
              int access, String name, String descriptor, String signature, String[] exceptions) {
            return fault.apply(super.visitMethod(access, name, descriptor, signature, exceptions));
          }
        },
        0);
    return writer.toByteArray();
  }

  /** Drops what is written to a frame's fields of type int. */
  private static final class LosingInts extends MethodVisitor {
    LosingInts(MethodVisitor method) {
      super(Opcodes.ASM9, method);
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
      if (opcode == Opcodes.PUTFIELD && descriptor.equals("I") && !name.equals("state")) {
        super.visitInsn(Opcodes.POP2);
      } else {
        super.visitFieldInsn(opcode, owner, name, descriptor);
      }
    }
  }

  /** Adds one to what an await results in. */
  private static final class AlteringResults extends MethodVisitor {
    AlteringResults(MethodVisitor method) {
      super(Opcodes.ASM9, method);
    }

    @Override
    public void visitMethodInsn(
        int opcode, String owner, String name, String descriptor, boolean isInterface) {
      super.visitMethodInsn(opcode, owner, name, descriptor, isInterface);
      if (owner.equals("dev/weft/frame/Await") && name.equals("take")) {
        super.visitMethodInsn(
            Opcodes.INVOKESTATIC,
            Type.getInternalName(PlantedFaultsTest.class),
            "altered",
            "(Ljava/lang/Object;)Ljava/lang/Object;",
            false);
      }
    }
  }
}
