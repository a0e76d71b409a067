package dev.weft.weaver.corpus;

import static org.assertj.core.api.Assertions.assertThat;

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
                                .map(mode -> Arguments.of(shape, readiness, mode))));
  }

  static Stream<Arguments> shapes() {
    return CORPUS.shapes().stream()
        .flatMap(shape -> Stream.of(FrameMode.values()).map(mode -> Arguments.of(shape, mode)));
  }

  @Test
  void holdsAtLeastSeventyShapes() {
    assertThat(CORPUS.shapes()).hasSizeGreaterThanOrEqualTo(70);
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @MethodSource("runs")
  void runsLikeItsBlockingSelf(Shape shape, Readiness readiness, FrameMode mode) {
    WovenShape woven = CORPUS.woven(shape, mode);
    assertThat(woven.diagnostics()).as(woven::dump).isEmpty();

    Observation seen = woven.run(readiness, 0);

    assertThat(seen.outcome()).as(woven::dump).isEqualTo(CORPUS.expected(shape, readiness));
    if (shape.expected() == null && !shape.isRacy()) {
      assertThat(seen.suspensions())
          .as("awaits that waited in %s", shape)
          .isEqualTo(CORPUS.blocking(shape, readiness, 0).suspensions());
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("shapes")
  void isWovenIntoValidClasses(Shape shape, FrameMode mode) throws ClassNotFoundException {
    WovenShape woven = CORPUS.woven(shape, mode);

    assertThat(woven.diagnostics()).as(woven::dump).isEmpty();
    assertThat(woven.suspensionPoints()).as(woven::dump).isPositive();
    assertThat(woven.complaints()).as(woven::dump).isEmpty();
    ShapeLoader loader = woven.load();
    for (String name : woven.classes().keySet()) {
      // Reflection links the class, which has the JVM verify it.
      assertThat(Class.forName(name, false, loader).getDeclaredMethods()).isNotNull();
    }
  }

  @ParameterizedTest(name = "{0} {1}")
  @MethodSource("shapes")
  void isLeftAloneWhenWovenAgain(Shape shape, FrameMode mode) {
    assertThat(CORPUS.woven(shape, mode).changedByWeavingAgain()).isEmpty();
  }
}
