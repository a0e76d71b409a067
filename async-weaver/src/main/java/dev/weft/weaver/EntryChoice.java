package dev.weft.weaver;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which methods of a class are left without a second entry, and without awaits that call one. Both
 * make code longer. Where that is what takes a method beyond a limit, it is woven as it would be
 * without them: slower, and right. That turns out late, as with {@link EngineChoice}, and the class
 * is then woven anew; no method is worse off for what others of its class are spared.
 */
final class EntryChoice {
  /** By method: why. */
  private final Map<String, String> without = new HashMap<>();

  /** Why a method has neither; empty if it may have both. */
  String reasonAgainst(String name, String descriptor) {
    return without.getOrDefault(name + descriptor, "");
  }

  /**
   * Takes both from a method, if it has any.
   *
   * @param problem what is wrong with the woven code, as a clause
   * @return true if it had, and the class is to be woven again
   */
  boolean revise(@Nullable MethodReport method, String problem) {
    return method != null
        && method.calls().areAny()
        && revise(method.name(), method.descriptor(), problem);
  }

  /** The same for a method that could not be lowered, and has no report. */
  boolean revise(String name, String descriptor, String problem) {
    return without.putIfAbsent(name + descriptor, problem) == null;
  }

  /** The same for all methods of a class. */
  boolean revise(List<MethodReport> methods, String problem) {
    boolean revised = false;
    for (MethodReport method : methods) {
      revised |= revise(method, problem);
    }
    return revised;
  }
}
