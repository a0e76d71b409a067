package dev.weft.weaver.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.weaver.Diagnostic;
import dev.weft.weaver.DiagnosticCode;
import dev.weft.weaver.Engine;
import dev.weft.weaver.MethodReport;
import dev.weft.weaver.MethodReport.SuspensionPoint;
import dev.weft.weaver.WeaveResult;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The line at the end of a run says how much was woven, in correct English. */
class WeaveSummaryTest {
  private static MethodReport method(int awaits) {
    return method(awaits, Engine.DIRECT);
  }

  private static MethodReport method(int awaits, Engine engine) {
    return method(awaits, engine, MethodReport.ASKED_FOR);
  }

  private static MethodReport method(int awaits, Engine engine, String reason) {
    SuspensionPoint point = new SuspensionPoint(1, 1, List.of());
    return new MethodReport(
        "m", "()V", 1, engine, reason, 1, 1, java.util.Collections.nCopies(awaits, point));
  }

  private static WeaveResult woven(MethodReport... methods) {
    return new WeaveResult("C", new byte[0], Map.of(), List.of(methods), List.of());
  }

  @Test
  void countsWithPlurals() {
    WeaveSummary summary = new WeaveSummary();
    summary.add(woven(method(2), method(3)));
    summary.add(woven(method(1)));

    assertThat(summary).hasToString("wove 3 methods (direct 3) in 2 classes, 6 suspension points");
  }

  @Test
  void countsTheMethodsOfEachEngine() {
    WeaveSummary summary = new WeaveSummary();
    summary.add(woven(method(1), method(1, Engine.EA)));
    WeaveSummary other = new WeaveSummary();
    other.add(woven(method(1)));
    summary.add(other);

    assertThat(summary)
        .hasToString("wove 3 methods (EA Async 1, direct 2) in 2 classes, 3 suspension points");
  }

  @Test
  void saysOncePerReasonWhyEaAsyncDidNotTakeAMethod() {
    WeaveSummary summary = new WeaveSummary();
    summary.add(
        woven(
            method(1, Engine.EA, "fine"),
            method(1, Engine.DIRECT, "too large"),
            method(1, Engine.DIRECT, "too large")));
    WeaveSummary other = new WeaveSummary();
    other.add(woven(method(1, Engine.DIRECT, "annotated"), method(1, Engine.DIRECT, "too large")));
    summary.add(other);

    assertThat(summary.choices())
        .containsExactly("direct took C.m and 2 more: too large", "direct took C.m: annotated");
  }

  @Test
  void saysNothingOfAChoiceThatWasNone() {
    WeaveSummary summary = new WeaveSummary();
    summary.add(woven(method(1, Engine.DIRECT)));

    assertThat(summary.choices()).isEmpty();
  }

  @Test
  void noEngineIsNamedWhereOnlyTheInitOfEaAsyncWasRemoved() {
    WeaveSummary summary = new WeaveSummary();
    summary.add(woven());

    assertThat(summary).hasToString("wove 0 methods in 1 class, 0 suspension points");
  }

  @Test
  void countsWithSingulars() {
    WeaveSummary summary = new WeaveSummary();
    summary.add(woven(method(1)));

    assertThat(summary).hasToString("wove 1 method (direct 1) in 1 class, 1 suspension point");
  }

  @Test
  void doesNotCountWhatWasWovenBefore() {
    WeaveSummary summary = new WeaveSummary();
    summary.add(new WeaveResult("C", null, Map.of(), List.of(method(2)), List.of()));

    assertThat(summary).hasToString("nothing to weave");
  }

  @Test
  void whereEverythingWasRefusedItDoesNotSayThatThereWasNothing() {
    WeaveSummary summary = new WeaveSummary();
    summary.add(new Diagnostic("B.java", 7, DiagnosticCode.MAIN, "b"));

    assertThat(summary).hasToString("wove nothing: 1 error in 1 file");
  }

  @Test
  void addsUpRuns() {
    WeaveSummary first = new WeaveSummary();
    first.add(woven(method(1)));
    first.add(new Diagnostic("B.java", 7, DiagnosticCode.MAIN, "b"));
    WeaveSummary second = new WeaveSummary();
    second.add(woven(method(2)));
    second.add(new Diagnostic("A.java", 9, DiagnosticCode.MAIN, "a"));
    second.add(new Diagnostic("A.java", 8, DiagnosticCode.MAIN, "a"));
    first.add(second);

    assertThat(first).hasToString("wove 2 methods (direct 2) in 2 classes, 3 suspension points");
    assertThat(first.failure()).isEqualTo("3 errors in 2 files");
    assertThat(first.diagnostics())
        .extracting(Diagnostic::toString)
        .containsExactly(
            "A.java:8: error: [WEFT004] a",
            "A.java:9: error: [WEFT004] a",
            "B.java:7: error: [WEFT004] b");
  }
}
