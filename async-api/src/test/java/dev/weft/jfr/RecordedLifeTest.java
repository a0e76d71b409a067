package dev.weft.jfr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.NodeExecutor;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.frame.Settled;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import jdk.jfr.consumer.RecordedEvent;
import org.junit.jupiter.api.Test;

/** The events of one task, sorted out by its id, are its life in order. */
class RecordedLifeTest {
  private static final List<String> LIFE =
      List.of(
          "TaskSpawn",
          "Suspend " + Order.FIRST,
          "Poll",
          "Resume " + Order.FIRST,
          "Suspend " + Order.SECOND,
          "Poll " + Order.FIRST,
          "Resume " + Order.SECOND,
          "Poll " + Order.SECOND,
          "TaskEnd",
          "Poll");

  private static List<RecordedEvent> ofTask(List<RecordedEvent> events, long id) {
    return events.stream()
        .filter(event -> event.hasField("taskId") && event.getLong("taskId") == id)
        .toList();
  }

  private static List<String> words(List<RecordedEvent> events) {
    return events.stream()
        .map(
            event ->
                event.getEventType().getName().substring("dev.weft.".length())
                    + (event.hasField("awaitSite") && event.getString("awaitSite") != null
                        ? " " + event.getString("awaitSite")
                        : ""))
        .toList();
  }

  @Test
  void onAWorkStealingExecutor() throws Exception {
    long[] id = new long[1];
    List<RecordedEvent> events =
        ofTask(Recorded.of(Recorded.everything(), () -> id[0] = Order.run("life")), id[0]);
    assertThat(words(events)).isEqualTo(LIFE);
    assertThat(events).extracting(event -> event.getString("taskName")).containsOnly("order");
    assertThat(events.get(0).getString("description"))
        .isEqualTo("order (a lambda of dev.weft.jfr.Order)");
    assertThat(events.get(8).getString("outcome")).isEqualTo("completed");
    assertThat(events)
        .filteredOn(event -> event.hasField("call"))
        .extracting(event -> event.getInt("call"))
        .hasSize(4)
        .containsOnly(events.get(1).getInt("call"));
    assertThat(events.get(1).getClass("awaited").getName()).isEqualTo(Task.class.getName());
  }

  @Test
  void onAnEventLoop() throws Exception {
    long[] id = new long[1];
    List<RecordedEvent> events =
        Recorded.of(
            Recorded.everything(),
            () -> {
              try (NodeExecutor loop = NodeExecutor.builder().name("loop").noDriver().build()) {
                Task<String> item = new Task<>();
                Task<String> price = new Task<>();
                Task<String> order = loop.spawn(() -> Order.buy(item, price));
                id[0] = order.id();
                item.complete("a book");
                price.complete("3");
                order.get(60, TimeUnit.SECONDS);
              }
            });
    // An outcome takes turns there from one call to the next, which are polls of their own.
    List<String> words = new ArrayList<>(words(ofTask(events, id[0])));
    assertThat(words.subList(words.indexOf("TaskEnd"), words.size()))
        .containsExactly("TaskEnd", "Poll");
    words.removeIf(word -> word.equals("Poll"));
    assertThat(words)
        .isEqualTo(LIFE.stream().filter(word -> !word.equals("Poll")).collect(Collectors.toList()));
  }

  @Test
  void whoHasSpawnedATaskIsNamedAndHowItEnded() throws Exception {
    long[] ids = new long[3];
    List<RecordedEvent> events =
        Recorded.of(
            Recorded.everything(),
            () -> {
              try (WorkStealingExecutor executor =
                  WorkStealingExecutor.builder().name("ends").workers(1).noDriver().build()) {
                List<Task<String>> children = new ArrayList<>();
                Task<String> parent =
                    executor.spawn(
                        () -> {
                          children.add(
                              executor.spawn(
                                  () -> Settled.failure(new IllegalStateException("sold out"))));
                          children.add(executor.spawn(() -> Order.buy(new Task<>(), new Task<>())));
                          return Settled.value("both");
                        });
                parent.get(60, TimeUnit.SECONDS);
                children.get(1).cancel(true);
                assertThat(children.get(1).awaitFinished(Duration.ofSeconds(60))).isTrue();
                assertThat(children.get(0).handle((value, failure) -> failure))
                    .succeedsWithin(Duration.ofSeconds(60));
                ids[0] = parent.id();
                ids[1] = children.get(0).id();
                ids[2] = children.get(1).id();
                executor.close(Duration.ofSeconds(60));
              }
            });
    assertThat(Recorded.named(events, "TaskSpawn", ""))
        .filteredOn(event -> event.getThread().getJavaName().equals("ends-worker-0"))
        .extracting(event -> event.getLong("taskId") + " by " + event.getLong("spawnedBy"))
        .containsExactly(ids[1] + " by " + ids[0], ids[2] + " by " + ids[0]);
    assertThat(Recorded.named(events, "TaskEnd", "ends-worker-0"))
        .extracting(event -> event.getLong("taskId") + " " + event.getString("outcome"))
        .containsExactlyInAnyOrder(
            ids[0] + " completed", ids[1] + " failed", ids[2] + " cancelled");
  }

  @Test
  void ofTwoCallsInOneTaskEachSuspensionHasItsOwnResumption() throws Exception {
    long[] id = new long[1];
    List<RecordedEvent> events =
        Recorded.of(
            Recorded.everything(),
            () -> {
              try (WorkStealingExecutor executor =
                  WorkStealingExecutor.builder().name("two").workers(1).noDriver().build()) {
                Task<String> item = new Task<>();
                Task<String> price = new Task<>();
                Task<Object> both =
                    executor.spawn(
                        () -> {
                          Task<String> first = Order.buy(item, price);
                          return Order.buy(item, price)
                              .thenCombine(first, (a, b) -> (Object) (a + b));
                        });
                id[0] = both.id();
                item.complete("a book");
                price.complete("3");
                both.get(60, TimeUnit.SECONDS);
                executor.close(Duration.ofSeconds(60));
              }
            });
    List<RecordedEvent> calls = events.stream().filter(event -> event.hasField("call")).toList();
    assertThat(calls.stream().map(event -> event.getInt("call")).distinct()).hasSize(2);
    assertThat(calls.stream().collect(Collectors.groupingBy(event -> event.getInt("call"))))
        .allSatisfy(
            (call, own) ->
                assertThat(words(own))
                    .containsExactly(
                        "Suspend " + Order.FIRST,
                        "Resume " + Order.FIRST,
                        "Suspend " + Order.SECOND,
                        "Resume " + Order.SECOND));
    assertThat(calls).allSatisfy(call -> assertThat(call.getLong("taskId")).isEqualTo(id[0]));
  }

  @Test
  void nothingIsToldWhereNothingIsWanted() throws Exception {
    assertThat(Recorded.of(Map.of(), () -> Order.run("unwanted")))
        .extracting(event -> event.getEventType().getName())
        .doesNotContain("dev.weft.TaskSpawn", "dev.weft.Suspend", "dev.weft.Resume");
  }
}
