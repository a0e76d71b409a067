package dev.weft.weaver.tasks.heap;

import java.util.LinkedHashMap;
import java.util.Map;

/** How many there are of each kind. */
final class Summary {
  private final Map<String, Long> numbers = new LinkedHashMap<>();

  Summary() {
    for (String name : new String[] {"tasks", "calls", "running", "queued", "suspended", "ended"}) {
      numbers.put(name, 0L);
    }
  }

  void add(HeapTask task) {
    numbers.merge(task.isCall() ? "calls" : "tasks", 1L, Long::sum);
    numbers.merge(task.state().text(), 1L, Long::sum);
  }

  /** By the names that they have in the JSON. */
  Map<String, Long> numbers() {
    return numbers;
  }
}
