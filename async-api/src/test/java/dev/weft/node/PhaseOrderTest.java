package dev.weft.node;

import static dev.weft.node.NodeScript.run;
import static dev.weft.node.NodeScript.runWithCode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.Async;
import dev.weft.Task;
import dev.weft.frame.Await;
import dev.weft.frame.HandWritten;
import dev.weft.node.timer.TimersPhase;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
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

  // ---- sleeps and time limits are timers

  /** So that a time which is counted to the nanosecond would end a millisecond later. */
  private static void leaveTheMillisecondsStart(NodeScript it) {
    it.passTime(300_000);
  }

  private static void sleep(NodeScript it, String word, Duration duration) {
    it.then(it.node().sleep(duration), word);
  }

  @Test
  void sleepsAndTimeoutsOfOneDurationEndInTheOrderInWhichTheyBegan() {
    String order =
        run(
            it -> {
              leaveTheMillisecondsStart(it);
              sleep(it, "s1", Duration.ofMillis(20));
              it.timeout("t1", 20);
              sleep(it, "s2", Duration.ofMillis(20));
              it.timeout("t2", 20);
            });

    assertThat(order).isEqualTo("s1 t1 s2 t2");
  }

  @Test
  void aTimeLimitIsSuchATimerToo() {
    String order =
        run(
            it -> {
              leaveTheMillisecondsStart(it);
              Task<Object> limited = Async.timeout(Duration.ofMillis(20), new Task<>());
              it.timeout("t1", 20);
              HandWritten<Object> awaiting =
                  new HandWritten<>(
                      it.node(),
                      (self, state, outcome) -> {
                        assertThatThrownBy(() -> Await.take(outcome))
                            .isInstanceOf(TimeoutException.class);
                        it.log("limit");
                        return NodeScript.nothing();
                      });
              awaiting.await(limited, 1);
            });

    assertThat(order).isEqualTo("limit t1");
  }

  @Test
  void aFractionOfAMillisecondIsRoundedUp() {
    String order =
        run(
            it -> {
              it.timeout("t1", 1);
              sleep(it, "1.5", Duration.ofNanos(1_500_000));
              it.timeout("t2", 2);
              sleep(it, "0.5", Duration.ofNanos(500_000));
            });

    assertThat(order).isEqualTo("t1 0.5 1.5 t2");
  }

  @Test
  void aSleepMayBeLongerThanATimer() {
    String order =
        run(
            it -> {
              sleep(it, "30 days", Duration.ofDays(30));
              it.node()
                  .setTimeout(
                      () -> it.timeout("29.9 days", Duration.ofDays(5).toMillis()),
                      TimersPhase.MAX_MILLIS);
            });

    assertThat(order).isEqualTo("29.9 days 30 days");
  }
}
