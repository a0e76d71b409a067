package dev.weft.weaver.corpus;

import static dev.weft.weaver.corpus.CallsProgram.CALLS;
import static dev.weft.weaver.corpus.CallsProgram.call;
import static dev.weft.weaver.corpus.CallsProgram.compile;
import static dev.weft.weaver.corpus.CallsProgram.entry;
import static dev.weft.weaver.corpus.CallsProgram.load;
import static dev.weft.weaver.corpus.CallsProgram.loadTogether;
import static dev.weft.weaver.corpus.CallsProgram.result;
import static dev.weft.weaver.corpus.CallsProgram.source;
import static dev.weft.weaver.corpus.CallsProgram.weaveTogether;
import static dev.weft.weaver.corpus.CallsProgram.weaver;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.ClassSource;
import dev.weft.weaver.Diagnostic;
import dev.weft.weaver.Engine;
import dev.weft.weaver.FrameMode;
import dev.weft.weaver.MethodReport;
import dev.weft.weaver.WeaveResult;
import dev.weft.weaver.Weaver;
import dev.weft.weaver.WeaverOptions;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.commons.ClassRemapper;
import org.objectweb.asm.commons.Remapper;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.InsnNode;
import org.objectweb.asm.tree.MethodInsnNode;
import org.objectweb.asm.tree.MethodNode;

/** Where a call by a second entry would be wrong, or too much: it is then one as ever. */
class BareLimitsTest {
  private static MethodReport.Calls calls(WeaveResult result, String method) {
    return result.methods().stream()
        .filter(each -> each.name().equals(method))
        .findFirst()
        .orElseThrow()
        .calls();
  }

  private static boolean callsEntry(String methods) {
    return !calls(result(methods, Engine.AUTO), "caller").lines().isEmpty();
  }

  // ---- what may be called

  /** Within a nest each class can reach the private methods of the others. */
  @Test
  void aMethodThatIsHiddenIsNotCalledInThePlaceOfTheOneThatHidesIt() throws Exception {
    String methods =
        """
          static CompletableFuture<Integer> number(int n) {
            return CompletableFuture.completedFuture(n);
          }
          static class Base {
            private static Task<Integer> of(int a) { return Async.done(await(number(10)) + a); }
            private Task<Integer> at(int a) { return Async.done(await(number(20)) + a); }
            static Task<Integer> own() {
              return Async.done(await(of(0)) + await(new Base().at(0)));
            }
          }
          static class Made extends Base {
            private static Task<Integer> of(int a) { return Async.done(await(number(30)) + a); }
            private Task<Integer> at(int a) { return Async.done(await(number(40)) + a); }
          }
          static Task<Integer> caller(Source s, int a) {
            return Async.done(100 * await(Made.of(a)) + await(new Made().at(a)));
          }
        """;
    assertThat(callsEntry(methods)).isTrue();

    Class<?> type = load(methods, Engine.AUTO);

    ClassLoader loader = type.getClassLoader();
    assertThat(entry(loader.loadClass("shapes.Calls$Base"), "of")).isNotNull();
    assertThat(entry(loader.loadClass("shapes.Calls$Base"), "at")).isNotNull();
    assertThat(entry(loader.loadClass("shapes.Calls$Made"), "of")).isNull();
    assertThat(call(type, "caller", 1).join()).isEqualTo(100 * 31 + 41);
  }

  /** Only obfuscators make such methods. */
  @Test
  void methodsThatDifferByWhatTheyReturnAloneHaveNone() throws Exception {
    String methods =
        """
          static Task<Integer> callee(Source s, int a) {
            return Async.done(await(CompletableFuture.completedFuture(a)));
          }
          static CompletableFuture<Integer> other(Source s, int a) {
            return Async.done(await(CompletableFuture.completedFuture(2 * a)));
          }
          static Task<Integer> caller(Source s, int a) {
            return Async.done(10 * await(callee(s, a)) + await(other(s, a)));
          }
        """;
    Map<String, byte[]> compiled = new TreeMap<>(compile(methods));
    ClassNode node = read(compiled, CALLS);
    for (MethodNode method : node.methods) {
      method.name = method.name.equals("other") ? "callee" : method.name;
      for (AbstractInsnNode insn : method.instructions) {
        if (insn instanceof MethodInsnNode call && call.name.equals("other")) {
          call.name = "callee";
        }
      }
    }
    write(node, compiled);

    Class<?> type = load(compiled, weaver(source(compiled), Engine.AUTO, false));

    assertThat(entry(type, "callee")).isNull();
    assertThat(call(type, "caller", 2).join()).isEqualTo(24);
  }

  private static ClassNode read(Map<String, byte[]> classes, String name) {
    ClassNode node = new ClassNode();
    new ClassReader(Objects.requireNonNull(classes.get(name))).accept(node, 0);
    return node;
  }

  private static void write(ClassNode node, Map<String, byte[]> to) {
    ClassWriter writer = new ClassWriter(0);
    node.accept(writer);
    to.put(node.name.replace('/', '.'), writer.toByteArray());
  }

  // ---- classes that nothing extends

  private static String nested(String flags, String more) {
    return flags
        + """
           class Nested {
            Task<Integer> callee(Source s, int a) { return Async.done(await(s.of(1)) + a); }
            Task<Integer> caller(Source s) { return Async.done(await(callee(s, 2))); }
          }
        """
        + more;
  }

  private static boolean nestedHasEntry(Map<String, byte[]> compiled) {
    WeaveResult result =
        result(compiled, CALLS + "$Nested", weaver(source(compiled), Engine.AUTO, false));
    return calls(result, "callee").hasEntry();
  }

  @Test
  void aPrivateNestedClassThatNothingExtendsIsAsGoodAsFinal() throws Exception {
    assertThat(nestedHasEntry(compile(nested("private static", "")))).isTrue();
    assertThat(nestedHasEntry(compile(nested("private", "")))).as("an inner class").isTrue();
    assertThat(nestedHasEntry(compile(nested("static", "")))).as("one of the package").isFalse();
  }

  @Test
  void oneThatSomethingExtendsIsNot() {
    String named = nested("private static", "static class Heir extends Nested {}");
    String anonymous = nested("private static", "static final Object HEIR = new Nested() {};");

    assertThat(nestedHasEntry(compile(named))).isFalse();
    assertThat(nestedHasEntry(compile(anonymous))).isFalse();
  }

  @Test
  void oneWhoseNestIsNotAllThereIsNot() {
    Map<String, byte[]> compiled =
        new TreeMap<>(compile(nested("private static", "static class Absent {}")));
    assertThat(nestedHasEntry(compiled)).isTrue();

    compiled.remove(CALLS + "$Absent");

    assertThat(nestedHasEntry(compiled)).isFalse();
  }

  @Test
  void anAnonymousClassIsAsGoodAsFinal() {
    String methods =
        """
          interface Face { Task<Integer> caller(Source s); }
          static final Face FACE = new Face() {
            Task<Integer> callee(Source s, int a) { return Async.done(await(s.of(1)) + a); }
            public Task<Integer> caller(Source s) { return Async.done(await(callee(s, 2))); }
          };
        """;
    Map<String, byte[]> compiled = compile(methods);

    WeaveResult result =
        result(compiled, CALLS + "$1", weaver(source(compiled), Engine.AUTO, false));

    assertThat(calls(result, "callee").hasEntry()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(
      value = Engine.class,
      names = {"EA", "DIRECT"})
  void classesOfANestAwaitEachOthersMethods(Engine engine) throws Exception {
    String methods =
        """
          private static class Nested {
            private final int base;
            Nested(int base) { this.base = base; }
            private Task<Integer> secret(int a) {
              if (a > 1) {
                await(Async.yieldNow());
              }
              if (a > 2) {
                throw new IllegalArgumentException("a");
              }
              return Async.done(await(CompletableFuture.completedFuture(a)) + base);
            }
            Task<Integer> open(int a) { return Async.done(10 * await(hidden(this, a))); }
          }
          private static CompletableFuture<Integer> hidden(Nested nested, int a) {
            return Async.done(100 * await(nested.secret(a)));
          }
          interface Face { Task<Integer> of(int a); }
          static Task<Integer> caller(Source s, int a) {
            Face face = new Face() {
              public Task<Integer> of(int b) {
                return Async.done(await(new Nested(3).open(b)) + await(hidden(new Nested(4), b)));
              }
            };
            try {
              return Async.done(await(face.of(a)));
            } catch (IllegalArgumentException e) {
              return Async.done(-1);
            }
          }
        """;

    Class<?> type = loadTogether(methods, engine);

    Class<?> nested = type.getClassLoader().loadClass("shapes.Calls$Nested");
    assertThat(entry(nested, "secret")).isNotNull();
    assertThat(entry(nested, "open")).isNotNull();
    assertThat(entry(type, "hidden")).isNotNull();
    assertThat(call(type, "caller", 1).get(60, TimeUnit.SECONDS)).isEqualTo(4000 + 500);
    assertThat(call(type, "caller", 2).get(60, TimeUnit.SECONDS)).isEqualTo(5000 + 600);
    assertThat(call(type, "caller", 3).get(60, TimeUnit.SECONDS)).isEqualTo(-1);
  }

  // ---- under the agent

  private static boolean hasEntryUnderAgent(String methods) {
    Map<String, byte[]> compiled = compile(methods);
    Weaver weaver = new Weaver(source(compiled), FrameMode.HIDDEN_CLASSES, WeaverOptions.DEFAULT);
    return calls(result(compiled, CALLS, weaver), "callee").hasEntry();
  }

  @Test
  void thereAPrivateMethodHasOneIfItsClassHasANest() {
    String callee =
        "private static Task<Integer> callee(Source s) { return Async.done(await(s.of(1))); }\n";

    assertThat(hasEntryUnderAgent(callee)).isFalse();
    assertThat(hasEntryUnderAgent(callee + "static class Nested {}")).isTrue();
    assertThat(hasEntryUnderAgent(callee.replace("private ", ""))).isTrue();
  }

  // ---- what a linked call cannot do

  /** A hundred and more parameters that take two words each. */
  private static String wide(int parameters) {
    return """
          static class Other {
            static Task<Long> callee(%s) {
              return Async.done(await(CompletableFuture.completedFuture(p0)) + p%d);
            }
          }
          static Task<Long> caller(Source s, int a) { return Async.done(await(Other.callee(%s))); }
        """
        .formatted(
            joined(parameters, i -> "long p" + i),
            parameters - 1,
            joined(parameters, i -> i + "L * a"));
  }

  private static String joined(int count, IntFunction<String> each) {
    return IntStream.range(0, count).mapToObj(each).collect(Collectors.joining(", "));
  }

  @Test
  void aCallWithAllTheArgumentsThatThereMayBeIsNotLinked() throws Exception {
    for (int parameters : List.of(123, 124)) {
      Map<String, byte[]> compiled = new TreeMap<>(compile(wide(parameters)));
      assertThat(callsEntry(wide(parameters))).as("%s", parameters).isEqualTo(parameters < 124);

      Class<?> type = load(compiled, weaver(source(compiled), Engine.AUTO, false));

      assertThat(call(type, "caller", 1).get(60, TimeUnit.SECONDS)).isEqualTo(parameters - 1L);
    }
  }

  /** The entry would take one word more than it does itself. */
  @Test
  void aMethodWithAllTheParametersThatThereMayBeIsWoven() throws Exception {
    String methods =
        """
          static Task<Long> callee(%s, int last) {
            return Async.done(await(CompletableFuture.completedFuture(p0)) + p123 + last);
          }
          static Task<Long> caller(Source s, int a) { return Async.done(await(callee(%s, a))); }
        """
            .formatted(joined(124, i -> "long p" + i), joined(124, i -> i + "L"));

    Class<?> type = load(methods, Engine.AUTO);

    assertThat(call(type, "caller", 1).get(60, TimeUnit.SECONDS)).isEqualTo(124L);
  }

  /** A plain call loads no class for its parameters, a linked one does. */
  @Test
  void aCallWhoseParametersCannotBeReadIsNotLinked() {
    String methods =
        """
          interface Gone {}
          static class Other {
            static Task<Integer> callee(Source s, Gone[] gone) {
              return Async.done(await(s.of(1)));
            }
          }
          static Task<Integer> caller(Source s) { return Async.done(await(Other.callee(s, null))); }
        """;
    assertThat(callsEntry(methods)).isTrue();
    Map<String, byte[]> compiled = compile(methods);
    ClassSource all = source(compiled);
    ClassSource without = name -> name.endsWith("$Gone") ? null : all.read(name);

    WeaveResult result = result(compiled, CALLS, weaver(without, Engine.AUTO, false));

    assertThat(result.diagnostics()).isEmpty();
    assertThat(calls(result, "caller").lines()).isEmpty();
  }

  // ---- obfuscators

  /**
   * They rename a method wherever it is named, but for the name of a linked call, and its entry for
   * itself: so another method's entry may come to have the method's new name.
   */
  @Test
  void aMethodThatIsRenamedAfterwardsIsCalledItself() throws Exception {
    String methods =
        """
          static class Other {
            static Task<Integer> callee(int a) {
              return Async.done(await(CompletableFuture.completedFuture(a)));
            }
            static Task<Integer> second(int a) {
              return Async.done(-await(CompletableFuture.completedFuture(a)));
            }
          }
          static Task<Integer> caller(Source s, int a) {
            return Async.done(await(Other.callee(a)) + 10 * await(Other.second(a)));
          }
        """;
    Map<String, String> crossed =
        Map.of("callee", "b", "second", "c", "callee of entry", "c", "second of entry", "b");
    Remapper names =
        new Remapper(Opcodes.ASM9) {
          @Override
          public String mapMethodName(String owner, String name, String descriptor) {
            String entry = descriptor.contains("Bare;)") ? " of entry" : "";
            return crossed.getOrDefault(name + entry, name);
          }
        };
    Map<String, byte[]> renamed = new TreeMap<>();
    weaveTogether(methods, Engine.AUTO)
        .forEach(
            (name, bytes) -> {
              ClassWriter writer = new ClassWriter(0);
              new ClassReader(bytes).accept(new ClassRemapper(writer, names), 0);
              renamed.put(name, writer.toByteArray());
            });

    Class<?> type = load(renamed);

    Class<?> other = type.getClassLoader().loadClass("shapes.Calls$Other");
    assertThat(entry(other, "b")).isNotNull();
    assertThat(entry(other, "c")).isNotNull();
    assertThat(call(type, "caller", 7).get(60, TimeUnit.SECONDS)).isEqualTo(7 - 70);
  }

  // ---- mocks

  /** Two classes, and what one calls of the other has the body that a mock of it has. */
  private static Map<String, byte[]> withMock() {
    String methods =
        """
          static class Other {
            static Task<Integer> callee(int a) {
              return Async.done(await(CompletableFuture.completedFuture(a)));
            }
          }
          static Task<Integer> caller(Source s, int a) { return Async.done(await(Other.callee(a))); }
        """;
    Map<String, byte[]> woven = weaveTogether(methods, Engine.AUTO);
    ClassNode other = read(woven, CALLS + "$Other");
    MethodNode callee =
        other.methods.stream()
            .filter(each -> each.name.equals("callee") && each.desc.endsWith("Task;"))
            .findFirst()
            .orElseThrow();
    callee.tryCatchBlocks.clear();
    callee.localVariables = null;
    callee.instructions.clear();
    callee.visitIntInsn(Opcodes.BIPUSH, 42);
    callee.visitMethodInsn(
        Opcodes.INVOKESTATIC, "java/lang/Integer", "valueOf", "(I)Ljava/lang/Integer;", false);
    callee.visitMethodInsn(
        Opcodes.INVOKESTATIC,
        "dev/weft/Async",
        "done",
        "(Ljava/lang/Object;)Ldev/weft/Task;",
        false);
    callee.visitInsn(Opcodes.ARETURN);
    write(other, woven);
    return woven;
  }

  private static byte[] empty(String name) {
    ClassWriter writer = new ClassWriter(0);
    writer.visit(Opcodes.V17, Opcodes.ACC_PUBLIC, name, null, "java/lang/Object", null);
    return writer.toByteArray();
  }

  @ParameterizedTest
  @ValueSource(strings = {"org/mockito/Mockito", "io/mockk/MockK", "mockit/Mocked"})
  void aMockIsCalledWhereThereIsALibraryForThem(String library) throws Exception {
    Map<String, byte[]> woven = withMock();
    assertThat(call(load(woven), "caller", 7).get(60, TimeUnit.SECONDS)).as("none").isEqualTo(7);

    woven.put(library.replace('/', '.'), empty(library));

    assertThat(call(load(woven), "caller", 7).get(60, TimeUnit.SECONDS)).isEqualTo(42);
  }

  // ---- size

  /** A method with many awaits of a call that has an entry, or has none as it makes no future. */
  private static WeaveResult many(int awaits, boolean hasEntry) {
    String callee =
        "static Task<Integer> callee(Source s, int a) { return %s(await(s.of(a))); }\n"
            .formatted(hasEntry ? "Async.done" : "s.task");
    String body = "sum += await(callee(s, 1));\n".repeat(awaits);
    return result(
        callee
            + "static Task<Integer> caller(Source s) {\nint sum = 0;\n"
            + body
            + "return s.task(sum);\n}\n",
        Engine.DIRECT);
  }

  @Test
  void aMethodIsNotTooLargeBecauseOfThem() {
    boolean anyWithout = false;
    for (int awaits = 60; awaits < 240; awaits += 5) {
      WeaveResult plain = many(awaits, false);
      WeaveResult bare = many(awaits, true);
      if (plain.diagnostics().isEmpty()) {
        assertThat(bare.diagnostics()).as("%d awaits", awaits).isEmpty();
        anyWithout |= !calls(bare, "caller").without().isEmpty();
        assertThat(calls(bare, "callee").without()).as("which is small").isEmpty();
      }
    }
    assertThat(anyWithout).isTrue();
  }

  @Test
  void norIsItAnErrorBecauseOfThem() {
    for (int awaits = 500; awaits < 1300; awaits += 100) {
      List<Diagnostic> plain = many(awaits, false).diagnostics();
      List<Diagnostic> bare = many(awaits, true).diagnostics();
      assertThat(bare.stream().anyMatch(Diagnostic::isError))
          .as("%d awaits: %s", awaits, bare)
          .isEqualTo(plain.stream().anyMatch(Diagnostic::isError));
    }
  }

  // ---- odd code

  /** No compiler leaves it, and the JVM refuses it. */
  @Test
  void deadCodeBeforeAJoinIsNoReasonToFail() {
    Map<String, byte[]> compiled =
        new TreeMap<>(
            compile(
                """
                  static Task<Integer> callee(Source s, int a) { return Async.done(await(s.of(a))); }
                  static Task<Integer> caller(Source s) {
                    return Async.done(await(s == null ? callee(s, 1) : callee(s, 2)));
                  }
                """));
    ClassNode node = read(compiled, CALLS);
    for (MethodNode method : node.methods) {
      for (AbstractInsnNode insn : method.instructions.toArray()) {
        if (method.name.equals("caller") && insn.getOpcode() == Opcodes.GOTO) {
          method.instructions.insert(insn, new InsnNode(Opcodes.NOP));
        }
      }
    }
    write(node, compiled);

    WeaveResult result = result(compiled, CALLS, weaver(source(compiled), Engine.AUTO, false));

    assertThat(result.diagnostics())
        .noneMatch(diagnostic -> diagnostic.message().contains("NullPointerException"))
        .noneMatch(diagnostic -> diagnostic.message().contains("dead code"));
  }
}
