package dev.weft.weaver.tasks.heap;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;

/**
 * The tasks of one executor, each below the one that awaits it, or else below the one in whose
 * scope it was forked.
 */
final class HeapTree {
  /** So deep it is indented; what is further down stands there, too. As that of a running JVM. */
  private static final int MOST_DEEP = 20;

  private final List<Integer> entries;

  /** What each task has below it. */
  private final Groups inner = new Groups();

  private final BitSet isBelow = new BitSet();
  private final BitSet written = new BitSet();

  HeapTree(HeapTasks tasks, HeapTasks.Group group) throws IOException {
    this.entries = group.entries();
    BitSet here = new BitSet();
    entries.forEach(here::set);
    for (int entry : entries) {
      int outer = tasks.outer(entry);
      if (outer >= 0 && outer != entry && here.get(outer)) {
        inner.add(outer, entry);
        isBelow.set(entry);
      }
    }
  }

  /** What is done with each. */
  interface Writer {
    void write(int entry, int depth) throws IOException;
  }

  private record At(int entry, int depth) {}

  void write(Writer writer) throws IOException {
    for (int entry : entries) {
      if (!isBelow.get(entry)) {
        writeFrom(entry, writer);
      }
    }
    for (int entry : entries) { // those that wait for each other in a circle
      writeFrom(entry, writer);
    }
  }

  private void writeFrom(int root, Writer writer) throws IOException {
    Deque<At> open = new ArrayDeque<>();
    open.push(new At(root, 0));
    for (At at; (at = open.poll()) != null; ) {
      if (written.get(at.entry)) {
        continue;
      }
      written.set(at.entry);
      writer.write(at.entry, Math.min(at.depth, MOST_DEEP));
      int[] below = inner.of(at.entry);
      for (int i = below.length - 1; i >= 0; i--) {
        open.push(new At(below[i], at.depth + 1));
      }
    }
  }
}
