package dev.weft.weaver.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.ClassSource;
import dev.weft.weaver.Engine;
import dev.weft.weaver.FrameMode;
import dev.weft.weaver.MethodReport;
import dev.weft.weaver.WeaveResult;
import dev.weft.weaver.Weaver;
import dev.weft.weaver.WeaverOptions;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * {@code auto} takes EA Async's splitting wherever that is right and leaves no method that HotSpot
 * does not compile, and {@code direct} for the rest; the report says why.
 */
class EngineChoiceTest {
  private static final int HOTSPOT_LIMIT = 8000;

  private static final String TOO_LARGE =
      "EA Async would make a method of over 8000 bytes, which HotSpot does not compile";

  @Test
  void almostAllShapesAreWovenByEaAsync() {
    Map<String, String> others = new TreeMap<>();
    for (Shape shape : Corpus.NEWEST.shapes()) {
      for (WeaveResult result :
          Corpus.NEWEST.woven(shape, FrameMode.CLASS_FILES, Engine.AUTO).results) {
        for (MethodReport method : result.methods()) {
          if (method.engine() == Engine.DIRECT) {
            others.put(shape + "." + method.name(), method.reason());
          }
        }
      }
    }
    assertThat(others).containsExactlyEntriesOf(Map.of("LongMethod.run", TOO_LARGE));
  }

  @Test
  void anOptionNamesTheEngineOfEveryMethod() {
    for (Engine engine : List.of(Engine.EA, Engine.DIRECT)) {
      MethodReport method = only(weave(generated("", "", "s.of(await(s.of(1)))"), engine));
      assertThat(method.engine()).isEqualTo(engine);
      assertThat(method.reason()).isEqualTo("this engine is asked for");
    }
  }

  @Test
  void theReasonForEaAsyncIsThatNothingSpeaksAgainstIt() {
    MethodReport method = only(weave(generated("", "", "s.of(await(s.of(1)))"), Engine.AUTO));
    assertThat(method.engine()).isEqualTo(Engine.EA);
    assertThat(method.reason())
        .isEqualTo("it splits the method right, and HotSpot compiles what it makes of it");
  }

  @Test
  void annotatedMethodsAndClassesAreLeftToDirect() {
    String body = "s.of(await(s.of(1)))";
    String annotation = "@dev.weft.WovenDirect";

    MethodReport method = only(weave(generated("", annotation, body), Engine.AUTO));
    MethodReport inClass = only(weave(generated(annotation, "", body), Engine.AUTO));

    assertThat(method.engine()).isEqualTo(Engine.DIRECT);
    assertThat(method.reason()).isEqualTo("the method is annotated @WovenDirect");
    assertThat(inClass.engine()).isEqualTo(Engine.DIRECT);
    assertThat(inClass.reason()).isEqualTo("its class is annotated @WovenDirect");
    assertThat(only(weave(generated(annotation, "", body), Engine.EA)).engine())
        .as("an option goes before an annotation")
        .isEqualTo(Engine.EA);
  }

  @Test
  void aLambdaGoesByTheAnnotationOfItsClass() {
    String body =
        "((java.util.function.Supplier<java.util.concurrent.CompletableFuture<Object>>)"
            + " () -> s.of((Object) await(s.of(1)))).get()";
    MethodReport inMethod = only(weave(generated("", "@dev.weft.WovenDirect", body), Engine.AUTO));
    MethodReport inClass = only(weave(generated("@dev.weft.WovenDirect", "", body), Engine.AUTO));

    assertThat(inMethod.engine()).isEqualTo(Engine.EA);
    assertThat(inClass.engine()).isEqualTo(Engine.DIRECT);
  }

  @Test
  void whatIsToKeepEveryLocalAliveIsLeftToDirect() {
    MethodReport method =
        only(
            weave(
                generated("", "", "s.of(await(s.of(1)))"), WeaverOptions.DEFAULT.withDebug(true)));
    assertThat(method.engine()).isEqualTo(Engine.DIRECT);
    assertThat(method.reason())
        .isEqualTo("EA Async keeps no local alive that the method does not read again");
  }

  @Test
  void whatEaAsyncRefusesIsLeftToDirectWithItsReasonAndWithoutItsAdvice() {
    Shape shape =
        Shape.in("refused").stream()
            .filter(each -> each.name().equals("EaMonitorsLost"))
            .findFirst()
            .orElseThrow();

    assertThat(weave(shape, Engine.AUTO).flatMap(result -> result.methods().stream()))
        .hasSize(2)
        .allSatisfy(
            method -> {
              assertThat(method.engine()).isEqualTo(Engine.DIRECT);
              assertThat(method.reason())
                  .isEqualTo(
                      "EA Async cannot take it: await inside synchronized, after a branch or in a"
                          + " loop: the monitor cannot be released while the method is suspended");
            });
  }

  /**
   * From below the limit to above it, in steps of a switch and of a small statement. Switches are
   * padded, so how large the methods are is not known before the class is written.
   */
  @Test
  void noMethodThatEaAsyncMakesIsTooLargeForHotSpot() {
    List<Shape> shapes =
        IntStream.range(0, 60).mapToObj(i -> withSwitches(190 + i / 2, i % 2)).toList();
    Set<Engine> seen = EnumSet.noneOf(Engine.class);
    InMemoryCompiler.newest()
        .compile(shapes)
        .forEach(
            (shape, compiled) -> {
              WeaveResult result = weave(compiled, WeaverOptions.DEFAULT).findFirst().orElseThrow();
              MethodReport method = only(Stream.of(result));
              seen.add(method.engine());
              if (method.engine() == Engine.EA) {
                assertThat(largest(result)).as("%s", shape).isLessThanOrEqualTo(HOTSPOT_LIMIT);
              } else {
                assertThat(method.reason()).as("%s", shape).isEqualTo(TOO_LARGE);
                assertThat(largest(weave(compiled, byEa()).findFirst().orElseThrow()))
                    .as("%s by EA Async", shape)
                    .isGreaterThan(HOTSPOT_LIMIT);
              }
            });
    assertThat(seen).containsExactlyInAnyOrder(Engine.EA, Engine.DIRECT);
  }

  private static WeaverOptions byEa() {
    return WeaverOptions.DEFAULT.withEngine(Engine.EA);
  }

  /** The bytes of code of the largest method of a class file, as they stand in it. */
  private static int largest(WeaveResult result) {
    int[] largest = {0};
    new ClassReader(Objects.requireNonNull(result.bytes()))
        .accept(
            new ClassVisitor(Opcodes.ASM9) {
              @Override
              public MethodVisitor visitMethod(
                  int access, String name, String desc, String signature, String[] exceptions) {
                Label start = new Label();
                Label end = new Label();
                return new MethodVisitor(Opcodes.ASM9, writer(access, name, desc)) {
                  @Override
                  public void visitCode() {
                    super.visitCode();
                    visitLabel(start);
                  }

                  @Override
                  public void visitMaxs(int maxStack, int maxLocals) {
                    visitLabel(end);
                    super.visitMaxs(maxStack, maxLocals);
                    largest[0] = Math.max(largest[0], end.getOffset() - start.getOffset());
                  }
                };
              }
            },
            ClassReader.SKIP_FRAMES);
    return largest[0];
  }

  private static MethodVisitor writer(int access, String name, String desc) {
    return new org.objectweb.asm.ClassWriter(0).visitMethod(access, name, desc, null, null);
  }

  private static Shape withSwitches(int switches, int others) {
    String name = "Generated" + switches + "_" + others;
    String statements =
        IntStream.range(0, switches)
            .mapToObj(
                i ->
                    "switch (x) { case 0: x += 2; case 1: x ^= 3; case 2: x++; default: x += y; }\n")
            .collect(Collectors.joining("    ", "    ", "    " + "y = -y;".repeat(others) + "\n"));
    return new Shape(
        name,
        """
        package shapes;
        import static dev.weft.Async.await;
        class %s {
          static java.util.concurrent.CompletableFuture<Object> run(dev.weft.weaver.corpus.Source s) {
            int x = await(s.of(1));
            int y = await(s.of(2));
        %s    return s.of((Object) (x + y));
          }
        }
        """
            .formatted(name, statements));
  }

  private static Shape generated(String onClass, String onMethod, String result) {
    return new Shape(
        "Generated",
        """
        package shapes;
        import static dev.weft.Async.await;
        %s class Generated {
          %s static java.util.concurrent.CompletableFuture<Object> run(dev.weft.weaver.corpus.Source s) {
            return %s;
          }
        }
        """
            .formatted(onClass, onMethod, result.replace("s.of(await", "s.of((Object) await")));
  }

  private static MethodReport only(Stream<WeaveResult> results) {
    List<MethodReport> methods = results.flatMap(result -> result.methods().stream()).toList();
    assertThat(methods).hasSize(1);
    return methods.get(0);
  }

  private static Stream<WeaveResult> weave(Shape shape, Engine engine) {
    return weave(shape, WeaverOptions.DEFAULT.withEngine(engine));
  }

  private static Stream<WeaveResult> weave(Shape shape, WeaverOptions options) {
    return weave(
        Objects.requireNonNull(InMemoryCompiler.newest().compile(List.of(shape)).get(shape)),
        options);
  }

  private static Stream<WeaveResult> weave(Map<String, byte[]> compiled, WeaverOptions options) {
    Weaver weaver =
        new Weaver(
            ClassSource.of(new ShapeLoader(ShapeRun.class.getClassLoader(), compiled)),
            FrameMode.CLASS_FILES,
            options);
    return compiled.values().stream().map(weaver::weave);
  }
}
