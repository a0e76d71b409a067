package dev.weft.weaver.agent;

import dev.weft.weaver.DiagnosticSeverities;
import dev.weft.weaver.Engine;
import dev.weft.weaver.WeaverOptions;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind the {@code =} of {@code
 * -javaagent:async-weaver-agent.jar=include=shop:bank,engine=direct}.
 *
 * @param include packages and classes to weave; all if empty
 * @param weaving how to weave them
 */
record AgentOptions(List<String> include, WeaverOptions weaving) {
  private static final String KNOWN =
      "there are include=PREFIX[:PREFIX...] with names of packages or classes, engine=auto|ea|direct,"
          + " debug=true|false, and diagnostics=CODE=SEVERITY[:CODE=SEVERITY...]";

  /**
   * Reads the options.
   *
   * @throws IllegalArgumentException if there is one that does not exist or has no good value
   */
  static AgentOptions parse(@Nullable String options) {
    List<String> include = new ArrayList<>();
    WeaverOptions weaving = WeaverOptions.DEFAULT;
    if (options != null && !options.isBlank()) {
      for (String option : options.split(",", -1)) {
        int equals = option.indexOf('=');
        String name = option.substring(0, Math.max(0, equals));
        String value = option.substring(equals + 1);
        try {
          switch (value.isEmpty() ? "" : name) {
            case "include" -> include.addAll(List.of(value.split(":")));
            case "engine" -> weaving = weaving.withEngine(Engine.named(value));
            case "debug" -> weaving = weaving.withDebug(truth(value));
            case "diagnostics" ->
                weaving = weaving.withSeverities(DiagnosticSeverities.parse(value));
            default -> throw new IllegalArgumentException(KNOWN);
          }
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException(
              "weft agent: cannot read the option '" + option + "': " + e.getMessage(), e);
        }
      }
    }
    return new AgentOptions(List.copyOf(include), weaving);
  }

  private static boolean truth(String value) {
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("it is true or false");
    };
  }

  /** True if a class is to be woven; prefixes end at a dot or dollar sign. */
  boolean includes(String internalName) {
    if (include.isEmpty()) {
      return true;
    }
    String name = internalName.replace('/', '.');
    return include.stream().anyMatch(prefix -> isPrefix(prefix, name));
  }

  private static boolean isPrefix(String prefix, String name) {
    if (!name.startsWith(prefix)) {
      return false;
    }
    char next = name.length() == prefix.length() ? '.' : name.charAt(prefix.length());
    return next == '.' || next == '$' || prefix.endsWith(".");
  }
}
