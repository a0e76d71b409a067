package dev.weft.weaver.tasks.heap;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.weft.weaver.Engine;
import dev.weft.weaver.files.SmallProject;
import dev.weft.weaver.tasks.attach.TasksProgram;
import dev.weft.weaver.tasks.attach.TasksSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a program's tasks wait for is told of its heap dump, by whichever engine it was woven. */
class HeapTasksTest {
  @TempDir static Path root;

  private static final List<Path> DUMPS = new ArrayList<>();

  @BeforeAll
  static void dump() throws IOException {
    for (Engine engine : List.of(Engine.EA, Engine.DIRECT)) {
      Path here = root.resolve(engine.name());
      SmallProject project = TasksProgram.woven(here, engine);
      Path dump = here.resolve("app.hprof");
      String live = live(dump).toString();
      TasksProgram.start(here, project, List.of(), "spin", dump.toString(), live).close();
      DUMPS.add(dump);
    }
  }

  /** What the program has said of itself, behind its heap dump. */
  private static Path live(Path dump) {
    return dump.resolveSibling("live.txt");
  }

  private static String text(Path dump, boolean tree, boolean locals) throws IOException {
    StringBuilder text = new StringBuilder();
    try (HeapTasks tasks = HeapTasks.open(dump, locals)) {
      tasks.writeText(text, tree);
    }
    return text.toString();
  }

  private static JsonObject json(Path dump) throws IOException {
    StringBuilder text = new StringBuilder();
    try (HeapTasks tasks = HeapTasks.open(dump, true)) {
      tasks.writeJson(text);
    }
    return TasksSchema.read(text.toString());
  }

  /** The lines about one task, without addresses and times. */
  private static List<String> block(String text, String name) {
    return Arrays.stream(text.split("\n\n"))
        .filter(
            block -> block.strip().lines().findFirst().orElse("").contains(" \"" + name + "\" "))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no task " + name + " in\n" + text))
        .lines()
        .map(line -> line.replaceAll("@[0-9a-f]+", "@.").replaceAll("[0-9.]+ s\\b", "_ s"))
        .map(line -> line.replaceAll("; \\d+ polls?(, busy _ s)?", "; polls"))
        .toList();
  }

  @Test
  void aTaskIsShownWithItsCallsAndWhatItWaitsFor() throws IOException {
    for (Path dump : DUMPS) {
      assertThat(block(text(dump, false, false), "order"))
          .containsExactly(
              "t1 \"order\" suspended for _ s: waits for a sleep",
              "    spawned at app.Main.main(Main.java:95), _ s ago; polls",
              "    at await//app.Main.pay(Main.java:30)",
              "    at await//app.Main.buy(Main.java:34)");
    }
  }

  @Test
  void tasksOfAllExecutorsAndCallsOfNoTaskAreThere() throws IOException {
    for (Path dump : DUMPS) {
      String text = text(dump, false, false);
      assertThat(text)
          .contains("executor shop (work-stealing, 2 workers)\n")
          .contains("executor loop (node)\n")
          .contains("a call of app.Main.waitFor; ")
          .contains("13 tasks and 3 calls outside of tasks: 2 running, 14 suspended, 3 deadlocks\n")
          .contains("    6 at await//app.Main.waitFor(Main.java:38)\n");
      assertThat(block(text, "on node")).contains("    at await//app.Main.waitFor(Main.java:38)");
    }
  }

  private static String deadlock(String text, String word) {
    return Arrays.stream(text.split("\n\n"))
        .filter(block -> block.startsWith("Deadlock") && block.contains(word))
        .map(block -> block.replaceAll("@[0-9a-f]+", "@.").replaceAll("task \\d+", "task _"))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no deadlock with " + word + " in\n" + text));
  }

  @Test
  void tasksThatWaitForEachOthersLocksAreADeadlock() throws IOException {
    for (Path dump : DUMPS) {
      assertThat(deadlock(text(dump, false, false), "left").lines())
          .hasSize(5)
          .startsWith("Deadlock of 2")
          .contains(
              "  task _ \"left\" waits for its turn at AsyncMutex[locked]@., which task _ \"right\""
                  + " has in app.Main.both(Main.java:44)",
              "    at await//app.Main.both(Main.java:44)");
    }
  }

  @Test
  void soIsOneThatWaitsForALockThatItHasItself() throws IOException {
    for (Path dump : DUMPS) {
      assertThat(deadlock(text(dump, false, false), "upgrade").lines())
          .containsExactly(
              "Deadlock of 1",
              "  task _ \"upgrade\" waits for its turn at AsyncRwLock[1 reading]@., which task _"
                  + " \"upgrade\" has in app.Main.upgrade(Main.java:69)",
              "    at await//app.Main.write(Main.java:74)");
    }
  }

  @Test
  void soAreCallsThatAwaitEachOther() throws IOException {
    for (Path dump : DUMPS) {
      assertThat(deadlock(text(dump, false, false), "ring").lines())
          .containsExactly(
              "Deadlock of 2",
              "  a call of app.Main.ring waits for a call of app.Main.ring",
              "    at await//app.Main.ring(Main.java:81)",
              "  a call of app.Main.ring waits for a call of app.Main.ring",
              "    at await//app.Main.ring(Main.java:81)");
    }
  }

  @Test
  void aTreeHasTasksBelowThoseThatWaitForThem() throws IOException {
    for (Path dump : DUMPS) {
      String text = text(dump, true, false);
      List<String> names =
          text.lines()
              .filter(line -> line.matches(" *t[@0-9].* \".*\" .*"))
              .map(HeapTasksTest::indent)
              .toList();
      assertThat(names)
          .containsSubsequence("0 watcher", "1 left")
          .containsSubsequence("0 \u20ac", "1 forked");
    }
  }

  private static String indent(String line) {
    int spaces = line.length() - line.stripLeading().length();
    return spaces / 4 + " " + line.replaceAll(".*?\"(.*?)\".*", "$1");
  }

  @Test
  void runningOnesHaveTheirThreadsStack() throws IOException {
    for (Path dump : DUMPS) {
      List<String> block = block(text(dump, false, false), "spin");
      assertThat(block.get(0)).contains("running for _ s on shop-worker-");
      assertThat(block).anyMatch(line -> line.startsWith("    at app.Main.spin(Main.java:6"));
      assertThat(block).noneMatch(line -> line.contains("dev.weft.scheduler"));
    }
  }

  @Test
  void localsAreShownIfAskedFor() throws IOException {
    for (Path dump : DUMPS) {
      assertThat(block(text(dump, false, true), "with local"))
          .contains("    app.Main.REQUEST = r17");
      assertThat(text(dump, false, false)).doesNotContain("r17");
    }
  }

  @Test
  void jsonIsOfItsForm() throws IOException {
    for (Path dump : DUMPS) {
      JsonObject json = json(dump);
      assertThat(json.get("source").getAsString()).isEqualTo("app.hprof");
      assertThat(json.getAsJsonObject("summary").get("tasks").getAsInt()).isEqualTo(13);
      assertThat(json.getAsJsonArray("deadlocks")).hasSize(3);
      JsonObject left = task(json, "left");
      JsonObject watcher = task(json, "watcher");
      assertThat(watcher.get("awaits")).isEqualTo(left.get("key"));
      assertThat(left.get("awaitedBy")).isEqualTo(watcher.get("key"));
      assertThat(task(json, "forked").get("scope")).isEqualTo(task(json, "\u20ac").get("key"));
      assertThat(task(json, "spin").get("thread").getAsString()).startsWith("shop-worker-");
      assertThat(
              task(json, "with local")
                  .getAsJsonObject("locals")
                  .get("app.Main.REQUEST")
                  .getAsString())
          .isEqualTo("r17");
      assertThat(task(json, "inner local").getAsJsonObject("locals").get("app.Main.REQUEST"))
          .as("of the innermost call, not of the task")
          .hasToString("\"r18\"");
      assertThat(tasks(json))
          .filteredOn(task -> task.has("branches"))
          .singleElement()
          .satisfies(task -> assertThat(task.getAsJsonArray("branches")).hasSize(2));
    }
  }

  /** All of a dump but what only one of the two can know, as task-dumps.md says. */
  private static List<String> comparable(String text) {
    return Arrays.stream(text.split("\n\n"))
        .map(block -> block.replaceAll("[0-9.]+ s\\b", "_ s").replaceAll(", _ s left", ""))
        .map(block -> block.replaceAll("\\b[tc](@?[0-9a-f]+)\\b", "t_"))
        .map(block -> block.replaceAll("@[0-9a-f]+", "@.").replaceAll("task \\d+", "task _"))
        .map(block -> block.replaceAll("; \\d+ polls?(, busy _ s)?", "; polls"))
        .map(
            block ->
                block
                    .replace("at app//", "at ")
                    .replaceAll("\\n *at \\S*(Lambda|onSpinWait).*", ""))
        .map(block -> hasOrder(block) ? block : sorted(block))
        .sorted()
        .toList();
  }

  /**
   * Of a deadlock the one is told first that has the lowest number, or address; of branches the one
   * that is first in the file.
   */
  private static boolean hasOrder(String block) {
    return !block.startsWith("Deadlock") && !block.contains(": waits for all of ");
  }

  private static String sorted(String block) {
    return block.lines().sorted().collect(Collectors.joining("\n"));
  }

  @Test
  void aProgramAndItsHeapDumpSayTheSame() throws IOException {
    for (Path dump : DUMPS) {
      assertThat(comparable(text(dump, false, false)))
          .containsExactlyElementsOf(comparable(Files.readString(live(dump))));
    }
  }

  @Test
  void namesStayInTheirLine() {
    assertThat(Labels.oneLine("a\nb\u0085c\u009b2Jd")).isEqualTo("a b c 2Jd");
  }

  private static List<JsonObject> tasks(JsonObject json) {
    return StreamSupport.stream(json.getAsJsonArray("executors").spliterator(), false)
        .flatMap(
            executor ->
                StreamSupport.stream(
                    executor.getAsJsonObject().getAsJsonArray("tasks").spliterator(), false))
        .map(JsonElement::getAsJsonObject)
        .toList();
  }

  private static JsonObject task(JsonObject json, String name) {
    return tasks(json).stream()
        .filter(
            task -> !task.get("name").isJsonNull() && task.get("name").getAsString().equals(name))
        .findFirst()
        .orElseThrow();
  }
}
