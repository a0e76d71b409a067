package dev.weft.inspect;

import dev.weft.AsyncExecutor;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Numbers of executors, by which pages choose one: two may have the same name. Weak, as the page is
 * not to keep an executor that its program has forgotten. (No executor of ours has an {@code
 * equals} of its own.)
 */
final class Names {
  private final Map<AsyncExecutor, Integer> numbers = new WeakHashMap<>();
  private int last;

  int numberOf(AsyncExecutor executor) {
    return numbers.computeIfAbsent(executor, unknown -> ++last);
  }
}
