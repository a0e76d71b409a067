package dev.weft.weaver.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.Engine;
import dev.weft.weaver.FrameMode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What cannot be woven is refused with the file, the line, the reason and the remedy, and nothing
 * of the class is changed. In the shapes, {@code // error: [CODE] TEXT} stands at the end of each
 * line that is to be refused.
 */
class RefusedShapesTest {
  private static final Map<Shape, Map<String, byte[]>> COMPILED =
      InMemoryCompiler.newest().compile(Shape.in("refused"));

  /** What only EA Async cannot do. */
  private static final String ONLY_EA = "EaMonitorsLost";

  static Stream<Arguments> shapes() {
    return COMPILED.keySet().stream()
        .flatMap(
            shape ->
                Stream.of(Engine.values())
                    .filter(engine -> engine == Engine.EA || !shape.name().equals(ONLY_EA))
                    .map(engine -> Arguments.of(shape, engine)));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void isRefusedLineByLine(Shape shape, Engine engine) {
    WovenShape woven = weave(shape, COMPILED, engine);

    assertThat(woven.diagnostics().stream().sorted().distinct())
        .containsExactlyElementsOf(shape.marked("error").stream().sorted().toList());
    assertThat(woven.results)
        .allSatisfy(
            result -> assertThat(result.failed()).isEqualTo(result.diagnostics().size() > 0));
    assertThat(woven.results.stream().filter(result -> result.failed()))
        .allSatisfy(
            result -> {
              assertThat(result.bytes()).isNull();
              assertThat(result.frames()).isEmpty();
              assertThat(result.diagnostics()).isSorted();
            });
  }

  @Test
  void namesTheMethodThatSavesTooMuch() {
    assertThat(refusal(shapeWithLocals(248)))
        .containsExactly(
            "Generated.java:5: error: [WEFT020] the async method run has too many locals in scope at its awaits: 251"
                + " slots of at most 250 (long and double take two). Move parts of it to methods of"
                + " their own");
  }

  @ParameterizedTest
  @EnumSource(FrameMode.class)
  void weavesTheMostThatMayBeSaved(FrameMode mode) {
    assertThatLocalsSurvive(247, mode, Engine.EA);
  }

  @ParameterizedTest
  @CsvSource({"AUTO, 248", "DIRECT, 240", "DIRECT, 248", "DIRECT, 252", "DIRECT, 256", "AUTO, 700"})
  void savesAnyNumberOfLocalsWithoutEa(Engine engine, int locals) {
    for (FrameMode mode : FrameMode.values()) {
      assertThatLocalsSurvive(locals, mode, engine);
    }
  }

  private static void assertThatLocalsSurvive(int locals, FrameMode mode, Engine engine) {
    Shape shape = shapeWithLocals(locals);
    Map<Shape, Map<String, byte[]>> compiled = InMemoryCompiler.newest().compile(List.of(shape));

    WovenShape woven =
        new WovenShape(shape, Objects.requireNonNull(compiled.get(shape)), mode, engine);

    assertThat(woven.diagnostics()).isEmpty();
    assertThat(woven.run(Readiness.DEFERRED, 0).outcome())
        .isEqualTo(" -> " + locals * (locals - 1) / 2);
  }

  @Test
  void namesTheMethodThatGrowsTooLarge() {
    assertThat(refusal(large(4660, 10)))
        .containsExactly(
            "Generated.java:5: error: [WEFT021] the method run cannot be split at its awaits (it grows beyond the 64"
                + " KiB that a method may have): move parts of it to methods of their own");
  }

  @Test
  void weavesALargeMethodWithoutEa() {
    Shape shape = large(2900, 480);
    Map<Shape, Map<String, byte[]>> compiled = InMemoryCompiler.newest().compile(List.of(shape));

    assertThat(weave(shape, compiled, Engine.EA).diagnostics()).hasSize(1);
    WovenShape woven = weave(shape, compiled, Engine.AUTO);
    assertThat(woven.diagnostics()).isEmpty();
    assertThat(woven.run(Readiness.DEFERRED, 0).outcome())
        .isEqualTo(woven.run(Readiness.READY, 0).outcome());
  }

  /** A method of {@code lines} computations, and then some awaits. */
  private static Shape large(int lines, int awaits) {
    String body =
        IntStream.range(0, lines)
            .mapToObj(i -> "    x = x * 31 + y[" + i + " % y.length];")
            .collect(
                Collectors.joining("\n", "", "\n" + "    s = await(s.of(s));\n".repeat(awaits)));
    return generated("int x = await(s.of(1));\n    int[] y = {1, 2};\n" + body, "x");
  }

  private static List<String> refusal(Shape shape) {
    return weave(shape, InMemoryCompiler.newest().compile(List.of(shape)), Engine.EA).diagnostics();
  }

  private static WovenShape weave(
      Shape shape, Map<Shape, Map<String, byte[]>> compiled, Engine engine) {
    return new WovenShape(
        shape, Objects.requireNonNull(compiled.get(shape)), FrameMode.CLASS_FILES, engine);
  }

  private static Shape shapeWithLocals(int count) {
    String locals =
        IntStream.range(0, count)
            .mapToObj(i -> "    int v" + i + " = base + " + i + ";")
            .collect(Collectors.joining("\n"));
    String sum =
        IntStream.range(0, count).mapToObj(i -> "v" + i).collect(Collectors.joining(" + "));
    return generated(
        "int base = await(s.of(0));\n"
            + locals
            + "\n    s = await(s.of(s));\n    int sum = "
            + sum
            + ";",
        "sum");
  }

  private static Shape generated(String body, String result) {
    return new Shape(
        "Generated",
        """
        package shapes;
        import static dev.weft.Async.await;
        class Generated {
          static java.util.concurrent.CompletableFuture<Object> run(dev.weft.weaver.corpus.Source s) {
            %s
            return s.of((Object) %s);
          }
        }
        """
            .formatted(body, result));
  }
}
