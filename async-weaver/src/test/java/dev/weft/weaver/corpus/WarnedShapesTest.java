package dev.weft.weaver.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.ClassSource;
import dev.weft.weaver.Diagnostic;
import dev.weft.weaver.DiagnosticCode;
import dev.weft.weaver.DiagnosticSeverities;
import dev.weft.weaver.Engine;
import dev.weft.weaver.FrameMode;
import dev.weft.weaver.WeaveResult;
import dev.weft.weaver.Weaver;
import dev.weft.weaver.WeaverOptions;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.eclipse.jdt.core.compiler.batch.BatchCompiler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is legal and seldom meant is woven, with a warning at the line; and nothing else is warned
 * of. In the shapes, {@code // warning: [CODE] TEXT} stands at the end of each such line.
 */
class WarnedShapesTest {
  private static final Map<Shape, Map<String, byte[]>> COMPILED =
      InMemoryCompiler.newest("-g").compile(Shape.in("warned"));

  static Stream<Shape> shapes() {
    return COMPILED.keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void isWarnedOfLineByLineAndWoven(Shape shape) {
    WovenShape woven =
        new WovenShape(
            shape, Objects.requireNonNull(COMPILED.get(shape)), FrameMode.CLASS_FILES, Engine.AUTO);

    assertThat(woven.warnings().stream().sorted().distinct())
        .containsExactlyElementsOf(shape.marked("warning").stream().sorted().toList());
    assertThat(woven.diagnostics()).isEmpty();
    assertThat(woven.suspensionPoints()).isPositive();
  }

  /** Lines are compared, for ecj puts some instructions on others. */
  @Test
  void ecjsCodeIsWarnedOfToo(@TempDir Path folder) throws IOException {
    for (String name : List.of("LocksOverAwaits", "SwallowedCancellations")) {
      Shape shape =
          COMPILED.keySet().stream()
              .filter(each -> each.name().equals(name))
              .findAny()
              .orElseThrow();
      WovenShape woven =
          new WovenShape(shape, byEcj(shape, folder), FrameMode.CLASS_FILES, Engine.AUTO);

      assertThat(woven.warnings().stream().sorted().distinct())
          .containsExactlyElementsOf(shape.marked("warning").stream().sorted().toList());
      assertThat(woven.diagnostics()).isEmpty();
    }
  }

  private static Map<String, byte[]> byEcj(Shape shape, Path folder) throws IOException {
    Path source = Files.writeString(folder.resolve(shape.fileName()), shape.source());
    Path out = folder.resolve(shape.name());
    StringWriter messages = new StringWriter();
    String path =
        InMemoryCompiler.origin(dev.weft.Async.class)
            + File.pathSeparator
            + InMemoryCompiler.origin(ShapeRun.class);
    boolean compiled =
        BatchCompiler.compile(
            new String[] {
              "-g",
              "-17",
              "-proc:none",
              "-nowarn",
              "-cp",
              path,
              "-d",
              out.toString(),
              source.toString()
            },
            new PrintWriter(messages),
            new PrintWriter(messages),
            null);
    assertThat(compiled).as(messages::toString).isTrue();
    Map<String, byte[]> classes = new TreeMap<>();
    try (Stream<Path> files = Files.list(out.resolve("shapes"))) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString().replace(".class", "");
        classes.put("shapes." + name, Files.readAllBytes(file));
      }
    }
    return classes;
  }

  @Test
  void theAcceptedShapesGiveNoFalseAlarm() {
    List<String> expected = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    for (Shape shape : Corpus.NEWEST.shapes()) {
      if (!shape.name().equals("LongMethod")) {
        expected.addAll(shape.marked("warning"));
        warnings.addAll(Corpus.NEWEST.woven(shape, FrameMode.CLASS_FILES, Engine.AUTO).warnings());
      }
    }
    assertThat(warnings.stream().sorted().distinct())
        .containsExactlyElementsOf(expected.stream().sorted().toList());
  }

  @Test
  void aMethodThatHotSpotWillNotCompileIsWarnedOfWithItsSize() {
    Shape shape =
        Corpus.NEWEST.shapes().stream()
            .filter(each -> each.name().equals("LongMethod"))
            .findFirst()
            .orElseThrow();

    assertThat(Corpus.NEWEST.woven(shape, FrameMode.CLASS_FILES, Engine.AUTO).warnings())
        .isNotEmpty()
        .allMatch(
            warning ->
                warning.matches(
                    "LongMethod.java:\\d+: warning: \\[WEFT040] the async method run has \\d{4,5} bytes"
                        + " of code .* more than 8000: .*"));
  }

  @Test
  void warningsCanBeRaisedToErrorsAndSilenced() {
    assertThat(weave("warnings=error"))
        .isNotEmpty()
        .allMatch(Diagnostic::isError)
        .allMatch(diagnostic -> diagnostic.toString().contains(": error: [WEFT04"));
    assertThat(weave("warnings=off")).isEmpty();
    assertThat(weave("WEFT041=off")).isEmpty();
    assertThat(weave("WEFT041=warning,warnings=error")).isNotEmpty().noneMatch(Diagnostic::isError);
    assertThat(weave("WEFT042=error"))
        .isNotEmpty()
        .extracting(Diagnostic::code)
        .containsOnly(DiagnosticCode.BLOCKING_CALL);
  }

  /** A class of the corpus with blocking calls. */
  private static List<Diagnostic> weave(String severities) {
    Shape shape =
        COMPILED.keySet().stream()
            .filter(each -> each.name().equals("BlockingCalls"))
            .findFirst()
            .orElseThrow();
    Map<String, byte[]> classes = Objects.requireNonNull(COMPILED.get(shape));
    Weaver weaver =
        new Weaver(
            ClassSource.of(new ShapeLoader(ShapeRun.class.getClassLoader(), classes)),
            FrameMode.CLASS_FILES,
            WeaverOptions.DEFAULT.withSeverities(DiagnosticSeverities.parse(severities)));
    WeaveResult result = weaver.weave(Objects.requireNonNull(classes.get(shape.className())));
    assertThat(result.bytes() == null).isEqualTo(result.failed());
    return result.diagnostics();
  }
}
