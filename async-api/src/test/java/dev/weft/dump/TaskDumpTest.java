package dev.weft.dump;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.weft.AsyncExecutor;
import dev.weft.AsyncLocal;
import dev.weft.ExecutorAdapter;
import dev.weft.NodeExecutor;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import java.io.IOException;
import java.io.StringWriter;
import java.io.Writer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

/**
 * What a dump says of tasks, whoever runs them. The lines of calls are the weaver's tests'
 * business.
 */
class TaskDumpTest {
  private static final int MANY = 10_000;
  private static final long SECONDS = 60;

  private final CompletableFuture<String> never = new CompletableFuture<>();

  private static void until(BooleanSupplier condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("within a minute").isLessThan(end);
      Thread.sleep(1);
    }
  }

  private static JsonArray tasks(AsyncExecutor executor) throws IOException {
    StringBuilder json = new StringBuilder();
    TaskDump.of(executor).writeJson(json);
    JsonObject whole = JsonParser.parseString(json.toString()).getAsJsonObject();
    JsonArray executors = whole.getAsJsonArray("executors");
    assertThat(executors).hasSize(1);
    return executors.get(0).getAsJsonObject().getAsJsonArray("tasks");
  }

  private static List<TaskEntry> entries(AsyncExecutor executor) {
    List<TaskEntry> entries = new ArrayList<>();
    TaskDump.of(executor).forEach(entries::add);
    return entries;
  }

  private static Optional<TaskEntry> entry(AsyncExecutor executor, String name) {
    return entries(executor).stream().filter(entry -> name.equals(entry.name())).findAny();
  }

  private static boolean is(AsyncExecutor executor, String name, TaskState state) {
    return entry(executor, name).filter(entry -> entry.state() == state).isPresent();
  }

  @Test
  void everyTaskIsThereOnce() throws Exception {
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().workers(2).build()) {
      for (int i = 0; i < MANY; i++) {
        executor.spawn("task " + i, () -> never);
      }
      until(() -> entries(executor).stream().allMatch(e -> e.state() == TaskState.SUSPENDED));
      Map<String, String> keys = new HashMap<>();
      for (JsonElement element : tasks(executor)) {
        JsonObject task = element.getAsJsonObject();
        assertThat(task.get("state").getAsString()).isEqualTo("suspended");
        assertThat(task.get("waitsFor").getAsString())
            .isEqualTo("a java.util.concurrent.CompletableFuture");
        assertThat(task.get("polls").getAsLong()).isEqualTo(1);
        assertThat(keys.put(task.get("name").getAsString(), task.get("key").getAsString()))
            .isNull();
      }
      assertThat(keys).hasSize(MANY);
      assertThat(keys.values()).doesNotHaveDuplicates();
      never.complete("now");
      until(() -> entries(executor).isEmpty());
    }
  }

  @Test
  void itAnswersWhileAllWorkersAreStuck() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    try (WorkStealingExecutor executor =
        WorkStealingExecutor.builder()
            .name("stuck")
            .workers(2)
            .slowPollThreshold(Duration.ZERO)
            .build()) {
      Runnable spin =
          () -> {
            both.countDown();
            while (!never.isDone()) {
              Thread.onSpinWait();
            }
          };
      executor.spawn("one", () -> spun(spin));
      executor.spawn("other", () -> spun(spin));
      executor.spawn("third", () -> spun(spin));
      assertThat(both.await(SECONDS, TimeUnit.SECONDS)).isTrue();
      until(() -> TaskDump.of(executor).toString().contains("TaskDumpTest.spun"));
      List<TaskEntry> running =
          entries(executor).stream().filter(e -> e.state() == TaskState.RUNNING).toList();
      assertThat(running).isNotEmpty().hasSizeLessThanOrEqualTo(2);
      assertThat(running)
          .allSatisfy(
              entry -> {
                assertThat(entry.thread()).isNotNull();
                assertThat(entry.javaStack())
                    .anyMatch(element -> element.getMethodName().equals("spun"))
                    .noneMatch(element -> element.getClassName().contains("scheduler"));
              });
      assertThat(entries(executor)).anyMatch(entry -> entry.state() == TaskState.QUEUED);
      never.complete("on");
    }
  }

  private static CompletableFuture<String> spun(Runnable spin) {
    spin.run();
    return CompletableFuture.completedFuture("");
  }

  @Test
  void busyTimeIsSampled() throws Exception {
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().workers(2).build()) {
      executor.spawn(
          "busy",
          () -> {
            while (!never.isDone()) {
              Thread.onSpinWait();
            }
            return never;
          });
      executor.spawn("idle", () -> new CompletableFuture<String>());
      until(
          () ->
              entry(executor, "busy")
                  .flatMap(TaskEntry::busy)
                  .filter(busy -> busy.toMillis() > 20)
                  .isPresent());
      assertThat(entry(executor, "idle").orElseThrow().busy().orElseThrow())
          .isLessThan(entry(executor, "busy").orElseThrow().busy().orElseThrow());
      never.complete("enough");
    }
  }

  @Test
  void aTaskHasAnAgeAndATimeInItsState() throws Exception {
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().workers(1).build()) {
      executor.spawn("old", () -> never);
      until(() -> is(executor, "old", TaskState.SUSPENDED));
      Duration before = entry(executor, "old").orElseThrow().inState().orElseThrow();
      until(
          () -> entry(executor, "old").orElseThrow().inState().orElseThrow().compareTo(before) > 0);
      TaskEntry old = entry(executor, "old").orElseThrow();
      Duration inState = old.inState().orElseThrow();
      assertThat(old.age().orElseThrow()).isGreaterThanOrEqualTo(inState);
    }
  }

  @Test
  void aWaitForATaskIsToldOnBothSides() throws Exception {
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().workers(2).build()) {
      Task<String> inner = executor.spawn("inner", () -> never);
      executor.spawn("outer", () -> inner);
      until(() -> is(executor, "outer", TaskState.SUSPENDED));
      TaskEntry told = entry(executor, "inner").orElseThrow();
      TaskEntry outer = entry(executor, "outer").orElseThrow();
      assertThat(outer.awaits()).isEqualTo(told.key()).isEqualTo("t" + inner.id());
      assertThat(told.awaitedBy()).isEqualTo(outer.key());
      assertThat(TaskDump.of(executor).asTree(true).toString())
          .containsPattern("(?m)^t\\d+ \"outer\"(?s:.*)^    t\\d+ \"inner\"");
      assertThat(TaskDump.ofAll().find(told.key()).orElseThrow().name()).isEqualTo("inner");
      assertThat(TaskDump.ofAll().find("t0")).isEmpty();
    }
  }

  @Test
  void namesAndLocalsAreAnybodys() throws Exception {
    String strange = "a \"b\"\\\n\u0000\u2028\ud800 \ud83d\ude00 </script>";
    AsyncLocal<Object> failing = new AsyncLocal<>("failing");
    AsyncLocal<Object> fine = new AsyncLocal<>("fine \"one\"");
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().workers(1).build()) {
      fine.enterWith("value");
      failing.enterWith(
          new Object() {
            @Override
            public String toString() {
              throw new IllegalStateException("no");
            }
          });
      executor.spawn(strange, () -> never);
      fine.enterWith(null);
      failing.enterWith(null);
      String sound = strange.replace("\ud800", "\ufffd");
      StringBuilder json = new StringBuilder();
      TaskDump.of(executor).withLocals(true).writeJson(json);
      JsonObject task =
          JsonParser.parseString(json.toString())
              .getAsJsonObject()
              .getAsJsonArray("executors")
              .get(0)
              .getAsJsonObject()
              .getAsJsonArray("tasks")
              .get(0)
              .getAsJsonObject();
      assertThat(task.get("name").getAsString()).isEqualTo(sound);
      JsonObject locals = task.getAsJsonObject("locals");
      assertThat(locals.get("fine \"one\"").getAsString()).isEqualTo("value");
      assertThat(locals.get("failing").getAsString()).startsWith("a dev.weft.dump.TaskDumpTest");
      assertThat(TaskDump.of(executor).toString()).doesNotContain("value");
    }
  }

  @Test
  void aBlockingCallIsATaskToo() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().workers(1).build()) {
      Task<Boolean> call = executor.spawnBlocking(() -> over.await(SECONDS, TimeUnit.SECONDS));
      until(() -> TaskDump.of(executor).toString().contains("CountDownLatch.await"));
      TaskEntry told = entries(executor).get(0);
      assertThat(told.state()).isEqualTo(TaskState.RUNNING);
      assertThat(told.key()).isEqualTo("t" + call.id());
      assertThat(told.origin()).contains("blocking call").contains("TaskDumpTest");
      over.countDown();
      until(() -> entries(executor).isEmpty());
    }
  }

  @Test
  void nodeModeAndAdaptersAreToldToo() throws Exception {
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (NodeExecutor node = NodeExecutor.builder().name("loop").noDriver().build();
        AsyncExecutor adapter = ExecutorAdapter.of(threads)) {
      node.spawn("on the loop", () -> never);
      adapter.spawn("behind an adapter", () -> never);
      until(() -> is(node, "on the loop", TaskState.SUSPENDED));
      until(() -> is(adapter, "behind an adapter", TaskState.SUSPENDED));
      String all = TaskDump.ofAll().toString();
      assertThat(all).contains("executor loop (node)").contains("(other)");
      never.complete("on");
    } finally {
      threads.shutdown();
    }
  }

  @Test
  void aClosedExecutorIsNotTold() {
    WorkStealingExecutor executor =
        WorkStealingExecutor.builder().name("closed executor").workers(1).build();
    assertThat(TaskDump.ofAll().toString()).contains("closed executor");
    executor.close();
    assertThat(TaskDump.ofAll().toString()).doesNotContain("closed executor");
  }

  @Test
  void whatTheWriterThrowsComesOutAndChangesNothing() throws Exception {
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().workers(2).build()) {
      for (int i = 0; i < MANY; i++) {
        executor.spawn(() -> never);
      }
      Writer full =
          new Writer() {
            private int left = 100_000;

            @Override
            public void write(char[] text, int from, int length) throws IOException {
              left -= length;
              if (left < 0) {
                throw new IOException("no space left");
              }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
          };
      assertThatThrownBy(() -> TaskDump.of(executor).writeText(full))
          .isExactlyInstanceOf(IOException.class)
          .hasMessage("no space left");
      StringWriter whole = new StringWriter();
      TaskDump.of(executor).writeText(whole);
      assertThat(whole.toString()).contains(MANY + " tasks");
      never.complete("on");
      until(() -> entries(executor).isEmpty());
    }
  }

  @Test
  void tasksThatAwaitEachOtherAreADeadlockUntilOneIsCancelled() throws Exception {
    try (WorkStealingExecutor executor = WorkStealingExecutor.builder().workers(2).build()) {
      CompletableFuture<Task<String>> second = new CompletableFuture<>();
      Task<String> first = executor.spawn("first", () -> second.thenCompose(task -> task));
      assertThat(TaskDump.of(executor).deadlocks()).as("who knows what completes it").isEmpty();
      Task<String> awaits = executor.spawn("awaits", () -> executor.spawn("inner", () -> never));
      until(() -> is(executor, "inner", TaskState.SUSPENDED));
      assertThat(TaskDump.of(executor).deadlocks()).as("no circle").isEmpty();
      CompletableFuture<CompletableFuture<String>> known = new CompletableFuture<>();
      Task<String> one = executor.spawn("one", known::join);
      Task<String> two = executor.spawn("two", () -> one);
      known.complete(two);
      until(() -> !TaskDump.of(executor).deadlocks().isEmpty());
      Deadlock deadlock = TaskDump.of(executor).deadlocks().get(0);
      assertThat(deadlock.members())
          .extracting(Deadlock.Member::key)
          .containsExactlyInAnyOrder("t" + one.id(), "t" + two.id());
      assertThat(deadlock.text()).contains("\"one\" waits for task").contains("\"two\" waits for");
      one.cancel(true);
      until(() -> TaskDump.of(executor).deadlocks().isEmpty());
      first.cancel(true);
      awaits.cancel(true);
    }
  }
}
