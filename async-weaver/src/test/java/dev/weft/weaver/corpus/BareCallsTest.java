package dev.weft.weaver.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Task;
import dev.weft.weaver.ClassSource;
import dev.weft.weaver.Engine;
import dev.weft.weaver.FrameMode;
import dev.weft.weaver.MethodReport;
import dev.weft.weaver.WeaveResult;
import dev.weft.weaver.Weaver;
import dev.weft.weaver.WeaverOptions;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Which methods have a second entry, which awaits go by it, and what those see of a method that
 * call it as ever.
 */
class BareCallsTest {
  private static final String START =
      """
      package shapes;
      import static dev.weft.Async.await;
      import dev.weft.*;
      import dev.weft.weaver.corpus.Source;
      import java.util.concurrent.*;
      class Calls {
        static CompletableFuture<Integer> end(Source s) { return s.of(1); }
        static CompletableFuture<String> run(Source s) { return s.of(""); }
      """;

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
  void oneWhosePlaceIsTakenHasNone() throws Exception {
    String methods =
        """
          interface Face<T> { T callee(Source s, int a); }
          static final class Made implements Face<Task<Integer>> {
            public Task<Integer> callee(Source s, int a) { return Async.done(await(s.of(1)) + a); }
            Task<Integer> caller(Source s) { return Async.done(await(callee(s, 2))); }
          }
        """;

    Class<?> made = load(methods, Engine.AUTO).getClassLoader().loadClass("shapes.Calls$Made");

    assertThat(entry(made, "callee")).as("the bridge").isNotNull();
    assertThat(made.getDeclaredMethods())
        .filteredOn(method -> method.getName().equals("callee"))
        .hasSize(2);
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

  // ----

  private static CompletableFuture<?> call(Class<?> type, String name, int how) throws Exception {
    Method method = type.getDeclaredMethod(name, Source.class, int.class);
    method.setAccessible(true);
    return (CompletableFuture<?>) method.invoke(null, null, how);
  }

  private static @Nullable Method entry(Class<?> type, String name) {
    return Arrays.stream(type.getDeclaredMethods())
        .filter(method -> method.getName().equals(name))
        .filter(method -> method.getReturnType() == Object.class)
        .findFirst()
        .orElse(null);
  }

  private static Class<?> load(String methods, Engine engine) throws Exception {
    return load("class", methods, engine, false);
  }

  private static Class<?> load(String type, String methods, Engine engine, boolean debug)
      throws Exception {
    Shape shape = shape(type, methods);
    Map<String, byte[]> compiled = compile(shape);
    Weaver weaver = weaver(compiled, engine, debug);
    Map<String, byte[]> all = new TreeMap<>(compiled);
    compiled.forEach(
        (name, bytes) -> {
          WeaveResult result = weaver.weave(bytes);
          assertThat(result.diagnostics()).isEmpty();
          if (result.bytes() != null) {
            all.put(name, result.bytes());
          }
          result.frames().forEach((frame, made) -> all.put(frame.replace('/', '.'), made));
        });
    ShapeLoader loader = new ShapeLoader(ShapeRun.class.getClassLoader(), all);
    return Class.forName("shapes.Calls", true, loader);
  }

  private static WeaveResult result(String methods, Engine engine) {
    Map<String, byte[]> compiled = compile(shape("class", methods));
    return weaver(compiled, engine, false)
        .weave(Objects.requireNonNull(compiled.get("shapes.Calls")));
  }

  private static Weaver weaver(Map<String, byte[]> compiled, Engine engine, boolean debug) {
    ClassLoader unwoven = new ShapeLoader(ShapeRun.class.getClassLoader(), compiled);
    return new Weaver(
        ClassSource.of(unwoven),
        FrameMode.CLASS_FILES,
        WeaverOptions.DEFAULT.withEngine(engine).withDebug(debug));
  }

  private static Shape shape(String type, String methods) {
    return new Shape("Calls", START.replace("class Calls", type + " Calls") + methods + "}\n");
  }

  private static Map<String, byte[]> compile(Shape shape) {
    return Objects.requireNonNull(InMemoryCompiler.newest().compile(List.of(shape)).get(shape));
  }
}
