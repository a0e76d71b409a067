package dev.weft.weaver.tasks.heap;

import dev.weft.weaver.tasks.hprof.HeapDump;
import java.io.IOException;
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

  /** Names a task or a call within the dump. */
  String key(int object) throws IOException {
    if (!kinds.is(object, Kinds.SPAWN)) {
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
