package dev.weft.weaver.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.frame.Bare;
import dev.weft.weaver.CallsBetween;
import dev.weft.weaver.ClassSource;
import dev.weft.weaver.Engine;
import dev.weft.weaver.FrameMode;
import dev.weft.weaver.WeaveResult;
import dev.weft.weaver.Weaver;
import dev.weft.weaver.WeaverOptions;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The class {@code shapes.Calls}, of methods that a test gives it, woven by itself. */
final class CallsProgram {
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

  static final String CALLS = "shapes.Calls";

  private CallsProgram() {}

  /** Calls a static method {@code (Source, int)}, without a source. */
  static CompletableFuture<?> call(Class<?> type, String name, int how) throws Exception {
    Method method = type.getDeclaredMethod(name, Source.class, int.class);
    method.setAccessible(true);
    return (CompletableFuture<?>) method.invoke(null, null, how);
  }

  static @Nullable Method entry(Class<?> type, String name) {
    return Arrays.stream(type.getDeclaredMethods())
        .filter(method -> method.getName().equals(name))
        .filter(method -> method.getReturnType() == Object.class)
        .filter(method -> List.of(method.getParameterTypes()).contains(Bare.class))
        .findFirst()
        .orElse(null);
  }

  static Class<?> load(String methods, Engine engine) throws Exception {
    return load("class", methods, engine, false);
  }

  static Class<?> load(String type, String methods, Engine engine, boolean debug) throws Exception {
    Map<String, byte[]> compiled = compile(type, methods);
    return load(compiled, weaver(source(compiled), engine, debug));
  }

  /** Weaves the classes together, as a directory is woven, and loads them. */
  static Class<?> loadTogether(String methods, Engine engine) throws Exception {
    return load(weaveTogether(methods, engine));
  }

  /** The classes woven together, with their frames. */
  static Map<String, byte[]> weaveTogether(String methods, Engine engine) {
    Map<String, byte[]> compiled = compile(methods);
    CallsBetween calls = new CallsBetween();
    compiled.values().forEach(calls::addThoseOf);
    return weave(compiled, weaver(source(compiled), engine, false), calls);
  }

  /** Weaves each class by itself, and loads them. */
  static Class<?> load(Map<String, byte[]> compiled, Weaver weaver) throws Exception {
    return load(weave(compiled, weaver, new CallsBetween()));
  }

  static Class<?> load(Map<String, byte[]> classes) throws Exception {
    return Class.forName(CALLS, true, new ShapeLoader(ShapeRun.class.getClassLoader(), classes));
  }

  private static Map<String, byte[]> weave(
      Map<String, byte[]> compiled, Weaver weaver, CallsBetween calls) {
    Map<String, byte[]> all = new TreeMap<>(compiled);
    compiled.forEach(
        (name, bytes) -> {
          WeaveResult result = weaver.weave(bytes, calls);
          assertThat(result.diagnostics()).isEmpty();
          if (result.bytes() != null) {
            all.put(name, result.bytes());
          }
          result.frames().forEach((frame, made) -> all.put(frame.replace('/', '.'), made));
        });
    return all;
  }

  /** What weaving makes of the class. */
  static WeaveResult result(String methods, Engine engine) {
    Map<String, byte[]> compiled = compile("class", methods);
    return result(compiled, CALLS, weaver(source(compiled), engine, false));
  }

  static WeaveResult result(Map<String, byte[]> compiled, String name, Weaver weaver) {
    return weaver.weave(Objects.requireNonNull(compiled.get(name)));
  }

  static Weaver weaver(ClassSource classes, Engine engine, boolean debug) {
    return new Weaver(
        classes, FrameMode.CLASS_FILES, WeaverOptions.DEFAULT.withEngine(engine).withDebug(debug));
  }

  /** Reads what was compiled, and what the tests have. */
  static ClassSource source(Map<String, byte[]> compiled) {
    return ClassSource.of(new ShapeLoader(ShapeRun.class.getClassLoader(), compiled));
  }

  static Map<String, byte[]> compile(String methods) {
    return compile("class", methods);
  }

  private static Map<String, byte[]> compile(String type, String methods) {
    Shape shape =
        new Shape("Calls", START.replace("class Calls", type + " Calls") + methods + "}\n");
    return Objects.requireNonNull(InMemoryCompiler.newest().compile(List.of(shape)).get(shape));
  }
}
