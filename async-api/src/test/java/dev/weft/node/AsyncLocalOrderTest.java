package dev.weft.node;

import static dev.weft.node.NodeScript.run;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.AsyncLocal;
import dev.weft.frame.Settled;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;

/** Where the value of an {@link AsyncLocal} goes along in node mode. */
class AsyncLocalOrderTest {
  private final AsyncLocal<String> local = new AsyncLocal<>();

  private <R> R with(String value, Callable<R> call) {
    try {
      return local.run(value, call);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private Runnable shows(NodeScript it, String where) {
    return () -> it.log(where + "=" + local.get());
  }

  @Test
  void isCapturedWhenWorkIsScheduledAndSurvivesAwaitTimersAndTicks() {
    String order =
        run(
            it -> {
              with(
                  "A",
                  () -> {
                    it.node().nextTick(shows(it, "tick"));
                    it.node().queueMicrotask(shows(it, "micro"));
                    it.node().setTimeout(shows(it, "timeout"), 1);
                    it.node().setImmediate(shows(it, "immediate"));
                    it.then(
                        Settled.value(null),
                        () -> {
                          shows(it, "await").run();
                          return NodeScript.nothing();
                        });
                    it.node()
                        .spawn(
                            () -> {
                              shows(it, "spawn").run();
                              return Settled.value(null);
                            });
                    with(
                        "A2",
                        () -> {
                          shows(it, "nested").run();
                          it.node().setTimeout(shows(it, "nested-timeout"), 2);
                          return null;
                        });
                    shows(it, "after").run();
                    return null;
                  });
              shows(it, "outside").run();
              it.node().nextTick(shows(it, "outside-tick"));
            });

    assertThat(order)
        .isEqualTo(
            "nested=A2 after=A outside=null tick=A outside-tick=null micro=A await=A spawn=A"
                + " immediate=A timeout=A nested-timeout=A2");
  }

  @Test
  void enterWithLastsForTheRestOfTheCallbackAndWhatItSchedules() {
    String order =
        run(
            it -> {
              it.node()
                  .setImmediate(
                      () -> {
                        local.enterWith("B");
                        it.node().nextTick(shows(it, "tick"));
                        shows(it, "callback").run();
                      });
              it.node().setImmediate(shows(it, "other"));
            });

    assertThat(order).isEqualTo("callback=B tick=B other=null");
  }
}
