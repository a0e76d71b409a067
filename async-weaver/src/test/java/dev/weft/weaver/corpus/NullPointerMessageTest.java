package dev.weft.weaver.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.Engine;
import dev.weft.weaver.FrameMode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The JVM says of a null in a woven method where it came from. It reads the bytecode for that, and
 * stumbles over what {@link SwitchDepths} tells.
 */
class NullPointerMessageTest {
  private static final String MESSAGE =
      "Cannot read field \"n\" because the return value of "
          + "\"dev.weft.frame.Await.take(java.util.concurrent.CompletableFuture)\" is null";

  /** Six awaits, all of which find their locals in place: the direct engine emits a switch too. */
  private static final Shape SHAPE =
      new Shape(
          "Nulls",
          """
          package shapes;
          import static dev.weft.Async.await;
          import dev.weft.weaver.corpus.Source;
          class Nulls {
            int n;
            static java.util.concurrent.CompletableFuture<String> run(Source s) {
              try {
                return s.of(await(fails(s)));
              } catch (NullPointerException e) {
                return s.of(e.getMessage());
              }
            }
            static java.util.concurrent.CompletableFuture<String> fails(Source s) {
              await(s.of((Nulls) null)).n++;
              await(s.of("2"));
              await(s.of("3"));
              await(s.of("4"));
              await(s.of("5"));
              return s.of("" + await(s.of("6")));
            }
          }
          """);

  @ParameterizedTest
  @CsvSource({
    "CLASS_FILES, EA",
    "HIDDEN_CLASSES, EA",
    "CLASS_FILES, DIRECT",
    "HIDDEN_CLASSES, DIRECT"
  })
  void theMessageSaysWhichValueWasNull(FrameMode mode, Engine engine) {
    Map<String, byte[]> classes =
        Objects.requireNonNull(InMemoryCompiler.newest().compile(List.of(SHAPE)).get(SHAPE));
    WovenShape woven = new WovenShape(SHAPE, classes, mode, engine);

    assertThat(woven.diagnostics()).isEmpty();
    assertThat(woven.complaints()).isEmpty();
    for (Readiness readiness : Readiness.values()) {
      assertThat(woven.run(readiness, 0).outcome()).as(woven::dump).isEqualTo(" -> " + MESSAGE);
    }
  }
}
