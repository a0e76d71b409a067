package dev.weft.weaver.tasks.heap;

import dev.weft.weaver.tasks.hprof.HeapDump;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The AsyncLocals that a task has. One that was given no name is called by the static field that it
 * is in, if it is in one.
 */
final class Locals {
  /** A list in a dump that is damaged may have no end. */
  private static final int MOST = 1000;

  private final HeapDump dump;
  private final Set<Long> keys = new HashSet<>();
  private Map<Long, String> names = Map.of();

  Locals(HeapDump dump) {
    this.dump = dump;
  }

  /** Has the values looked for. */
  void want(int frame) throws IOException {
    int context = dump.follow(frame, Fields.CONTEXT);
    for (int i = 0; context >= 0 && i < MOST; i++) {
      if (isShown(context)) {
        keys.add(dump.reference(context, Fields.CONTEXT_KEY));
        dump.want(dump.reference(context, Fields.CONTEXT_VALUE));
        dump.want(dump.reference(dump.follow(context, Fields.CONTEXT_KEY), Fields.LOCAL_NAME));
      }
      context = dump.follow(context, Fields.CONTEXT_REST);
    }
  }

  /** Looks for the names. */
  void load() throws IOException {
    names = dump.staticFields(keys);
  }

  private boolean isShown(int context) throws IOException {
    int key = dump.follow(context, Fields.CONTEXT_KEY);
    return key >= 0 && dump.type(key).isA(Types.ASYNC_LOCAL);
  }

  /** By name, as text. */
  Map<String, String> of(int frame) throws IOException {
    Map<String, String> all = new LinkedHashMap<>();
    int context = dump.follow(frame, Fields.CONTEXT);
    for (int i = 0; context >= 0 && i < MOST; i++) {
      if (isShown(context)) {
        long key = dump.reference(context, Fields.CONTEXT_KEY);
        String name = name(key, dump.follow(context, Fields.CONTEXT_KEY));
        all.putIfAbsent(name, dump.describe(dump.reference(context, Fields.CONTEXT_VALUE)));
      }
      context = dump.follow(context, Fields.CONTEXT_REST);
    }
    return all;
  }

  private String name(long id, int local) throws IOException {
    String name = dump.text(dump.reference(local, Fields.LOCAL_NAME));
    return name != null ? name : names.getOrDefault(id, "AsyncLocal@" + HeapDump.hex(id));
  }
}
