package dev.weft.weaver.corpus;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.Engine;
import dev.weft.weaver.FrameMode;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An exception that several calls await is changed by none of them, and one that only its caller
 * awaits is treated as in Java without awaits: what closing fails with is suppressed in it. On
 * every path by which an await throws.
 */
class SharedFailuresTest {
  /** Runs BODY; close() of every resource throws. */
  private static final String SOURCE =
      """
      package shapes;
      import static AWAIT.await;
      import dev.weft.*;
      import dev.weft.weaver.corpus.Source;
      import java.util.concurrent.*;
      class Shared {
        record Res(Source s) implements AutoCloseable {
          public void close() {
            s.log("close");
            throw new IllegalStateException("close failed");
          }
        }
        static CompletableFuture<String> failsAtOnce() {
          if (System.nanoTime() != 0) {
            throw new IllegalArgumentException("boom");
          }
          return Async.done(await(Async.done("x")));
        }
        static CompletableFuture<String> fails(Source s) {
          await(s.of(1));
          throw new IllegalArgumentException("boom");
        }
        static CompletableFuture<String> forwards(CompletableFuture<String> cached, Source s) {
          await(s.of(1));
          return cached;
        }
        static CompletableFuture<String> use(CompletableFuture<String> cached, Source s) {
          try (Res r = new Res(s)) {
            await(cached);
          }
          return Async.done("not reached");
        }
        static CompletableFuture<String> call(Source s) {
          try (Res r = new Res(s)) {
            await(fails(s));
          }
          return Async.done("not reached");
        }
        static CompletableFuture<String> callAtOnce(Source s) {
          try (Res r = new Res(s)) {
            await(failsAtOnce());
          }
          return Async.done("not reached");
        }
        static String suppressed(Throwable e) {
          Throwable cause = e instanceof CompletionException && e.getCause() != null ? e.getCause() : e;
          return cause.getMessage() + " " + e.getSuppressed().length + cause.getSuppressed().length;
        }
        static CompletableFuture<String> run(Source s) {
          BODY
        }
      }
      """;

  private static final String TWICE =
      """
          for (int i = 0; i < 3; i++) {
            try {
              await(use(cached, s));
            } catch (Exception e) {
              s.log(suppressed(e));
            }
          }
          return Async.done("end");
      """;

  private static final String CLOSED = "close boom 00 ";
  private static final String UNCHANGED = CLOSED.repeat(3) + "-> end";

  private static Stream<Arguments> ways() {
    return Stream.of(Engine.EA, Engine.DIRECT, Engine.AUTO)
        .flatMap(
            engine ->
                Stream.of(FrameMode.values())
                    .flatMap(
                        mode ->
                            Stream.of(Readiness.values())
                                .map(readiness -> Arguments.of(engine, mode, readiness))));
  }

  private static String run(
      String await, String body, Engine engine, FrameMode mode, Readiness readiness) {
    Shape shape = new Shape("Shared", SOURCE.replace("BODY", body).replace("AWAIT", await));
    Map<String, byte[]> compiled =
        Objects.requireNonNull(InMemoryCompiler.newest().compile(List.of(shape)).get(shape));
    WovenShape woven = new WovenShape(shape, compiled, mode, engine);
    assertThat(woven.diagnostics()).isEmpty();
    assertThat(woven.complaints()).isEmpty();
    return woven.run(readiness, 0).outcome();
  }

  @ParameterizedTest
  @MethodSource("ways")
  void theFailureOfACachedFutureIsNotChanged(Engine engine, FrameMode mode, Readiness readiness) {
    String cached =
        "CompletableFuture<String> cached = s.fail(new IllegalArgumentException(\"boom\"));";
    assertThat(run("dev.weft.Async", cached + TWICE, engine, mode, readiness)).isEqualTo(UNCHANGED);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void norIsThatOfASpawnedTask(Engine engine, FrameMode mode, Readiness readiness) {
    String cached = "CompletableFuture<String> cached = Async.spawn(() -> fails(s));";
    assertThat(
            run(
                "dev.weft.Async",
                // the task and the deferred futures are on different threads: one after the other
                cached + "try { await(cached); } catch (IllegalArgumentException e) {}" + TWICE,
                engine,
                mode,
                readiness))
        .isEqualTo(UNCHANGED);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void norWhenACallHandsItOn(Engine engine, FrameMode mode, Readiness readiness) {
    String cached =
        "CompletableFuture<String> cached = s.fail(new IllegalArgumentException(\"boom\"));";
    assertThat(
            run(
                "dev.weft.Async",
                cached + TWICE.replace("use(cached, s)", "use(forwards(cached, s), s)"),
                engine,
                mode,
                readiness))
        .isEqualTo(UNCHANGED);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void norForTheAwaitsOfEaAsync(Engine engine, FrameMode mode, Readiness readiness) {
    String cached =
        "CompletableFuture<String> cached = s.fail(new IllegalArgumentException(\"boom\"));"
            + "CompletableFuture<String> derived = cached.thenApply(x -> x);";
    // join() wraps anew what the first holds, and throws the wrapper that the second holds.
    String outcome =
        run(
            "com.ea.async.Async",
            cached
                + TWICE
                    .replace("use(cached, s)", "use(i == 0 ? cached : derived, s)")
                    .replace("s.log(suppressed(e))", "s.log(suppressed(e.getCause()))"),
            engine,
            mode,
            readiness);
    assertThat(outcome).isEqualTo(UNCHANGED);
  }

  @ParameterizedTest
  @MethodSource("ways")
  void theFailureOfAnOwnCallSuppressesWhatClosingFailsWith(
      Engine engine, FrameMode mode, Readiness readiness) {
    assertThat(run("dev.weft.Async", "return call(s);", engine, mode, readiness))
        .isEqualTo(
            "close -> threw java.lang.IllegalArgumentException: boom suppressing"
                + " [java.lang.IllegalStateException: close failed]");
    assertThat(run("dev.weft.Async", "return callAtOnce(s);", engine, mode, readiness))
        .isEqualTo(
            "close -> threw java.lang.IllegalArgumentException: boom suppressing"
                + " [java.lang.IllegalStateException: close failed]");
  }

  @ParameterizedTest
  @MethodSource("ways")
  void theFailureOfACallThatIsKeptDoesNotGrow(Engine engine, FrameMode mode, Readiness readiness) {
    String cached = "CompletableFuture<String> cached = fails(s);";
    assertThat(run("dev.weft.Async", cached + TWICE, engine, mode, readiness))
        .isEqualTo("close boom 11 close boom 11 close boom 11 -> end");
  }
}
