package dev.weft.inspect;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.WorkStealingExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Which rows a page gets, in which order, and no more than it has in view. */
class TaskAnswersTest {
  @Test
  void theOldestComeFirst() throws Exception {
    try (Served served = new Served().withTasks(20)) {
      assertThat(served.keys("?limit=3")).containsExactly("t20", "t19", "t18");
      assertThat(served.keys("?limit=3&order=asc")).containsExactly("t1", "t2", "t3");
    }
  }

  @Test
  void eachColumnSorts() throws Exception {
    try (Served served = new Served().withTasks(12)) {
      assertThat(served.keys("?sort=polls&limit=2")).containsExactly("t6", "t5");
      assertThat(served.keys("?sort=busy&limit=3")).containsExactly("t4", "t9", "t3");
      assertThat(served.keys("?sort=in_state&order=asc&limit=3")).containsExactly("t1", "t2", "t3");
    }
  }

  @Test
  void aPageBeginsAnywhere() throws Exception {
    try (Served served = new Served().withTasks(1000)) {
      String json = served.json("/api/tasks?offset=500&limit=3");
      assertThat(Served.all("key", json)).containsExactly("t500", "t499", "t498");
      assertThat(Served.one("matching", json)).isEqualTo("1000");
      assertThat(served.keys("?offset=998&limit=50")).containsExactly("t2", "t1");
      assertThat(served.keys("?offset=1000")).isEmpty();
      assertThat(served.keys("?offset=2147483647")).isEmpty();
      assertThat(served.keys("?limit=0")).isEmpty();
    }
  }

  /** All of it in pages is what sorting it at once gives. */
  @Test
  void pagesLeaveNothingOut() throws Exception {
    try (Served served = new Served().withTasks(731)) {
      List<String> paged = new ArrayList<>();
      for (int offset = 0; offset < 731; offset += 97) {
        paged.addAll(served.keys("?sort=polls&limit=97&offset=" + offset));
      }
      List<Sight> sorted = new ArrayList<>(served.program.sights);
      sorted.sort((a, b) -> Long.compare(b.polls(), a.polls())); // stable, as ours
      assertThat(paged).isEqualTo(sorted.stream().map(Sight::key).toList());
    }
  }

  @Test
  void textIsSoughtInNamesLinesAndWhatIsWaitedFor() throws Exception {
    try (Served served = new Served().withTasks(30)) {
      assertThat(served.keys("?text=TASK-29")).containsExactly("t29");
      assertThat(served.keys("?text=shop.java:11&limit=200")).hasSize(10);
      assertThat(served.keys("?text=a+sleep&limit=200")).hasSize(30);
      assertThat(served.keys("?text=t7")).containsExactly("t7");
      assertThat(served.keys("?text=nowhere")).isEmpty();
    }
  }

  @Test
  void stateAndSiteFilter() throws Exception {
    try (Served served = new Served()) {
      Sight waits = FakeSight.suspended(served.executor, 3);
      Sight runs = FakeSight.suspended(served.executor, 4).runs("shop-worker-0");
      served.program.sights = List.of(waits, runs);
      assertThat(served.keys("?state=running")).containsExactly("t4");
      assertThat(served.keys("?state=suspended")).containsExactly("t3");
      assertThat(served.keys("?state=ended")).isEmpty();
      assertThat(served.keys("?site=shop.Shop.buy(Shop.java:11)")).containsExactly("t4");
      assertThat(served.keys("?site=elsewhere")).isEmpty();
      String json = served.json("/api/tasks?state=running");
      assertThat(json)
          .contains("\"states\":{\"running\":1,\"queued\":0,\"suspended\":1,\"ended\":0}");
    }
  }

  @Test
  void sitesAreCounted() throws Exception {
    try (Served served = new Served().withTasks(100)) {
      String json = served.json("/api/tasks?group=site");
      assertThat(Served.all("count", json)).containsExactly("34", "33", "33");
      assertThat(Served.one("site", json)).isEqualTo("shop.Shop.buy(Shop.java:11)");
      assertThat(Served.one("groups", json)).isEqualTo("3");
      assertThat(Served.all("count", served.json("/api/tasks?group=site&text=task-100")))
          .containsExactly("1");
    }
  }

  @Test
  void anExecutorIsChosen() throws Exception {
    try (Served served = new Served();
        WorkStealingExecutor other = WorkStealingExecutor.builder().workers(1).build()) {
      served.program.executors.add(other);
      served.program.sights =
          List.of(FakeSight.suspended(served.executor, 1), FakeSight.suspended(other, 2));
      List<String> numbers = Served.all("id", served.json("/api/pulse"));
      assertThat(numbers).hasSize(2).doesNotHaveDuplicates();
      assertThat(served.keys("?executor=" + numbers.get(0))).containsExactly("t1");
      assertThat(served.keys("?executor=" + numbers.get(1))).containsExactly("t2");
      assertThat(served.keys("")).containsExactly("t2", "t1");
    }
  }

  @Test
  void aTaskWithoutALineOrNameIsShown() throws Exception {
    try (Served served = new Served()) {
      served.program.sights =
          List.of(
              new FakeSight(
                  served.executor, "t1", null, Sight.State.QUEUED, null, null, null, 0, 0, 0, -1));
      String json = served.json("/api/tasks");
      assertThat(json).contains("\"name\":null", "(no await yet)").doesNotContain("busyMillis");
      assertThat(served.json("/api/stack?key=t1")).contains("\"state\":\"queued\"");
    }
  }

  @Test
  void aTaskIsOpened() throws Exception {
    try (Served served = new Served()) {
      served.program.sights =
          List.of(FakeSight.suspended(served.executor, 1).runs("shop-worker-0"));
      String json = served.json("/api/stack?key=t1");
      assertThat(json)
          .contains("shop.Shop.buy(Shop.java:99)", "shop.Shop.buy(Shop.java:100)", "a branch")
          .contains("\"thread\":\"shop-worker-0\",\"java\":[\"shop.Shop.buy(Shop.java:42)\"]")
          .doesNotContain("locals", "ada");
      assertThat(served.get("/api/stack?key=t2").statusCode()).isEqualTo(404);
    }
  }

  /** They may be secrets. */
  @Test
  void localsAreToldIfAskedFor() throws Exception {
    try (Served served = new Served(builder -> builder.locals(true)).withTasks(1)) {
      assertThat(served.json("/api/stack?key=t1")).contains("\"locals\":{\"user\":\"ada\"}");
    }
  }

  @Test
  void deadlocksAreTold() throws Exception {
    try (Served served = new Served().withTasks(1)) {
      served.program.deadlocks.add("task 1 waits for task 1");
      long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
      String json = served.json("/api/tasks");
      while (json.contains("\"deadlocks\":[]") && System.nanoTime() - end < 0) {
        Thread.sleep(Long.parseLong(Served.one("againMillis", json))); // as a page does
        json = served.json("/api/tasks"); // they are sought later than the first rows are shown
      }
      assertThat(json).contains("\"deadlocks\":[\"task 1 waits for task 1\"]");
    }
  }

  /** Names come from anybody. */
  @Test
  void noNameLeavesItsString() throws Exception {
    try (Served served = new Served()) {
      String name = "</script><script>alert(1)</script>\"\\\n\u2028\ud800\u0000";
      served.program.sights = List.of(FakeSight.suspended(served.executor, 1).named(name));
      String json = served.json("/api/tasks");
      assertThat(json)
          .contains(
              "\"name\":\"\\u003c/script\\u003e\\u003cscript\\u003ealert(1)\\u003c/script\\u003e"
                  + "\\\"\\\\\\u000a\\u2028\\ud800\\u0000\"");
      assertThat(json.chars()).allMatch(c -> c >= ' ');
    }
  }
}
