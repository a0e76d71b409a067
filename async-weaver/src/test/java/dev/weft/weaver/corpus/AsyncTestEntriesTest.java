package dev.weft.weaver.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.weaver.ClassSource;
import dev.weft.weaver.Engine;
import dev.weft.weaver.FrameMode;
import dev.weft.weaver.WeaveResult;
import dev.weft.weaver.Weaver;
import dev.weft.weaver.WeaverOptions;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the weaver makes of an {@code @AsyncTest}, for which the module {@code async-junit} has the
 * real annotation: it is woven after this one.
 */
class AsyncTestEntriesTest {
  private static final Map<String, String> SOURCES =
      Map.of(
          "dev.weft.junit.AsyncTest",
          """
          package dev.weft.junit;
          import java.lang.annotation.*;
          @Retention(RetentionPolicy.RUNTIME)
          public @interface AsyncTest { int seeds() default 1; }
          """,
          "dev.weft.junit.AsyncTestBody",
          """
          package dev.weft.junit;
          import java.util.concurrent.CompletionStage;
          public class AsyncTestBody {
            public static CompletionStage<?> last;
            public static void returned(CompletionStage<?> stage) { last = stage; }
          }
          """,
          "tests.Shop",
          """
          package tests;
          import static dev.weft.Async.*;
          import dev.weft.*;
          import dev.weft.junit.AsyncTest;
          import java.io.IOException;
          import java.util.*;
          import java.util.concurrent.*;
          import java.util.function.*;
          public class Shop {
            @Deprecated @AsyncTest(seeds = 3)
            <T extends Number> Task<String> sells(@Deprecated List<T> items, long n, int[] more, double d) throws IOException {
              String first = await(done("a"));
              return done(first + items + n + more.length + d);
            }
            @AsyncTest public CompletionStage<String> waits() {
              await(sleep(java.time.Duration.ofMillis(1)));
              return done("waited");
            }
            @AsyncTest public CompletableFuture<String> doesNotAwait() {
              return CompletableFuture.completedFuture("plain");
            }
            @AsyncTest protected Task<Integer> callsItself() { return depth == 0 ? done(0) : again(); }
            int depth = 3;
            Task<Integer> again() {
              depth--;
              Supplier<Task<Integer>> other = this::callsItself;
              return done(await(callsItself()) + await(other.get()) + 1);
            }
            public int sells$async() { return 1; }
            @AsyncTest static Task<String> common() { return done(await(done("x"))); }
            @AsyncTest String noFuture() { return ""; }
            @AsyncTest void nothing() {}
            static Task<String> ordinary() { return done(await(done("x"))); }
          }
          """);

  private static final Map<String, byte[]> COMPILED =
      InMemoryCompiler.newest("-g", "-parameters").compile(SOURCES);

  private static WeaveResult weave(byte[] classFile, Engine engine) {
    ShapeLoader loader = new ShapeLoader(AsyncTestEntriesTest.class.getClassLoader(), COMPILED);
    return new Weaver(
            ClassSource.of(loader), FrameMode.CLASS_FILES, WeaverOptions.DEFAULT.withEngine(engine))
        .weave(classFile);
  }

  private static Class<?> woven(Engine engine) throws ClassNotFoundException {
    WeaveResult result = weave(COMPILED.get("tests.Shop"), engine);
    assertThat(result.diagnostics()).isEmpty();
    Map<String, byte[]> classes = new HashMap<>(COMPILED);
    classes.put("tests.Shop", result.bytes());
    result.frames().forEach((name, bytes) -> classes.put(name.replace('/', '.'), bytes));
    return new ShapeLoader(Async.class.getClassLoader(), classes).loadClass("tests.Shop");
  }

  private static Object run(Class<?> shop, String name) throws Exception {
    Object test = shop.getDeclaredConstructor().newInstance();
    Method entry = shop.getDeclaredMethod(name);
    entry.setAccessible(true);
    assertThat(entry.invoke(test)).isNull();
    Class<?> body = shop.getClassLoader().loadClass("dev.weft.junit.AsyncTestBody");
    CompletionStage<?> stage = (CompletionStage<?>) body.getField("last").get(null);
    return stage.toCompletableFuture().join();
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void theEntryReturnsNothingAndHandsTheFutureOn(Engine engine) throws Exception {
    Class<?> shop = woven(engine);
    assertThat(run(shop, "waits")).isEqualTo("waited");
    assertThat(run(shop, "doesNotAwait")).isEqualTo("plain");
    assertThat(run(shop, "callsItself")).isEqualTo(3);
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void theEntryHasAllThatTheTestHadButItsResult(Engine engine) throws Exception {
    Method entry =
        woven(engine).getDeclaredMethod("sells", List.class, long.class, int[].class, double.class);
    assertThat(entry.toGenericString())
        .isEqualTo(
            "<T extends java.lang.Number> void tests.Shop.sells(java.util.List<T>,long,int[],double) throws java.io.IOException");
    assertThat(entry.getAnnotations())
        .extracting(Annotation::annotationType)
        .extracting(Class::getSimpleName)
        .containsExactlyInAnyOrder("Deprecated", "AsyncTest");
    assertThat(entry.getParameters()).extracting("name").contains("items", "n", "more", "d");
    assertThat(entry.getParameterAnnotations()[0]).hasSize(1);
  }

  @Test
  void oneMethodHasEachNameAndOnlyTheEntryIsATest() throws Exception {
    Class<?> shop = woven(Engine.AUTO);
    List<Method> methods =
        Arrays.stream(shop.getDeclaredMethods()).filter(method -> !method.isSynthetic()).toList();
    assertThat(methods)
        .filteredOn(method -> method.getReturnType() == void.class)
        .extracting(Method::getName)
        .containsExactlyInAnyOrder("sells", "waits", "doesNotAwait", "callsItself", "nothing");
    assertThat(methods).extracting(Method::getName).doesNotHaveDuplicates();
    assertThat(shop.getDeclaredMethods())
        .filteredOn(method -> method.getName().startsWith("sells$async"))
        .extracting(Method::getName)
        .containsExactlyInAnyOrder("sells$async", "sells$async2");
  }

  /** JUnit refuses them, and the engine of async-junit says why. */
  @Test
  void whatCanBeNoTestKeepsItsAnnotation() throws Exception {
    Class<?> shop = woven(Engine.AUTO);
    assertThat(shop.getDeclaredMethod("common").getAnnotations()).hasSize(1);
    assertThat(shop.getDeclaredMethod("noFuture").getAnnotations()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(Engine.class)
  void aWovenClassIsLeftAsItIs(Engine engine) {
    WeaveResult result = weave(COMPILED.get("tests.Shop"), engine);
    WeaveResult again = weave(result.bytes(), engine);
    assertThat(again.bytes()).isNull();
    assertThat(again.diagnostics()).isEmpty();
  }

  @Test
  void reportsNameTheTestAsTheSourceDoes() {
    assertThat(weave(COMPILED.get("tests.Shop"), Engine.AUTO).methods())
        .extracting(report -> report.name())
        .contains("sells", "waits")
        .noneMatch(name -> name.contains("$async"));
  }
}
