package dev.weft.node;

import static dev.weft.node.NodeScript.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.frame.Settled;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * The order of ticks, microtasks and awaits. Each expected order is what Node v20.20.2 printed for
 * the same program.
 */
class QueueOrderTest {
  @Test
  void mainScriptThenTicksThenMicrotasksUntilBothAreEmpty() {
    String order =
        run(
            it -> {
              it.node()
                  .nextTick(
                      () -> {
                        it.log("tick1");
                        it.microtask("micro-from-tick");
                      });
              it.then(
                  it.then(
                      Settled.value(null),
                      () -> {
                        it.log("micro1");
                        it.tick("tick-from-micro");
                        return Settled.value(null);
                      }),
                  "micro2");
              it.microtask("qm");
              it.tick("tick2");
              it.log("sync");
            });

    assertThat(order)
        .isEqualTo("sync tick1 tick2 micro1 qm micro-from-tick micro2 tick-from-micro");
  }

  @Test
  void microtasksDrainBeforeTheTicksThatTheyQueue() {
    String order =
        run(
            it ->
                it.node()
                    .queueMicrotask(
                        () -> {
                          it.log("m1");
                          it.tick("T");
                          it.node()
                              .queueMicrotask(
                                  () -> {
                                    it.log("m2");
                                    it.microtask("m3");
                                  });
                        }));

    assertThat(order).isEqualTo("m1 m2 m3 T");
  }

  @Test
  void awaitOfASettledPromiseCostsOneTurnAndReturningAPromiseTwoMore() {
    String order =
        run(
            it -> {
              Task<Object> returned = it.async("a", 3, () -> it.async("r", 1, NodeScript::nothing));
              it.then(returned, "return-promise");
              var p = it.then(Settled.value(null), "p1");
              for (int i = 2; i <= 8; i++) {
                p = it.then(p, "p" + i);
              }
            });

    assertThat(order).isEqualTo("a1 a2 p1 a3 p2 a4 r1 p3 r2 p4 p5 return-promise p6 p7 p8");
  }

  @Test
  void returningASettledPromiseCostsTwoTurnsAsWell() {
    String order =
        run(
            it -> {
              Task<Object> settled = new Task<>();
              settled.complete(null);
              it.then(it.async("a", 1, () -> settled), "returned");
              var p = it.then(Settled.value(null), "p1");
              for (int i = 2; i <= 6; i++) {
                p = it.then(p, "p" + i);
              }
            });

    assertThat(order).isEqualTo("a1 a2 p1 p2 p3 returned p4 p5 p6");
  }

  /** Also of none: it is a promise, and no value, even if all that it is of is there. */
  @Test
  void soDoesReturningAllOfWhatIsThere() {
    for (List<Task<Integer>> stages :
        List.of(List.of(Settled.value(1), Settled.value(2)), List.<Task<Integer>>of())) {
      String order =
          run(
              it -> {
                it.then(it.async("a", 1, () -> Async.all(stages)), "returned");
                var p = it.then(Settled.value(null), "p1");
                for (int i = 2; i <= 6; i++) {
                  p = it.then(p, "p" + i);
                }
              });

      assertThat(order).isEqualTo("a1 a2 p1 p2 p3 returned p4 p5 p6");
    }
  }

  @Test
  void awaitLetsTheCallerGoOn() {
    String order =
        run(
            it -> {
              it.timeout("timeout", 0);
              it.tick("tick");
              it.async("a", 1, NodeScript::nothing);
              it.log("b");
              it.then(Settled.value(null), "p1");
              it.log("end");
            });

    assertThat(order).isEqualTo("a1 b end tick a2 p1 timeout");
  }

  @Test
  void whoAwaitsAPendingPromiseFirstGoesOnFirst() {
    String order =
        run(
            it -> {
              Task<Object> promise = new Task<>();
              for (String name : List.of("a", "b", "c", "d")) {
                it.then(promise, name);
              }
              it.node().setImmediate(() -> promise.complete(null));
            });

    assertThat(order).isEqualTo("a b c d");
  }

  @Test
  void recursiveTicksStarveTheLoop() {
    String order =
        run(
            it -> {
              int[] ticks = {0};
              Runnable[] again = new Runnable[1];
              again[0] =
                  () -> {
                    if (++ticks[0] <= 1000) {
                      it.node().nextTick(again[0]);
                    }
                  };
              it.node().setImmediate(() -> it.log("immediate@" + ticks[0]));
              it.node().nextTick(again[0]);
            });

    assertThat(order).isEqualTo("immediate@1001");
  }

  @Test
  void listenersRunInsideTheCancellationAndTheAwaitSeesItLater() {
    String order =
        run(
            it -> {
              Task<Object> awaited = new Task<>();
              it.then(awaited, "never")
                  .exceptionally(
                      error -> {
                        it.log(error.getClass().getSimpleName());
                        return null;
                      });
              it.node()
                  .setImmediate(
                      () -> {
                        awaited.whenComplete((value, error) -> it.log("abort-event"));
                        awaited.cancel(false);
                        it.log("after-abort-call");
                      });
            });

    assertThat(order).isEqualTo("abort-event after-abort-call CancellationException");
  }

  @Test
  void whoAwaitsADerivedPromiseFirstGoesOnFirst() {
    String order =
        run(
            it -> {
              Task<Object> task = new Task<>();
              CompletableFuture<Object> derived = task.thenApply(value -> value);
              for (String name : List.of("a", "b", "c", "d")) {
                it.then(derived, name);
              }
              it.node().setImmediate(() -> task.complete(1));
            });

    assertThat(order).isEqualTo("a b c d");
  }
}
