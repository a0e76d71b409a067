package dev.weft.weaver.tasks.heap;

import dev.weft.weaver.tasks.heap.HeapTask.State;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** Counts tasks: those of each state, and those that wait at each place. */
final class Summary {
  /** So many places are told apart, and so many are told; as {@code dev.weft.dump} has it. */
  private static final int MOST_SITES = 10_000;

  private static final int TOLD = 10;

  private final Map<Place, Integer> sites = new HashMap<>();
  private final Map<State, Integer> states = new HashMap<>();
  private int tasks;
  private int calls;

  void add(HeapTask task) {
    if (task.isCall()) {
      calls++;
    } else {
      tasks++;
    }
    states.merge(task.state(), 1, Integer::sum);
    if (task.state() == State.SUSPENDED && !task.calls().isEmpty()) {
      Place site = task.calls().get(0);
      if (sites.size() < MOST_SITES || sites.containsKey(site)) {
        sites.merge(site, 1, Integer::sum);
      }
    }
  }

  /** By the names that they have in the JSON. A dump has none that has ended. */
  Map<String, Integer> numbers() {
    Map<String, Integer> numbers = new LinkedHashMap<>();
    numbers.put("tasks", tasks);
    numbers.put("calls", calls);
    for (State state : State.values()) {
      numbers.put(state.text(), states.getOrDefault(state, 0));
    }
    numbers.put("ended", 0);
    return numbers;
  }

  /** For people. */
  String text(int deadlocks) {
    StringBuilder text = new StringBuilder();
    text.append(tasks).append(tasks == 1 ? " task and " : " tasks and ");
    text.append(calls).append(calls == 1 ? " call" : " calls").append(" outside of tasks: ");
    for (State state : State.values()) {
      int number = states.getOrDefault(state, 0);
      if (number > 0 || state == State.SUSPENDED) {
        text.append(number).append(' ').append(state.text()).append(", ");
      }
    }
    text.append(deadlocks == 0 ? "no" : Integer.toString(deadlocks));
    text.append(deadlocks == 1 ? " deadlock\n" : " deadlocks\n");
    sites.entrySet().stream()
        .sorted(
            Comparator.<Map.Entry<Place, Integer>>comparingInt(site -> -site.getValue())
                .thenComparing(site -> site.getKey().toString()))
        .limit(TOLD)
        .forEach(
            site ->
                text.append(
                    String.format(
                        Locale.ROOT, "%9d at await//%s\n", site.getValue(), site.getKey())));
    return text.toString();
  }
}
