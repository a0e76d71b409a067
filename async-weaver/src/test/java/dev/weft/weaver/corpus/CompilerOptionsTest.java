package dev.weft.weaver.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.Engine;
import dev.weft.weaver.FrameMode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every accepted shape runs like its blocking self however it was compiled: for the oldest release
 * that Weft serves, without debug tables, with parameter names, with string concatenation in line.
 */
class CompilerOptionsTest {
  private record Variant(String name, Corpus corpus) {
    @Override
    public String toString() {
      return name;
    }
  }

  private static final List<Variant> VARIANTS =
      List.of(
          new Variant("--release 17", new Corpus(17, "-g")),
          new Variant("-g:none", new Corpus(Runtime.version().feature(), "-g:none")),
          new Variant("-parameters", new Corpus(Runtime.version().feature(), "-g", "-parameters")),
          new Variant(
              "inline concatenation",
              new Corpus(Runtime.version().feature(), "-g", "-XDstringConcat=inline")));

  static Stream<Arguments> runs() {
    return VARIANTS.stream()
        .flatMap(
            variant ->
                variant.corpus.shapes().stream()
                    .flatMap(
                        shape ->
                            Corpus.ENGINES.stream()
                                .map(engine -> Arguments.of(shape, variant, engine))));
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @MethodSource("runs")
  void runsLikeItsBlockingSelf(Shape shape, Variant variant, Engine engine) {
    WovenShape woven = variant.corpus.woven(shape, FrameMode.CLASS_FILES, engine);
    assertThat(woven.diagnostics()).as(woven::dump).isEmpty();
    for (Readiness readiness : List.of(Readiness.DEFERRED, Readiness.ALTERNATING)) {
      assertThat(woven.run(readiness, 0).outcome())
          .as(() -> readiness + "\n" + woven.dump())
          .isEqualTo(variant.corpus.expected(shape, readiness));
    }
  }
}
