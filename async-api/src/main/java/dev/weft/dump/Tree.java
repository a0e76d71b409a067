package dev.weft.dump;

import dev.weft.Task;
import dev.weft.dump.live.LiveWork;
import dev.weft.frame.Standing;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tasks of one executor, each below the one that awaits it, or else below the one in whose
 * scope it was forked. Takes a reference for each of those: unlike a flat dump it takes memory.
 */
final class Tree {
  /** So deep it is indented; what is further down stands there, too. */
  private static final int MOST_DEEP = 20;

  private final TaskDump dump;
  private final LiveWork work;
  private final Polled polled;
  private final IdentityHashMap<Task<?>, List<Task<?>>> inner = new IdentityHashMap<>();

  /** Those that stand below another. */
  private final Set<Task<?>> below = identitySet();

  /** Those of them that are still to be written. */
  private final Set<Task<?>> left = identitySet();

  Tree(TaskDump dump, LiveWork work) {
    this.dump = dump;
    this.work = work;
    this.polled = Polled.of(work);
  }

  /** What is done with each. */
  interface Writer {
    void write(TaskEntry entry, int depth) throws IOException;
  }

  private record Place(Task<?> task, int depth) {}

  void write(Writer writer) throws IOException {
    work.forEach(
        task -> {
          Task<?> outer = outerOf(task);
          if (outer != null && below.add(task)) {
            left.add(task);
            inner.computeIfAbsent(outer, any -> new ArrayList<>(1)).add(task);
          }
        });
    dump.forEach(
        work,
        entry -> {
          if (!below.contains(entry.task())) {
            writeFrom(entry.task(), writer);
          }
        });
    // Those that wait for each other in a circle, and those below what has ended since.
    while (!left.isEmpty()) {
      writeFrom(left.iterator().next(), writer);
    }
  }

  private static <T> Set<T> identitySet() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }

  private static @Nullable Task<?> outerOf(Task<?> task) {
    Task<?> awaiter = Standing.awaiterOf(task);
    return awaiter != null ? awaiter : task.parent();
  }

  private void writeFrom(Task<?> root, Writer writer) throws IOException {
    Deque<Place> open = new ArrayDeque<>();
    open.push(new Place(root, 0));
    left.remove(root);
    for (Place at; (at = open.poll()) != null; ) {
      writer.write(new TaskEntry(work, at.task, polled).look(), Math.min(at.depth, MOST_DEEP));
      for (Task<?> task : inner.getOrDefault(at.task, List.of())) {
        if (left.remove(task)) {
          open.push(new Place(task, at.depth + 1));
        }
      }
    }
  }
}
