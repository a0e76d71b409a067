package dev.weft.perf.trial;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One promise that is not kept fails the trial, and is named. */
class VerdictTest {
  @Test
  void allKeptIsAllRight() {
    Verdict verdict = new Verdict();
    verdict.that(true, "never said");

    assertThat(verdict.holds()).isTrue();
    assertThat(verdict).hasToString("holds");
  }

  @Test
  void whatWasNotKeptIsNamed() {
    Verdict verdict = new Verdict();
    verdict.that(false, "p99 %.1f ms", 51.25);
    verdict.that(true, "never said");
    verdict.that(false, "%,d lines", 1_847_430);

    assertThat(verdict.holds()).isFalse();
    assertThat(verdict).hasToString("FAILS: p99 51.3 ms; 1,847,430 lines");
  }

  @Test
  void oneKindThatFailsFailsTheTrial() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Report report = new Report(new PrintStream(out), System.err, List.of("served"));
    Verdict failing = new Verdict();
    failing.that(false, "served nobody");

    report.row(Kind.EPOLL, List.of("12"), new Verdict());
    assertThat(report.failed()).isFalse();
    report.row(Kind.IO_URING, List.of("0"), failing);
    report.row(Kind.NODE, List.of("12"), new Verdict());
    assertThat(report.failed()).isTrue();
    assertThat(out.toString().lines())
        .containsExactly(
            "|          | served |  |",
            "|---|---:|---|",
            "| epoll    |     12 | holds |",
            "| io_uring |      0 | FAILS: served nobody |",
            "| node     |     12 | holds |");
  }

  @Test
  void theEndIsInTimeOnlyWithExitCode0() {
    assertThat(new EchoServerProcess.Ending(0, Trial.END).inTime(Trial.END)).isTrue();
    assertThat(new EchoServerProcess.Ending(0, Trial.END.plusMillis(1)).inTime(Trial.END))
        .isFalse();
    assertThat(new EchoServerProcess.Ending(1, Trial.END.minusMillis(1)).inTime(Trial.END))
        .isFalse();
    assertThat(new EchoServerProcess.Ending(-1, Trial.END)).hasToString("killed after 5.0 s");
  }
}
