package dev.weft.weaver.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.Engine;
import dev.weft.weaver.FrameMode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Awaiting null ends in one and the same message, wherever the null comes from. */
class AwaitsNullTest {
  private static final String MESSAGE =
      "NullPointerException: await(null): there is no stage to wait for. An async method must not"
          + " return null; one without a result returns Async.done()";

  /** Six ways to come by a null; a pause between them, so that the frame is there already. */
  private static final Shape SHAPE =
      new Shape(
          "Nulls",
          """
          package shapes;
          import static dev.weft.Async.await;
          import dev.weft.Async;
          import dev.weft.Task;
          import dev.weft.weaver.corpus.Source;
          import java.time.Duration;
          import java.util.concurrent.*;
          class Nulls {
            static class NoFuture extends CompletableFuture<String> {
              public CompletableFuture<String> toCompletableFuture() { return null; }
            }
            static CompletableFuture<String> returnsNull(boolean waits) {
              if (waits) {
                await(Async.yieldNow());
              }
              return null;
            }
            static CompletableFuture<String> one(Source s, int which) {
              CompletableFuture<String> future = null;
              Task<String> task = null;
              CompletionStage<String> stage = null;
              try {
                return s.of(switch (which) {
                  case 0 -> await(future);
                  case 1 -> await(task);
                  case 2 -> await(stage);
                  case 3 -> await(Async.timeout(Duration.ofHours(1), future));
                  case 4 -> await(new NoFuture());
                  case 5 -> await(returnsNull(false));
                  default -> await(returnsNull(true));
                });
              } catch (NullPointerException e) {
                return s.of(e.getClass().getSimpleName() + ": " + e.getMessage());
              }
            }
            static CompletableFuture<String> ea(Source s) {
              CompletableFuture<String> future = null;
              try {
                return s.of(com.ea.async.Async.await(future));
              } catch (NullPointerException e) {
                return s.of(e.getClass().getSimpleName() + ": " + e.getMessage());
              }
            }
            static CompletableFuture<String> run(Source s) {
              for (int which = 0; which < 7; which++) {
                s.log(await(one(s, which)));
                s.log("-");
              }
              EA
              return s.of("end");
            }
          }
          """);

  private static final String EA = "s.log(await(ea(s)));";

  private static Shape shape(String ea) {
    return new Shape("Nulls", SHAPE.source().replace("EA\n", ea + "\n"));
  }

  private static Map<String, byte[]> compile(Shape shape) {
    return Objects.requireNonNull(InMemoryCompiler.newest().compile(List.of(shape)).get(shape));
  }

  static Stream<Arguments> ways() {
    return Stream.of(Engine.values())
        .flatMap(
            engine ->
                Stream.of(FrameMode.values())
                    .flatMap(
                        mode ->
                            Stream.of(Readiness.values())
                                .map(readiness -> Arguments.of(engine, mode, readiness))));
  }

  @ParameterizedTest
  @MethodSource("ways")
  void inAWovenMethod(Engine engine, FrameMode mode, Readiness readiness) {
    Shape shape = shape(EA);
    WovenShape woven = new WovenShape(shape, compile(shape), mode, engine);
    assertThat(woven.diagnostics()).isEmpty();

    assertThat(woven.run(readiness, 0).outcome())
        .isEqualTo((MESSAGE + " - ").repeat(7) + MESSAGE + " -> end");
  }

  @Test
  void inAnAwaitThatBlocks() {
    Shape shape = shape("");

    assertThat(new BlockingWorld().run(shape, compile(shape), Readiness.READY, 0).outcome())
        .isEqualTo((MESSAGE + " - ").repeat(7) + "-> end");
  }
}
