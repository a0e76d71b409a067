package dev.weft.weaver.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.Engine;
import dev.weft.weaver.FrameMode;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every accepted shape is run again and again, with each of its futures failing in turn, and takes
 * each failure as its blocking self does.
 */
class CorpusFaultsTest {
  private static final Corpus CORPUS = Corpus.NEWEST;

  /** Per shape: the first ones pass through every kind of code that a shape has. */
  private static final int MOST_FAULTS = 20;

  static Stream<Arguments> runs() {
    return CORPUS.shapes().stream()
        .filter(Shape::takesFaults)
        .flatMap(
            shape ->
                Stream.of(Readiness.READY, Readiness.DEFERRED)
                    .flatMap(
                        readiness ->
                            Corpus.ENGINES.stream()
                                .map(engine -> Arguments.of(shape, readiness, engine))));
  }

  @ParameterizedTest(name = "{0} {1} {2}")
  @MethodSource("runs")
  void takesEveryFailureLikeItsBlockingSelf(Shape shape, Readiness readiness, Engine engine) {
    WovenShape woven = CORPUS.woven(shape, FrameMode.CLASS_FILES, engine);
    assertThat(woven.diagnostics()).as(woven::dump).isEmpty();
    int futures = CORPUS.blocking(shape, readiness, 0).futures();
    for (int failing = 1; failing <= Math.min(futures, MOST_FAULTS); failing++) {
      String expected = CORPUS.blocking(shape, readiness, failing).outcome();
      int failed = failing;
      assertThat(woven.run(readiness, failing).outcome())
          .as(() -> "future " + failed + " fails\n" + woven.dump())
          .isEqualTo(expected);
    }
  }
}
