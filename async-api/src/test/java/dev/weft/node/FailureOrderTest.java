package dev.weft.node;

import static dev.weft.node.NodeScript.run;
import static dev.weft.node.NodeScript.runWithCode;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.Task;
import dev.weft.frame.Settled;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/**
 * When failures are reported, and what goes on after them. Each expected order is what Node
 * v20.20.2 printed for the same program.
 */
class FailureOrderTest {
  private static Task<Object> rejected(String message) {
    return Settled.failure(new IllegalStateException(message));
  }

  private static void logFailures(NodeScript it) {
    it.node().onUncaughtException(error -> it.log("uncaught:" + error.getMessage()));
    it.node().onUnhandledRejection((error, task) -> it.log("unhandled:" + error.getMessage()));
    it.node().onRejectionHandled(task -> it.log("rejectionHandled"));
  }

  private static void throwing(NodeScript it, String word, String message) {
    it.log(word);
    throw new IllegalStateException(message);
  }

  @Test
  void unhandledRejectionsAreReportedWhenTheQueuesAreEmpty() {
    String order =
        run(
            it -> {
              logFailures(it);
              Task<Object> x = rejected("x");
              Task<Object> y = rejected("y");
              it.node()
                  .nextTick(
                      () -> {
                        it.log("tick");
                        y.exceptionally(
                            error -> {
                              it.log("y-caught-in-tick");
                              return "";
                            });
                      });
              it.microtask("micro");
              it.node()
                  .setImmediate(
                      () -> {
                        it.log("immediate");
                        CompletableFuture<Object> unused =
                            x.exceptionally(
                                error -> {
                                  it.log("caught-late");
                                  return "";
                                });
                      });
            });

    // In Node the function given to catch is a microtask; that hung on a future here runs at once.
    assertThat(order)
        .isEqualTo(
            "tick y-caught-in-tick micro unhandled:x immediate caught-late rejectionHandled");
  }

  @Test
  void whoAwaitsInTimeHasHeardOfTheFailure() {
    String order =
        run(
            it -> {
              logFailures(it);
              Task<Object> failed = rejected("heard");
              it.node().nextTick(() -> it.then(failed, "never"));
            });

    assertThat(order).isEqualTo("unhandled:heard"); // that of the awaiting function, once
  }

  @Test
  void aRejectionThatNobodyHandlesEndsTheProgram() {
    String order =
        runWithCode(
            it -> {
              it.node().onExit(code -> it.log("exit:" + code));
              rejected("x");
              it.microtask("micro");
              it.immediate("never");
            });

    assertThat(order).isEqualTo("micro exit:1 code:1");
  }

  @Test
  void anUncaughtExceptionEndsTheProgram() {
    String order =
        runWithCode(
            it -> {
              it.node().onExit(code -> it.log("exit:" + code));
              it.node().setTimeout(() -> throwing(it, "t1", "t"), 1);
              it.timeout("never", 1);
            });

    assertThat(order).isEqualTo("t1 exit:1 code:1");
  }

  @Test
  void afterAHandledExceptionThePhaseGoesOnAndTicksLeftBehindWait() {
    String order =
        run(
            it -> {
              logFailures(it);
              it.node().nextTick(() -> throwing(it, "k1", "k"));
              it.tick("k2");
              it.node().setTimeout(() -> throwing(it, "t1", "t"), 1);
              it.timeout("t2", 1);
              it.node().setImmediate(() -> throwing(it, "i1", "e1"));
              it.immediate("i2");
              it.passTime(5_000_000);
            });

    assertThat(order).isEqualTo("k1 uncaught:k t1 uncaught:t t2 k2 i1 uncaught:e1 i2");
  }

  @Test
  void aMicrotaskThatThrowsDoesNotKeepTheOthersFromRunning() {
    String order =
        run(
            it -> {
              logFailures(it);
              it.node().queueMicrotask(() -> throwing(it, "m1", "m"));
              it.microtask("m2");
              it.tick("tick");
            });

    assertThat(order).isEqualTo("tick m1 uncaught:m m2");
  }

  @Test
  void immediatesSetBeforeTheLastOneOfAPhaseThrowsRunInThatPhase() {
    String order =
        run(
            it -> {
              logFailures(it);
              it.node()
                  .setImmediate(
                      () -> {
                        it.immediate("next");
                        it.io(it.logs("io"));
                        throwing(it, "last", "e");
                      });
            });

    assertThat(order).isEqualTo("last uncaught:e next io");
  }

  @Test
  void anExceptionInTheHandlerEndsTheProgramWithSeven() {
    String order =
        runWithCode(
            it -> {
              it.node()
                  .onUncaughtException(
                      error -> {
                        throw new IllegalStateException("second", error);
                      });
              it.node().setImmediate(() -> throwing(it, "first", "e"));
              it.timeout("never", 5);
            });

    assertThat(order).isEqualTo("first code:7");
  }

  @Test
  void queuesAreDrainedAfterMainHasThrown() {
    String order =
        run(
            it -> {
              logFailures(it);
              it.tick("tick");
              it.microtask("micro");
              it.timeout("timeout", 0);
              it.immediate("immediate");
              it.passTime(10_000_000);
              throw new IllegalStateException("main");
            });

    assertThat(order).isEqualTo("uncaught:main tick micro timeout immediate");
  }

  @Test
  void ticksOfATimerThatThrewComeBeforeTheNextList() {
    String order =
        run(
            it -> {
              logFailures(it);
              it.node()
                  .setTimeout(
                      () -> {
                        it.tick("tick");
                        throw new IllegalStateException("t1");
                      },
                      1);
              it.timeout("t3", 3);
              it.passTime(20_000_000);
            });

    assertThat(order).isEqualTo("uncaught:t1 tick t3");
  }

  @Test
  void whoComposesOrCombinesItInTimeHasHeardOfTheFailure() {
    String order =
        run(
            it -> {
              logFailures(it);
              CompletableFuture<Object> ready = CompletableFuture.completedFuture("");
              Task<Object> composed = rejected("composed");
              ready.thenCompose(value -> composed);
              Task<Object> combined = it.async("a", 1, () -> rejected("combined"));
              it.node()
                  .nextTick(() -> it.then(combined, "never").exceptionally(error -> "handled"));
              Task<Object> minimal = rejected("minimal");
              minimal.minimalCompletionStage();
              Task<Object> either = rejected("either");
              ready.applyToEither(either, value -> value);
              CompletableFuture<Object> late = new CompletableFuture<>();
              Task<Object> method = it.async("b", 1, () -> rejected("an async method's"));
              it.node()
                  .queueMicrotask(
                      () ->
                          it.node()
                              .queueMicrotask(
                                  () -> {
                                    it.log(method.isDone() ? "failed" : "not yet");
                                    ready.thenCombine(method, (one, other) -> late);
                                  }));
            });

    assertThat(order).isEqualTo("a1 b1 a2 b2 failed");
  }

  @Test
  void whatASupplierThrowsIsReportedAsItIs() {
    String order =
        run(
            it -> {
              logFailures(it);
              new Task<>()
                  .completeAsync(
                      () -> {
                        throw new IllegalStateException("x");
                      },
                      it.node());
            });

    assertThat(order).isEqualTo("unhandled:x");
  }
}
