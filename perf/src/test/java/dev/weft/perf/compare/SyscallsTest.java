package dev.weft.perf.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.weft.perf.Json;
import dev.weft.perf.load.Latencies;
import dev.weft.perf.load.LoadPlan;
import dev.weft.perf.load.LoadResult;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What perf and strace report is read, and told per message. */
class SyscallsTest {
  private static final String PERF =
      """
      # started on Tue Dec  1 03:03:11 2026


       Performance counter stats for process id '14916':

                  35152      raw_syscalls:sys_enter

             2.000000000 seconds time elapsed

      """;

  private static final String STRACE =
      """
      % time     seconds  usecs/call     calls    errors syscall
      ------ ----------- ----------- --------- --------- ----------------
       60.10    0.060100           1      3000           sendto
       39.90    0.039900           1      1000       200 epoll_wait
      ------ ----------- ----------- --------- --------- ----------------
      100.00    0.100000           1      4000       200 total
      """;

  @Test
  void perfTellsTheCallsAndForHowLongItCounted() {
    assertThat(SyscallTool.PERF.perSecond(PERF, 77)).hasValue(17576);
  }

  @Test
  void whatPerfHasNotCountedIsNoFigure() {
    String without = PERF.replace("      35152", "<not counted>");
    assertThat(SyscallTool.PERF.perSecond(without, 2)).isEmpty();
    assertThat(SyscallTool.PERF.perSecond("", 2)).isEmpty();
  }

  @Test
  void straceTellsTheCallsByName() {
    assertThat(SyscallTool.STRACE.perSecond(STRACE, 2)).hasValue(2000);
    assertThat(SyscallTool.STRACE.perSecond("", 2)).isEmpty();
  }

  @Test
  void theTotalOfStraceIsNotCountedTwice() {
    String old = STRACE.replace("0.100000           1      4000", "0.100000                  4000");
    assertThat(SyscallTool.STRACE.perSecond(old, 2)).hasValue(2000);
  }

  @Test
  void theyAreToldPerMessage() throws IOException {
    assertThat(SyscallPass.perMessage(20_500, result(3, 30_000))).isCloseTo(2.05, within(1e-9));
  }

  @Test
  void aToolThatHasTakenTheTimeToAttachCountsNothing() {
    assertThatThrownBy(() -> SyscallPass.perMessage(20_500, result(0.1, 1000)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("--duration");
    assertThatThrownBy(() -> SyscallPass.perMessage(20_500, result(1, 0)))
        .isInstanceOf(IOException.class);
  }

  @Test
  void theTableHasThemBesideTheSleeps() {
    String table = Tables.of(results(new Syscalls("perf", Map.of("tokio", 2.25))));

    assertThat(table).containsPattern("sleeps/msg \\| +syscalls/msg \\|");
    assertThat(row(table, "tokio")[5]).isEqualTo("2.25");
    assertThat(row(table, "node")[5]).as("not counted").isEqualTo("-");
    assertThat(table).contains("System calls: by perf");
  }

  @Test
  void withoutThemTheColumnIsEmpty() {
    String table = Tables.of(results(null));

    assertThat(row(table, "tokio")[5]).isEqualTo("-");
    assertThat(table).contains("skipped: system calls: perf is not there");
  }

  @Test
  void whereNobodyHasAskedForThemThereIsNoColumn() {
    Results asked = results(null);
    Results results =
        new Results(
            asked.command(),
            asked.machine(),
            asked.baseline(),
            Map.of(),
            Map.of(),
            asked.scenarios(),
            null);

    assertThat(Tables.of(results)).doesNotContain("syscalls/msg").contains("sleeps/msg");
  }

  @Test
  void theyAreKept() {
    Results results = results(new Syscalls("perf", Map.of("tokio", 2.25)));

    Results read = Json.read(Json.compact(results), Results.class);

    assertThat(read.scenarios().get(0).syscalls("tokio")).isEqualTo(2.25);
  }

  /** Kept from before they were counted. */
  @Test
  void olderResultsAreReadWithoutThem() {
    String json = Json.compact(results(null));
    assertThat(json).doesNotContain("\"syscalls\"");

    Results read = Json.read(json, Results.class);

    assertThat(read.scenarios().get(0).syscalls("tokio")).isNaN();
  }

  private static String[] row(String table, String server) {
    String row = table.lines().filter(line -> line.startsWith("| " + server)).findFirst().get();
    return row.split("\\s*\\|\\s*");
  }

  private static Results results(Syscalls syscalls) {
    LoadResult result = result(3, 30_000);
    return new Results(
        "perf/run echo",
        new Machine("2026-01-01T00:00:00Z", "abc", "CPU", 2, "Linux", 0.1, "17", Map.of()),
        "tokio",
        Map.of(),
        Map.of("system calls", "perf is not there"),
        List.of(
            new Results.Found(
                "echo-64x64",
                "?",
                "closed loop",
                Map.of("tokio", List.of(result, result), "node", List.of(result, result)),
                syscalls)),
        null);
  }

  private static LoadResult result(double seconds, long messages) {
    return new LoadResult(
        LoadPlan.defaults(1),
        seconds,
        messages,
        messages / seconds,
        new Latencies(1000, 1, 1, 1, 1, 1, 1, List.of()),
        null,
        new LoadResult.ServerCost(2, 3, 5, 0.1, 0.01, 1, 50_000_000, 60_000_000),
        0.5,
        null,
        new long[0],
        0,
        List.of());
  }
}
