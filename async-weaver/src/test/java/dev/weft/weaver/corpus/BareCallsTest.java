package dev.weft.weaver.corpus;

import static dev.weft.weaver.corpus.CallsProgram.call;
import static dev.weft.weaver.corpus.CallsProgram.entry;
import static dev.weft.weaver.corpus.CallsProgram.load;
import static dev.weft.weaver.corpus.CallsProgram.result;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Task;
import dev.weft.weaver.Engine;
import dev.weft.weaver.MethodReport;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.tree.ClassNode;
import org.objectweb.asm.tree.MethodInsnNode;

/**
 * Which methods have a second entry, which awaits go by it, and what those see of a method that
 * call it as ever.
 */
class BareCallsTest {
  private static final String STATIC =
      """
        static Task<Integer> callee(Source s, int a) { return Async.done(await(s.of(1)) + a); }
      """;

  private static final String CALLER =
      """
        static Task<Integer> caller(Source s) { return Async.done(await(callee(s, 2))); }
      """;

  // ---- which methods

  @ParameterizedTest
  @EnumSource(
      value = Engine.class,
      names = {"EA", "DIRECT"})
  void aMethodThatItsClassAwaitsHasOne(Engine engine) throws Exception {
    Class<?> type = load(STATIC + CALLER, engine);

    Method entry = entry(type, "callee");
    assertThat(entry).isNotNull();
    assertThat(Modifier.isPrivate(entry.getModifiers())).isTrue();
    assertThat(entry.isBridge()).as("which those pass over who look for methods").isTrue();
    assertThat(entry(type, "caller")).as("which nobody awaits").isNull();
  }

  @Test
  void oneThatNobodyAwaitsAtOnceHasNone() throws Exception {
    assertThat(entry(load(STATIC, Engine.AUTO), "callee")).isNull();
    assertThat(
            entry(
                load(
                    STATIC
                        + """
                          static Task<Integer> caller(Source s) {
                            Task<Integer> call = callee(s, 1);
                            return Async.done(await(call) + await(Async.all(callee(s, 1))).size());
                          }
                        """,
                    Engine.AUTO),
                "callee"))
        .isNull();
  }

  @Test
  void oneThatMayBeOverriddenHasNone() throws Exception {
    String methods =
        """
          Task<Integer> callee(Source s, int a) { return Async.done(await(s.of(1)) + a); }
          Task<Integer> caller(Source s) { return Async.done(await(callee(s, 2))); }
        """;

    assertThat(entry(load(methods, Engine.AUTO), "callee")).isNull();
    for (String flag : List.of("private", "final")) {
      assertThat(entry(load(flag + methods, Engine.AUTO), "callee")).as(flag).isNotNull();
    }
    assertThat(entry(load("final class", methods, Engine.AUTO, false), "callee")).isNotNull();
  }

  @Test
  void oneThatReturnsNothingButOthersFuturesHasNone() throws Exception {
    String method =
        "static Task<Integer> callee(Source s, int a) { return s.task(await(s.of(1)) + a); }\n";

    assertThat(entry(load(method + CALLER, Engine.AUTO), "callee")).isNull();
  }

  @Test
  void oneByTheRulesOfEaAsyncHasNone() throws Exception {
    String await = "com.ea.async.Async.await(s.of(1))";
    String method =
        "static Task<Integer> callee(Source s, int a) { return Async.done(" + await + " + a); }\n";

    assertThat(entry(load(method + CALLER, Engine.AUTO), "callee")).isNull();
    String caller = CALLER.replace("await(", "com.ea.async.Async.await(");
    assertThat(entry(load(STATIC + caller, Engine.AUTO), "callee")).isNull();
  }

  @Test
  void oneThatABridgeStandsBesideHasOne() throws Exception {
    String methods =
        """
          interface Face<T> { T callee(Source s, int a); }
          static final class Made implements Face<Task<Integer>> {
            public Task<Integer> callee(Source s, int a) { return Async.done(await(s.of(1)) + a); }
            Task<Integer> caller(Source s) { return Async.done(await(callee(s, 2))); }
          }
        """;

    Class<?> made = load(methods, Engine.AUTO).getClassLoader().loadClass("shapes.Calls$Made");

    assertThat(entry(made, "callee")).isNotNull();
    assertThat(made.getDeclaredMethods())
        .filteredOn(method -> method.getName().equals("callee"))
        .hasSize(3);
  }

  /** The JVM looks through superclasses first, and would find an entry that is private there. */
  @ParameterizedTest
  @EnumSource(
      value = Engine.class,
      names = {"EA", "DIRECT"})
  void anEntryHidesNothingFromSubclasses(Engine engine) throws Exception {
    String methods =
        """
          interface Face { default Object callee(int a) { return "default"; } }
          static class Base {
            private Task<Integer> callee(int a) {
              return Async.done(await(CompletableFuture.completedFuture(a)));
            }
            Task<Integer> caller(int a) { return Async.done(await(callee(a))); }
          }
          static class Heir extends Base implements Face {}
          static Task<Object> caller(Source s, int a) {
            return Async.done(new Heir().callee(a) + "" + await(new Heir().caller(a)));
          }
        """;

    Class<?> type = load(methods, engine);

    Class<?> base = type.getClassLoader().loadClass("shapes.Calls$Base");
    assertThat(entry(base, "callee")).isNotNull();
    assertThat(call(type, "caller", 7).get(60, TimeUnit.SECONDS)).isEqualTo("default7");
  }

  @Test
  void oneThatOthersMayFindByAnAnnotationHasNone() throws Exception {
    String marks =
        """
          @java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
          @interface Timed {}
          @java.lang.annotation.Retention(java.lang.annotation.RetentionPolicy.RUNTIME)
          @interface Nonnull {}
        """;

    assertThat(entry(load(marks + "@Timed " + STATIC + CALLER, Engine.AUTO), "callee")).isNull();
    assertThat(entry(load(marks + "@Nonnull " + STATIC + CALLER, Engine.AUTO), "callee"))
        .isNotNull();
    assertThat(entry(load("@Deprecated " + STATIC + CALLER, Engine.AUTO), "callee")).isNotNull();
  }

  @Test
  void thereIsNoneForDebugging() throws Exception {
    assertThat(entry(load("class", STATIC + CALLER, Engine.AUTO, true), "callee")).isNull();
  }

  // ---- what others see

  @Test
  void aMethodIsFoundByItsNameAndParameters() throws Exception {
    Class<?> type = load(STATIC + CALLER, Engine.AUTO);

    Method found = type.getDeclaredMethod("callee", Source.class, int.class);

    assertThat(found.getReturnType()).isEqualTo(Task.class);
    assertThat(found.isBridge()).isFalse();
  }

  @ParameterizedTest
  @EnumSource(
      value = Engine.class,
      names = {"EA", "DIRECT"})
  void othersGetTheFutureThatTheMethodMakes(Engine engine) throws Exception {
    Class<?> type =
        load(
            """
              static final RuntimeException FAILURE = new CompletionException(new Exception("e"));
              static CompletableFuture<String> callee(Source s, int how) {
                switch (how) {
                  case 0: return CompletableFuture.completedFuture("completed");
                  case 1: return CompletableFuture.completedFuture(null);
                  case 2: return null;
                  case 3: throw FAILURE;
                  default: return CompletableFuture.completedFuture(await(s.of("")));
                }
              }
              static Task<Integer> task(Source s, int how) {
                if (how == 2) {
                  return null;
                }
                return Async.done(how == 1 ? null : how > 2 ? await(s.of(how)) : 0);
              }
              static Task<Void> caller(Source s) {
                await(callee(s, 0));
                await(task(s, 0));
                return Async.done();
              }
            """,
            engine);
    assertThat(entry(type, "callee")).isNotNull();
    assertThat(entry(type, "task")).isNotNull();

    CompletableFuture<?> plain = call(type, "callee", 0);
    assertThat(plain.getClass()).isEqualTo(CompletableFuture.class);
    assertThat(plain.join()).isEqualTo("completed");
    assertThat(call(type, "callee", 1)).isCompletedWithValue(null);
    assertThat(call(type, "callee", 2)).isNull();
    assertThat(call(type, "task", 0)).isInstanceOf(Task.class);
    assertThat(call(type, "task", 1)).isCompletedWithValue(null);
    assertThat(call(type, "task", 2)).isNull();
    Throwable held = call(type, "callee", 3).handle((value, error) -> (Throwable) error).join();
    assertThat(held).isInstanceOf(CompletionException.class);
  }

  @Test
  void theReportIsOfTheMethod() {
    List<MethodReport> methods = result(STATIC + CALLER, Engine.AUTO).methods();

    assertThat(methods).extracting(MethodReport::name).containsExactly("callee", "caller");
    MethodReport callee = methods.get(0);
    assertThat(callee.descriptor()).endsWith("I)Ldev/weft/Task;");
    assertThat(callee.suspensionPoints()).hasSize(1);
    assertThat(callee.wovenBytes()).isGreaterThan(callee.originalBytes());
  }

  /** It has given that before, and one may obtrude a value upon it. */
  @Test
  void aMethodThatMakesBothKindsOfFutureGivesThePlainOne() throws Exception {
    Class<?> type =
        load(
            """
              static CompletableFuture<Integer> callee(Source s, int how) {
                if (how == 0) {
                  return CompletableFuture.completedFuture(1);
                }
                return Async.done(how == 1 ? 2 : await(s.of(3)));
              }
            """
                + CALLER,
            Engine.AUTO);
    assertThat(entry(type, "callee")).isNotNull();

    for (int how = 0; how < 2; how++) {
      assertThat(call(type, "callee", how).getClass()).isEqualTo(CompletableFuture.class);
      assertThat(call(type, "callee", how).join()).isEqualTo(how + 1);
    }
  }

  @Test
  void theReportSaysWhoHasAnEntryAndWhichAwaitsCallOne() {
    List<MethodReport> methods = result(STATIC + CALLER, Engine.AUTO).methods();

    int line = methods.get(1).line();
    assertThat(methods)
        .extracting(MethodReport::calls)
        .containsExactly(
            new MethodReport.Calls(true, List.of(), ""),
            new MethodReport.Calls(false, List.of(line), ""));
  }

  // ---- the coop budget

  private static final String LEAF =
      "static Task<Integer> leaf(Source s) { return Async.done(s == null ? 0 : await(s.of(1))); }\n";

  /** How many awaits of a class look at the budget before they go on with a value. */
  private static long looks(String methods) {
    ClassNode node = new ClassNode();
    new ClassReader(Objects.requireNonNull(result(methods, Engine.DIRECT).bytes())).accept(node, 0);
    return node.methods.stream()
        .flatMap(method -> Arrays.stream(method.instructions.toArray()))
        .filter(insn -> insn instanceof MethodInsnNode call && call.name.equals("isValue"))
        .count();
  }

  @Test
  void anAwaitOfAMethodThatMayAwaitNothingLooksAtTheBudget() {
    String caller =
        "static Task<Integer> caller(Source s) { return Async.done(await(leaf(s))); }\n";

    assertThat(looks(LEAF + caller)).isOne();
  }

  @Test
  void oneOfAMethodThatHasAwaitedLooksNoMore() {
    assertThat(looks(STATIC + CALLER)).isZero();
    String chain =
        """
          static Task<Integer> caller(Source s) { return Async.done(await(leaf(s))); }
          static Task<Integer> outer(Source s) { return Async.done(await(caller(s))); }
          static Task<Integer> deep(Source s, int n) {
            return Async.done(await(n == 0 ? outer(s) : deep(s, n - 1)));
          }
        """;
    assertThat(looks(LEAF + chain)).as("that of the leaf").isOne();
  }

  /** An await that throws may not have come as far as the budget. */
  @Test
  void aHandlerAroundTheAwaitIsAWayPastIt() {
    String methods =
        """
          static Task<Integer> callee(Source s) {
            try {
              return Async.done(await(s.of(1)));
            } catch (NullPointerException e) {
              return Async.done(0);
            }
          }
          static Task<Integer> caller(Source s) { return Async.done(await(callee(s))); }
        """;

    assertThat(looks(methods)).isOne();
  }

  @Test
  void anAwaitOfAMethodOfAnotherClassLooksAtTheBudget() {
    String methods =
        """
          static class Other {
            static Task<Integer> callee(Source s) { return Async.done(await(s.of(1))); }
          }
          static Task<Integer> caller(Source s) { return Async.done(await(Other.callee(s))); }
        """;

    assertThat(looks(methods)).as("it may be compiled anew").isOne();
  }
}
