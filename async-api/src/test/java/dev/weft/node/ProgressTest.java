package dev.weft.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.frame.Carrier;
import dev.weft.node.loop.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the loop's monitor looks at is another number in each callback, also of those that run one
 * after the other in one phase: else many short ones would look like a long one.
 */
class ProgressTest {
  private static final int CALLBACKS = 5;

  private interface Start {
    void start(NodeScript it, Runnable callback);
  }

  static Stream<Named<Start>> kinds() {
    return Stream.of(
        Named.of("ticks", (it, callback) -> it.node().nextTick(callback)),
        Named.of("microtasks", (it, callback) -> it.node().queueMicrotask(callback)),
        Named.of("immediates", (it, callback) -> it.node().setImmediate(callback)),
        Named.of("timers of one list", (it, callback) -> it.node().setTimeout(callback, 3)),
        Named.of("posts", (it, callback) -> it.node().execute(callback)),
        Named.of(
            "tasks",
            (it, callback) ->
                it.node()
                    .spawn(
                        () -> {
                          callback.run();
                          return Async.done();
                        })),
        Named.of(
            "timers that throw",
            (it, callback) -> {
              it.node().onUncaughtException(error -> {});
              it.node()
                  .setTimeout(
                      () -> {
                        callback.run();
                        throw new IllegalStateException("on purpose");
                      },
                      3);
            }),
        Named.of(
            "rejections",
            (it, callback) -> {
              it.node().onUnhandledRejection((error, task) -> callback.run());
              new Task<>().completeExceptionally(new IllegalStateException("on purpose"));
            }));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void eachCallbackIsProgress(Start kind) {
    List<Long> seen = new ArrayList<>();
    NodeScript.run(
        it -> {
          EventLoop loop = (EventLoop) Carrier.current();
          IntStream.range(0, CALLBACKS)
              .forEach(number -> kind.start(it, () -> seen.add(loop.turn().progress())));
        });
    assertThat(seen).hasSize(CALLBACKS).doesNotHaveDuplicates();
  }
}
