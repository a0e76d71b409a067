package dev.weft.weaver.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.Engine;
import dev.weft.weaver.FrameMode;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every accepted shape, compiled at the JDK's newest release, is woven without a complaint, and
 * does woven what it does when its awaits block.
 */
class CorpusTest {
  private static final Corpus CORPUS = Corpus.NEWEST;

  static Stream<Arguments> runs() {
    return CORPUS.shapes().stream()
        .flatMap(
            shape ->
                Stream.of(Readiness.values())
                    .flatMap(
                        readiness ->
                            Stream.of(FrameMode.values())
                                .flatMap(
                                    mode ->
                                        Corpus.ENGINES.stream()
                                            .map(
                                                engine ->
                                                    Arguments.of(
                                                        shape, readiness, mode, engine)))));
  }

  static Stream<Arguments> shapes() {
    return CORPUS.shapes().stream()
        .flatMap(
            shape ->
                Stream.of(FrameMode.values())
                    .flatMap(
                        mode ->
                            Stream.of(Engine.values())
                                .map(engine -> Arguments.of(shape, mode, engine))));
  }

  @Test
  void holdsAtLeastSeventyShapes() {
    assertThat(CORPUS.shapes()).hasSizeGreaterThanOrEqualTo(70);
  }

  @ParameterizedTest(name = "{0} {1} {2} {3}")
  @MethodSource("runs")
  void runsLikeItsBlockingSelf(Shape shape, Readiness readiness, FrameMode mode, Engine engine) {
    WovenShape woven = CORPUS.woven(shape, mode, engine);
    assertThat(woven.diagnostics()).as(woven::dump).isEmpty();

    Observation seen = woven.run(readiness, 0);

    assertThat(seen.outcome()).as(woven::dump).isEqualTo(CORPUS.expected(shape, readiness));
    if (shape.expected() == null && !shape.isRacy()) {
      assertThat(seen.suspensions())
          .as("awaits that waited in %s", shape)
          .isEqualTo(CORPUS.blocking(shape, readiness, 0).suspensions());
    }
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @MethodSource("shapes")
  void isWovenIntoValidClasses(Shape shape, FrameMode mode, Engine engine)
      throws ClassNotFoundException {
    WovenShape woven = CORPUS.woven(shape, mode, engine);

    assertThat(woven.diagnostics()).as(woven::dump).isEmpty();
    assertThat(woven.suspensionPoints()).as(woven::dump).isPositive();
    assertThat(woven.complaints()).as(woven::dump).isEmpty();
    ShapeLoader loader = woven.load();
    for (String name : woven.classes().keySet()) {
      // Reflection links the class, which has the JVM verify it.
      assertThat(Class.forName(name, false, loader).getDeclaredMethods()).isNotNull();
    }
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @MethodSource("shapes")
  void isLeftAloneWhenWovenAgain(Shape shape, FrameMode mode, Engine engine) {
    assertThat(CORPUS.woven(shape, mode, engine).changedByWeavingAgain()).isEmpty();
  }
}
