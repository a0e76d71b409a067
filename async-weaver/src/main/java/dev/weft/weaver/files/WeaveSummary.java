package dev.weft.weaver.files;

import dev.weft.weaver.Diagnostic;
import dev.weft.weaver.Engine;
import dev.weft.weaver.MethodReport;
import dev.weft.weaver.WeaveResult;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** What a run of the weaver did to a set of class files. Confined to the thread that runs it. */
public final class WeaveSummary {
  private int classes;
  private int suspensionPoints;
  private final Map<Engine, Integer> methods = new EnumMap<>(Engine.class);

  /** Why methods were lowered by {@link Engine#DIRECT} though no option says so, and which. */
  private final Map<String, List<String>> notByEa = new LinkedHashMap<>();

  private final List<Diagnostic> diagnostics = new ArrayList<>();

  /** Counts a class and takes over its diagnostics. */
  void add(WeaveResult result) {
    diagnostics.addAll(result.diagnostics());
    if (result.bytes() != null) {
      classes++;
      for (MethodReport method : result.methods()) {
        methods.merge(method.engine(), 1, Integer::sum);
        if (method.engine() == Engine.DIRECT && !method.reason().equals(MethodReport.ASKED_FOR)) {
          notByEa
              .computeIfAbsent(method.reason(), first -> new ArrayList<>())
              .add(simpleName(result.className()) + "." + method.name());
        }
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
    other.notByEa.forEach(
        (reason, names) ->
            notByEa.computeIfAbsent(reason, first -> new ArrayList<>()).addAll(names));
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
   * What EA Async did not take, where that was the weaver's own choice, a line per reason: {@code
   * direct took Shop.buy and 2 more: EA Async ...}.
   */
  public List<String> choices() {
    return notByEa.entrySet().stream()
        .map(
            entry -> {
              List<String> names = entry.getValue();
              String more = names.size() > 1 ? " and " + (names.size() - 1) + " more" : "";
              return "direct took " + names.get(0) + more + ": " + entry.getKey();
            })
        .toList();
  }

  /**
   * {@code wove 12 methods (EA Async 11, direct 1) in 4 classes, 31 suspension points}; {@code
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

  private static String simpleName(String internalName) {
    return internalName.substring(internalName.lastIndexOf('/') + 1).replace('$', '.');
  }

  private static String count(long number, String noun) {
    String plural = noun.endsWith("s") ? noun + "es" : noun + "s";
    return number + " " + (number == 1 ? noun : plural);
  }
}
