package dev.weft.node;

import static dev.weft.node.NodeScript.run;
import static dev.weft.node.NodeScript.runWithCode;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The order of the phases, and how the loop ends. Each expected order is what Node v20.20.2 printed
 * for the same program.
 */
class PhaseOrderTest {
  @Test
  void queuesDrainBetweenAnyTwoTimersAndAnyTwoImmediates() {
    String order =
        run(
            it -> {
              for (String name : List.of("t1", "t2")) {
                it.node()
                    .setTimeout(
                        () -> {
                          it.log(name);
                          it.tick(name + "-tick");
                          it.microtask(name + "-micro");
                          if (name.equals("t2")) {
                            it.node().setImmediate(() -> immediateWithNested(it));
                            it.immediate("i2");
                          }
                        },
                        1);
              }
            });

    assertThat(order)
        .isEqualTo("t1 t1-tick t1-micro t2 t2-tick t2-micro i1 i1-tick i1-micro i2 i3-nested");
  }

  private static void immediateWithNested(NodeScript it) {
    it.log("i1");
    it.tick("i1-tick");
    it.microtask("i1-micro");
    it.immediate("i3-nested");
  }

  @Test
  void immediatesOfTheCheckPhaseRunInTheNextIteration() {
    String order =
        run(
            it -> {
              it.node()
                  .setImmediate(
                      () -> {
                        it.log("i1");
                        it.io(it.logs("io"));
                        it.immediate("i3-nested");
                      });
              it.immediate("i2");
            });

    assertThat(order).isEqualTo("i1 i2 io i3-nested"); // the poll of the next iteration between
  }

  @Test
  void insideAnIoCallbackTheImmediateComesBeforeTheTimeout() {
    String order =
        run(
            it ->
                it.io(
                    () -> {
                      it.timeout("timeout", 0);
                      it.immediate("immediate");
                      it.tick("tick");
                      it.microtask("micro");
                    }));

    assertThat(order).isEqualTo("tick micro immediate timeout");
  }

  @Test
  void delaysOutsideTheRangeBecomeOneAndEqualOnesKeepTheirOrder() {
    String order =
        run(
            it -> {
              it.timeout("2", 2);
              it.timeout("1", 1);
              it.timeout("0", 0);
              it.timeout("-1", -1);
              it.timeout("0.5", 0.5);
              it.timeout("2^31", Math.pow(2, 31));
              it.timeout("NaN", Double.NaN);
              it.timeout("2.9", 2.9);
            });

    assertThat(order).isEqualTo("1 0 -1 0.5 2^31 NaN 2 2.9");
  }

  @Test
  void recursiveImmediatesDoNotStarveTimers() {
    String order =
        run(
            it -> {
              boolean[] fired = {false};
              Runnable[] again = new Runnable[1];
              again[0] =
                  () -> {
                    if (!fired[0]) {
                      it.passTime(100_000);
                      it.node().setImmediate(again[0]);
                    }
                  };
              it.node().setImmediate(again[0]);
              it.node()
                  .setTimeout(
                      () -> {
                        fired[0] = true;
                        it.log("timeout");
                      },
                      3);
            });

    assertThat(order).isEqualTo("timeout");
  }

  @Test
  void theLoopEndsWhenNothingReferencedIsLeft() {
    String order =
        runWithCode(
            it -> {
              it.node().onExit(code -> it.log("exit:" + code));
              it.node()
                  .onBeforeExit(
                      () -> {
                        it.log("beforeExit");
                        if (!it.words().contains("revived")) {
                          it.timeout("revived", 1);
                        }
                      });
              it.timeout("never", 1000).unref();
              it.node()
                  .onExit(
                      code -> {
                        it.tick("never");
                        it.immediate("never");
                      });
            });

    assertThat(order).isEqualTo("beforeExit revived beforeExit exit:0 code:0");
  }

  @Test
  void whatIsUnreferencedRunsForAsLongAsSomethingElseKeepsTheLoopAlive() {
    String order =
        run(
            it -> {
              Timeout unreferenced = it.timeout("unreferenced", 5).unref();
              Timeout again = it.timeout("referenced again", 30).unref().ref();
              it.immediate("immediate").unref();
              it.timeout("last", 10);
              it.log(unreferenced.hasRef() + " " + again.hasRef());
            });

    assertThat(order).isEqualTo("false true immediate unreferenced last referenced again");
  }

  @Test
  void intervalsRepeatUntilClearedAndRefreshStartsAnew() {
    String order =
        run(
            it -> {
              int[] count = {0};
              Timeout[] interval = new Timeout[1];
              interval[0] =
                  it.node()
                      .setInterval(
                          () -> {
                            it.log("every" + ++count[0]);
                            if (count[0] == 3) {
                              it.node().clearInterval(interval[0]);
                            }
                          },
                          10);
              Timeout late = it.timeout("late", 15);
              it.node().setTimeout(late::refresh, 12);
              it.node().clearTimeout(it.timeout("never", 1));
              it.node().clearImmediate(it.immediate("never"));
            });

    assertThat(order).isEqualTo("every1 every2 late every3");
  }

  @Test
  void aTimerWithoutReferenceDoesNotFireIfNothingElseIsLeft() {
    String order =
        run(
            it -> {
              it.timeout("fired", 1).unref();
              it.passTime(10_000_000);
              it.log("main");
            });

    assertThat(order).isEqualTo("main");
  }

  @Test
  void ticksRunBetweenTwoListsOfTimersAndMayRefreshOneOfTheNext() {
    String order =
        run(
            it -> {
              Timeout[] a = new Timeout[1];
              it.node()
                  .setTimeout(
                      () -> {
                        it.log("t1");
                        it.node().nextTick(() -> a[0].refresh());
                      },
                      1);
              a[0] = it.timeout("a", 3);
              it.timeout("b", 3);
              it.passTime(20_000_000);
            });

    assertThat(order).isEqualTo("t1 b a");
  }
}
