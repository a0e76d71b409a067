package dev.weft.weaver.files;

import dev.weft.weaver.Diagnostic;
import dev.weft.weaver.Engine;
import dev.weft.weaver.MethodReport;
import dev.weft.weaver.WeaveResult;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a run of the weaver did to a set of class files. Confined to the thread that runs it. */
public final class WeaveSummary {
  private int classes;
  private int suspensionPoints;
  private final Map<Engine, Integer> methods = new TreeMap<>(Comparator.reverseOrder());
  private final List<Diagnostic> diagnostics = new ArrayList<>();

  /** Counts a class and takes over its diagnostics. */
  void add(WeaveResult result) {
    diagnostics.addAll(result.diagnostics());
    if (result.bytes() != null) {
      classes++;
      for (MethodReport method : result.methods()) {
        methods.merge(method.engine(), 1, Integer::sum);
      }
      suspensionPoints += result.suspensionPoints();
    }
  }

  /** Notes what was wrong with a file. */
  void add(Diagnostic diagnostic) {
    diagnostics.add(diagnostic);
  }

  /** Takes over what another run did. */
  public void add(WeaveSummary other) {
    classes += other.classes;
    other.methods.forEach((engine, number) -> methods.merge(engine, number, Integer::sum));
    suspensionPoints += other.suspensionPoints;
    diagnostics.addAll(other.diagnostics);
  }

  /** What was wrong or risky, by file and line. */
  public List<Diagnostic> diagnostics() {
    return diagnostics.stream().sorted().toList();
  }

  /** True if there are errors. */
  public boolean failed() {
    return diagnostics.stream().anyMatch(Diagnostic::isError);
  }

  /** The errors counted: {@code 3 errors in 2 files}. */
  public String failure() {
    List<Diagnostic> errors = diagnostics.stream().filter(Diagnostic::isError).toList();
    long files = errors.stream().map(Diagnostic::file).distinct().count();
    return count(errors.size(), "error") + " in " + count(files, "file");
  }

  /**
   * {@code wove 12 methods (direct 11, EA Async 1) in 4 classes, 31 suspension points}; {@code
   * nothing to weave} only where that is so, and not where everything that awaits was refused.
   */
  @Override
  public String toString() {
    if (classes == 0) {
      return failed() ? "wove nothing: " + failure() : "nothing to weave";
    }
    return "wove %s%s in %s, %s"
        .formatted(
            count(methods.values().stream().mapToInt(Integer::intValue).sum(), "method"),
            engines(),
            count(classes, "class"),
            count(suspensionPoints, "suspension point"));
  }

  /** Empty if no method was woven: a class may change by its {@code Async.init()} alone. */
  private String engines() {
    return methods.isEmpty()
        ? ""
        : methods.entrySet().stream()
            .map(engine -> engine.getKey().title() + " " + engine.getValue())
            .collect(Collectors.joining(", ", " (", ")"));
  }

  private static String count(long number, String noun) {
    String plural = noun.endsWith("s") ? noun + "es" : noun + "s";
    return number + " " + (number == 1 ? noun : plural);
  }
}
