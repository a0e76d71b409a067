package dev.weft.weaver.agent;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What stands behind the {@code =} of {@code -javaagent:async-weaver-agent.jar=include=shop:bank}.
 *
 * @param include packages and classes to weave; all if empty
 */
record AgentOptions(List<String> include) {
  private static final String INCLUDE = "include=";

  /**
   * Reads the options.
   *
   * @throws IllegalArgumentException if there is one that does not exist or has no value
   */
  static AgentOptions parse(@Nullable String options) {
    List<String> include = new ArrayList<>();
    if (options != null && !options.isBlank()) {
      for (String option : options.split(",", -1)) {
        if (!option.startsWith(INCLUDE) || option.length() == INCLUDE.length()) {
          throw new IllegalArgumentException(
              "weft agent: cannot read the option '"
                  + option
                  + "'; there is only include=PREFIX[:PREFIX...], with names of packages or classes");
        }
        include.addAll(List.of(option.substring(INCLUDE.length()).split(":")));
      }
    }
    return new AgentOptions(List.copyOf(include));
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
