package dev.weft.weaver.tasks.heap;

import dev.weft.weaver.tasks.hprof.HeapClass;
import dev.weft.weaver.tasks.hprof.HeapDump;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A heap dump, and what is known of the objects in it that tasks are made of. */
final class TaskHeap {
  final HeapDump dump;
  final Kinds kinds;
  final Chains chains;
  final Labels labels;
  final Sites sites;
  final Waits waits;
  final Entries entries;
  final Executors executors;

  /** As {@code Ticks.SHIFT}. */
  static final int TICK_SHIFT = 22;

  private final Map<HeapClass, Integer> ticks = new HashMap<>();
  private @Nullable Groups branches;

  TaskHeap(HeapDump dump) throws IOException {
    this.dump = dump;
    kinds = new Kinds(dump);
    chains = new Chains(dump, kinds);
    labels = new Labels(dump, kinds);
    sites = new Sites(dump, kinds);
    waits = new Waits(dump, kinds, labels, sites);
    entries = new Entries(dump, kinds, chains);
    executors = new Executors(dump);
  }

  /** How long a time of {@code dev.weft.frame.Ticks} was ago, in milliseconds. */
  long millisSince(int tick, int task) throws IOException {
    HeapClass frames = dump.type(task);
    while (!frames.name().equals(Types.FRAME) && frames.superclass() != null) {
      frames = frames.superclass();
    }
    Integer now = ticks.get(frames);
    if (now == null) {
      now = readTicks(frames);
      ticks.put(frames, now);
    }
    return TimeUnit.NANOSECONDS.toMillis(Math.max(0L, now - tick) << TICK_SHIFT);
  }

  /** That clock's time, when the dump was begun: of the Weft by the same class loader. */
  private int readTicks(HeapClass frames) throws IOException {
    HeapClass found = null;
    for (HeapClass type : dump.classes()) {
      if (type.name().equals(Types.TICKS) && (found == null || type.loader() == frames.loader())) {
        found = type;
      }
    }
    return found == null ? 0 : dump.staticInt(found, "now");
  }

  /** The branches of those that wait for several. */
  Groups branches() {
    Groups known = branches;
    if (known == null) {
      known = new Groups();
      for (int object = 0; object < dump.size(); object++) {
        if (kinds.is(object, Kinds.BRANCH) && chains.before(object) >= 0) {
          known.add(chains.before(object), object);
        }
      }
      branches = known;
    }
    return known;
  }

  /** True for a call that is part of no task. */
  boolean isCall(int object) {
    return !kinds.is(object, Kinds.SPAWN | Kinds.BLOCKING_CALL);
  }

  /** Names a task or a call within the dump. */
  String key(int object) throws IOException {
    if (isCall(object)) {
      return "c@" + HeapDump.hex(dump.id(object));
    }
    long id = labels.id(object);
    return id != 0 ? "t" + id : "t@" + HeapDump.hex(dump.id(object));
  }

  /** For people. */
  String describe(int object) throws IOException {
    return waits.describe(object);
  }
}
