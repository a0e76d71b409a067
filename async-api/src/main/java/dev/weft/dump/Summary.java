package dev.weft.dump;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Counts the entries of a dump. */
final class Summary {
  /** So many places are told apart. Guessed: more than a program has awaits that matter. */
  private static final int MOST_SITES = 10_000;

  private static final int TOLD = 10;

  private final Map<TaskState, long[]> states = new EnumMap<>(TaskState.class);
  private final Map<StackTraceElement, long[]> sites = new HashMap<>();
  private long tasks;
  private long calls;

  void add(TaskEntry entry) {
    if (entry.isCall()) {
      calls++;
    } else {
      tasks++;
    }
    states.computeIfAbsent(entry.state(), any -> new long[1])[0]++;
    StackTraceElement site = entry.state() == TaskState.SUSPENDED ? entry.site() : null;
    if (site != null && (sites.size() < MOST_SITES || sites.containsKey(site))) {
      sites.computeIfAbsent(site, any -> new long[1])[0]++;
    }
  }

  long tasks() {
    return tasks;
  }

  long calls() {
    return calls;
  }

  long of(TaskState state) {
    long[] count = states.get(state);
    return count == null ? 0 : count[0];
  }

  /** For people. */
  String text(int deadlocks) {
    StringBuilder text = new StringBuilder();
    text.append(tasks).append(tasks == 1 ? " task" : " tasks").append(" and ");
    text.append(calls).append(calls == 1 ? " call" : " calls").append(" outside of tasks: ");
    for (TaskState state : TaskState.values()) {
      if (of(state) > 0 || state == TaskState.SUSPENDED) {
        text.append(of(state)).append(' ').append(state.word()).append(", ");
      }
    }
    text.append(deadlocks == 0 ? "no" : Integer.toString(deadlocks));
    text.append(deadlocks == 1 ? " deadlock" : " deadlocks").append('\n');
    List<Map.Entry<StackTraceElement, long[]>> sorted = new ArrayList<>(sites.entrySet());
    sorted.sort(
        Comparator.<Map.Entry<StackTraceElement, long[]>>comparingLong(site -> -site.getValue()[0])
            .thenComparing(site -> site.getKey().toString()));
    for (Map.Entry<StackTraceElement, long[]> site :
        sorted.subList(0, Math.min(TOLD, sorted.size()))) {
      text.append(String.format(Locale.ROOT, "%9d at %s\n", site.getValue()[0], site.getKey()));
    }
    return text.toString();
  }
}
