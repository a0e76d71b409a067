package dev.weft.weaver.generated;

import dev.weft.weaver.Diagnostic;
import dev.weft.weaver.Engine;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Counts what happened to the programs. */
final class Statistics {
  private static final Pattern SPECIFIC =
      Pattern.compile("\\b[a-z]+\\d+\\b|\\d+|lambda\\$\\S+|with \\[.*");

  private final Map<Engine, Map<String, Integer>> refusals = new EnumMap<>(Engine.class);
  private final Map<Engine, Integer> refused = new EnumMap<>(Engine.class);
  private final Map<Engine, Integer> runs = new EnumMap<>(Engine.class);
  private final Map<Engine, Integer> suspended = new EnumMap<>(Engine.class);
  private final Map<String, Integer> miscompiled = new TreeMap<>();
  int programs;

  /** The compiler has a bug: the JVM does not take what it wrote. */
  void miscompiled(Throwable error) {
    miscompiled(String.valueOf(error.getMessage()));
  }

  void miscompiled(String error) {
    String first = error.lines().findFirst().orElse("");
    miscompiled.merge(SPECIFIC.matcher(first).replaceAll("N"), 1, Integer::sum);
  }

  void refused(Engine engine, List<Diagnostic> diagnostics) {
    refused.merge(engine, 1, Integer::sum);
    Map<String, Integer> kinds = refusals.computeIfAbsent(engine, key -> new TreeMap<>());
    diagnostics.stream()
        .map(diagnostic -> SPECIFIC.matcher(diagnostic.message()).replaceAll("N"))
        .distinct()
        .forEach(kind -> kinds.merge(kind, 1, Integer::sum));
  }

  int miscompiled() {
    return miscompiled.values().stream().mapToInt(Integer::intValue).sum();
  }

  void ran(Engine engine, int completedLater) {
    runs.merge(engine, 1, Integer::sum);
    suspended.merge(engine, completedLater, Integer::sum);
  }

  int refused(Engine engine) {
    return refused.getOrDefault(engine, 0);
  }

  int suspended(Engine engine) {
    return suspended.getOrDefault(engine, 0);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(programs + " programs\n");
    for (Engine engine : Engine.values()) {
      text.append(
          "  %-6s %d runs, %d futures completed later, %d programs refused%n"
              .formatted(engine, runs.getOrDefault(engine, 0), suspended(engine), refused(engine)));
      refusals
          .getOrDefault(engine, Map.of())
          .forEach((kind, count) -> text.append("         %6d  %s%n".formatted(count, kind)));
    }
    miscompiled.forEach(
        (error, count) -> text.append("  the compiler's fault: %d  %s%n".formatted(count, error)));
    return text.toString();
  }
}
