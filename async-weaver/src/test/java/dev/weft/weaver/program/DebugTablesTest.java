package dev.weft.weaver.program;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.Engine;
import dev.weft.weaver.WeaverOptions;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.LineNumberNode;
import org.objectweb.asm.tree.LocalVariableNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** What a debugger reads from a woven class file: lines, names of locals, what is generated. */
class DebugTablesTest {
  @TempDir private Path folder;
  private ClassNode woven = new ClassNode();

  private void weave(Engine engine) {
    WovenProgram program =
        new WovenProgram(Debugged.class, folder, WeaverOptions.DEFAULT.withEngine(engine));
    woven = new ClassNode();
    new ClassReader(program.wovenMain()).accept(woven, 0);
  }

  @ParameterizedTest
  @EnumSource
  void theSourceFileIsNamed(Engine engine) {
    weave(engine);
    assertThat(woven.sourceFile).isEqualTo("Debugged.java");
  }

  @Test
  void eaKeepsLinesAndNamesInBothMethods() {
    weave(Engine.EA);
    MethodNode method = only("receipt");
    assertThat(linesOf(method)).containsAll(linesFrom("// before the await", "// in the loop"));
    assertThat(namesIn(method)).contains("item", "count", "price", "text", "i");
    assertThat(method.access & Opcodes.ACC_SYNTHETIC).isZero();
    MethodNode continuation = only("lambda$async$receipt");
    assertThat(linesOf(continuation)).containsAll(linesFrom("// the await", "// in the loop"));
    assertThat(namesIn(continuation)).contains("item", "count", "price", "text", "i");
  }

  @Test
  void directKeepsLinesInTheBodyAloneSoThatABreakpointIsMetOnce() {
    weave(Engine.DIRECT);
    MethodNode stub = only("receipt");
    assertThat(linesOf(stub)).isEmpty();
    assertThat(namesIn(stub)).containsExactlyInAnyOrder("item", "count");
    assertThat(stub.access & Opcodes.ACC_SYNTHETIC).isZero();
    MethodNode body = only("lambda$async$receipt");
    assertThat(linesOf(body)).containsAll(linesFrom("// before the await", "// in the loop"));
    assertThat(namesIn(body)).contains("item", "count", "price", "text", "i");
  }

  @Test
  void coldCodeHasNoLine() {
    weave(Engine.DIRECT);
    boolean suspends = false;
    for (AbstractInsnNode insn : only("lambda$async$receipt").instructions) {
      if (insn instanceof LineNumberNode) {
        break;
      }
      suspends |= insn instanceof MethodInsnNode call && call.name.equals("suspend");
    }
    assertThat(suspends).as("the frame is parked before the first line").isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void whatIsGeneratedIsSynthetic(Engine engine) {
    weave(engine);
    Set<String> own = Set.of("<init>", "main", "receipt");
    assertThat(woven.methods)
        .filteredOn(method -> !own.contains(method.name))
        .isNotEmpty()
        .allMatch(method -> (method.access & Opcodes.ACC_SYNTHETIC) != 0);
    assertThat(woven.fields).allMatch(field -> (field.access & Opcodes.ACC_SYNTHETIC) != 0);
  }

  private MethodNode only(String name) {
    List<MethodNode> found =
        woven.methods.stream().filter(method -> method.name.equals(name)).toList();
    assertThat(found).as("methods %s", name).hasSize(1);
    return found.get(0);
  }

  private static Set<Integer> linesOf(MethodNode method) {
    return StreamSupport.stream(method.instructions.spliterator(), false)
        .filter(LineNumberNode.class::isInstance)
        .map(line -> ((LineNumberNode) line).line)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static List<Integer> linesFrom(String first, String last) {
    SourceLines lines = SourceLines.of(Debugged.class);
    return java.util.stream.IntStream.rangeClosed(lines.lineOf(first), lines.lineOf(last))
        .boxed()
        .toList();
  }

  private static Set<String> namesIn(MethodNode method) {
    return method.localVariables.stream()
        .map((LocalVariableNode variable) -> variable.name)
        .collect(Collectors.toSet());
  }
}
