package dev.weft.weaver.corpus;

import static dev.weft.weaver.DiagnosticCode.DAMAGED;
import static dev.weft.weaver.DiagnosticCode.INACCESSIBLE_TYPE;
import static dev.weft.weaver.DiagnosticCode.INVALID_BEFORE;
import static dev.weft.weaver.DiagnosticCode.NEW_CLASS_FILE;
import static dev.weft.weaver.DiagnosticCode.OLD_CLASS_FILE;
import static dev.weft.weaver.DiagnosticCode.UNREACHABLE;
import static dev.weft.weaver.DiagnosticCode.UNSPLITTABLE;
import static dev.weft.weaver.DiagnosticCode.VERIFICATION;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.ClassSource;
import dev.weft.weaver.Diagnostic;
import dev.weft.weaver.DiagnosticCode;
import dev.weft.weaver.Engine;
import dev.weft.weaver.FrameMode;
import dev.weft.weaver.Severity;
import dev.weft.weaver.WeaveResult;
import dev.weft.weaver.Weaver;
import dev.weft.weaver.WeaverOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.FrameNode;
import org.objectweb.asm.tree.InsnList;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;
import org.objectweb.asm.tree.TypeInsnNode;
import org.objectweb.asm.tree.VarInsnNode;

/**
 * Every code has a page, and what a page shows as an example is answered with its code. Where no
 * Java source leads to a code, the page says what has to happen to the class, and that happens
 * here.
 */
class DiagnosticPagesTest {
  private static final Path PAGES = Path.of("docs", "diagnostics");
  private static final Pattern CLASS = Pattern.compile("(?:class|interface) (\\w+)");
  private static final Pattern PACKAGE = Pattern.compile("package (\\w+);");
  private static final Pattern REPEATED = Pattern.compile("(.*) // times (\\d+)");

  /** What a Java compiler does not do to a class, and other tools and disks do. */
  private static final Map<DiagnosticCode, UnaryOperator<byte[]>> MISHAPS =
      Map.of(
          DAMAGED, bytes -> Arrays.copyOf(bytes, bytes.length / 2),
          OLD_CLASS_FILE, bytes -> withVersion(bytes, Opcodes.V1_6),
          NEW_CLASS_FILE, bytes -> withVersion(bytes, 99),
          UNREACHABLE, bytes -> edited(bytes, DiagnosticPagesTest::awaitBehindTheEnd),
          INVALID_BEFORE, bytes -> edited(bytes, DiagnosticPagesTest::declareStrings),
          UNSPLITTABLE, bytes -> edited(bytes, DiagnosticPagesTest::popFirst));

  private static final Map<String, String> ANOTHER_CAT = Map.of("Cat", "class Cat {}");

  private static String page(DiagnosticCode code) throws IOException {
    return Files.readString(PAGES.resolve(code + ".md"));
  }

  @Test
  void everyCodeHasAPageAndEveryPageACode() throws IOException {
    List<String> expected = new ArrayList<>(List.of("README.md"));
    for (DiagnosticCode code : DiagnosticCode.values()) {
      expected.add(code + ".md");
    }
    try (Stream<Path> pages = Files.list(PAGES)) {
      assertThat(pages.map(page -> page.getFileName().toString()))
          .containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPageSaysWhatItIsAndWhatToDo(DiagnosticCode code) throws IOException {
    List<String> lines = page(code).lines().toList();

    assertThat(lines.get(0)).startsWith("# " + code + ": ");
    assertThat(lines).containsSubsequence("## Example", "## What to do", "## Severity");
    assertThat(page(code))
        .contains(code.severity() == Severity.ERROR ? "Always an error" : code + "=off");
    String title = lines.get(0).substring(("# " + code + ": ").length());
    assertThat(Files.readString(PAGES.resolve("README.md")))
        .contains("| [%s](%s.md) | %s | %s |".formatted(code, code, code.severity(), title));
  }

  /** Without {@link DiagnosticCode#UNREADABLE}, for which a disk would have to fail. */
  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "UNREADABLE")
  void theExampleOfAPageIsAnsweredWithItsCode(DiagnosticCode code) throws IOException {
    Map<String, byte[]> classes = InMemoryCompiler.newest().compile(sources(page(code)));

    List<Diagnostic> diagnostics = weave(code, classes);

    assertThat(diagnostics).extracting(Diagnostic::code).containsOnly(code);
    assertThat(diagnostics).extracting(Diagnostic::severity).containsOnly(code.severity());
  }

  private static List<Diagnostic> weave(DiagnosticCode code, Map<String, byte[]> compiled) {
    Map<String, byte[]> classes = new TreeMap<>(compiled);
    classes.replaceAll((name, bytes) -> MISHAPS.getOrDefault(code, same -> same).apply(bytes));
    Weaver weaver =
        new Weaver(
            code == VERIFICATION ? firstWithAnotherCat(sourceOf(classes)) : sourceOf(classes),
            code == INACCESSIBLE_TYPE ? FrameMode.HIDDEN_CLASSES : FrameMode.CLASS_FILES,
            WeaverOptions.DEFAULT.withEngine(Engine.EA));
    return classes.values().stream()
        .map(weaver::weave)
        .map(WeaveResult::diagnostics)
        .flatMap(List::stream)
        .toList();
  }

  private static ClassSource sourceOf(Map<String, byte[]> classes) {
    return ClassSource.of(new ShapeLoader(ShapeRun.class.getClassLoader(), classes));
  }

  private static ClassSource firstWithAnotherCat(ClassSource later) {
    ClassSource first = sourceOf(InMemoryCompiler.newest().compile(ANOTHER_CAT));
    Set<String> asked = new HashSet<>();
    return name -> (name.equals("Cat") && asked.add(name) ? first : later).read(name);
  }

  /** What is on the class path is not what it was compiled with, however often one looks. */
  @Test
  void aClassPathThatDoesNotFitTheClassIsNotTheWeavers() throws IOException {
    Map<String, byte[]> classes =
        new TreeMap<>(InMemoryCompiler.newest().compile(sources(page(VERIFICATION))));
    classes.putAll(InMemoryCompiler.newest().compile(ANOTHER_CAT));

    for (Engine engine : Engine.values()) {
      Weaver weaver =
          new Weaver(
              sourceOf(classes), FrameMode.CLASS_FILES, WeaverOptions.DEFAULT.withEngine(engine));
      assertThat(weaver.weave(Objects.requireNonNull(classes.get("Zoo"))).diagnostics())
          .singleElement()
          .satisfies(
              diagnostic -> {
                assertThat(diagnostic.code()).isEqualTo(INVALID_BEFORE);
                assertThat(diagnostic.line()).isEqualTo(9);
                assertThat(diagnostic.message())
                    .startsWith("the async method run was invalid before weaving: ")
                    .contains("Cat", "where the stack map says", "Animal");
              });
    }
  }

  /** A private method that returns a plain value has another descriptor once it is woven. */
  @ParameterizedTest
  @EnumSource
  void aHelperThatWasInvalidIsNotTheWeavers(Engine engine) {
    String source =
        """
        import static dev.weft.Async.await;
        import java.util.concurrent.CompletableFuture;
        class Till {
          private static int run(CompletableFuture<?> paid, Object first) {
            for (int i = 0; i < 2; i++) {
              await(paid);
            }
            return first.hashCode();
          }
          static CompletableFuture<Integer> pay(CompletableFuture<?> paid, Object first) {
            return CompletableFuture.completedFuture(run(paid, first));
          }
        }
        """;
    Map<String, byte[]> classes =
        new TreeMap<>(InMemoryCompiler.newest().compile(Map.of("Till", source)));
    classes.replaceAll((name, bytes) -> edited(bytes, DiagnosticPagesTest::returnTheParameter));
    Weaver weaver =
        new Weaver(
            sourceOf(classes), FrameMode.CLASS_FILES, WeaverOptions.DEFAULT.withEngine(engine));

    assertThat(weaver.weave(Objects.requireNonNull(classes.get("Till"))).diagnostics())
        .singleElement()
        .satisfies(
            diagnostic -> {
              assertThat(diagnostic.code()).isEqualTo(INVALID_BEFORE);
              assertThat(diagnostic.line()).isEqualTo(8);
              assertThat(diagnostic.message())
                  .startsWith("the async method run was invalid before weaving: ");
            });
  }

  /** The Java sources of a page's example, by the names of their classes. */
  private static Map<String, String> sources(String page) {
    int start = page.indexOf("## Example");
    String example = page.substring(start, page.indexOf("## What to do"));
    Map<String, String> sources = new TreeMap<>();
    Matcher block = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL).matcher(example);
    while (block.find()) {
      String source =
          block
              .group(1)
              .lines()
              .map(DiagnosticPagesTest::repeated)
              .collect(Collectors.joining("\n"));
      Matcher type = CLASS.matcher(source);
      assertThat(type.find()).as(source).isTrue();
      Matcher folder = PACKAGE.matcher(source);
      sources.put((folder.find() ? folder.group(1) + "." : "") + type.group(1), source);
    }
    return sources;
  }

  private static String repeated(String line) {
    Matcher repeated = REPEATED.matcher(line);
    return repeated.matches()
        ? IntStream.rangeClosed(1, Integer.parseInt(repeated.group(2)))
            .mapToObj(i -> repeated.group(1).replace("#", Integer.toString(i)))
            .collect(Collectors.joining("\n"))
        : line;
  }

  // ---- mishaps

  private static byte[] withVersion(byte[] classFile, int version) {
    byte[] bytes = classFile.clone();
    bytes[7] = (byte) version;
    return bytes;
  }

  private interface Edit {
    void of(MethodNode run, @Nullable AbstractInsnNode await);
  }

  private static byte[] edited(byte[] classFile, Edit edit) {
    ClassNode owner = new ClassNode();
    new ClassReader(classFile).accept(owner, ClassReader.EXPAND_FRAMES);
    for (MethodNode method : owner.methods) {
      if (method.name.equals("run")) {
        @Nullable AbstractInsnNode await = null;
        for (AbstractInsnNode insn : method.instructions) {
          await = insn instanceof MethodInsnNode call && call.name.equals("await") ? insn : await;
        }
        edit.of(method, await);
      }
    }
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    owner.accept(writer);
    return writer.toByteArray();
  }

  private static void awaitBehindTheEnd(MethodNode run, @Nullable AbstractInsnNode none) {
    String future = "java/util/concurrent/CompletableFuture";
    InsnList dead = new InsnList();
    dead.add(new FrameNode(Opcodes.F_NEW, 1, new Object[] {future}, 0, new Object[0]));
    dead.add(new VarInsnNode(Opcodes.ALOAD, 0));
    dead.add(
        new MethodInsnNode(
            Opcodes.INVOKESTATIC,
            "dev/weft/Async",
            "await",
            "(Ljava/util/concurrent/CompletionStage;)Ljava/lang/Object;",
            false));
    dead.add(new InsnNode(Opcodes.POP));
    dead.add(new VarInsnNode(Opcodes.ALOAD, 0));
    dead.add(new InsnNode(Opcodes.ARETURN));
    run.instructions.add(dead);
  }

  private static void popFirst(MethodNode run, @Nullable AbstractInsnNode await) {
    run.instructions.insert(new InsnNode(Opcodes.POP));
  }

  private static void declareStrings(MethodNode run, @Nullable AbstractInsnNode await) {
    for (AbstractInsnNode insn : run.instructions) {
      if (insn instanceof FrameNode frame) {
        frame.local.replaceAll(
            entry -> entry.equals("java/lang/Object") ? "java/lang/String" : entry);
      }
    }
  }

  /** Where a number is to be returned, after an await. */
  private static void returnTheParameter(MethodNode run, @Nullable AbstractInsnNode await) {
    for (AbstractInsnNode insn : run.instructions.toArray()) {
      if (insn instanceof MethodInsnNode call && call.name.equals("hashCode")) {
        run.instructions.remove(insn);
      }
    }
  }

  private static void keepHalfMadeObject(MethodNode run, @Nullable AbstractInsnNode await) {
    AbstractInsnNode made = Objects.requireNonNull(await);
    while (!(made instanceof TypeInsnNode && made.getOpcode() == Opcodes.NEW)) {
      made = made.getPrevious();
    }
    InsnList keep = new InsnList();
    keep.add(new InsnNode(Opcodes.DUP));
    keep.add(new VarInsnNode(Opcodes.ASTORE, run.maxLocals));
    run.instructions.insert(made, keep);
  }
}
