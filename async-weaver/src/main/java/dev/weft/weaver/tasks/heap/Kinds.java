package dev.weft.weaver.tasks.heap;

import dev.weft.weaver.tasks.hprof.HeapClass;
import dev.weft.weaver.tasks.hprof.HeapDump;
import java.util.LinkedHashMap;
import java.util.Map;

/** What the indexed objects are, by their classes. */
final class Kinds {
  static final int FUTURE = 1;
  static final int LINK = 2;
  static final int FRAME = 4;
  static final int SPAWN = 8;
  static final int RELAY = 16;
  static final int COMBINING = 32;
  static final int BRANCH = 64;
  static final int WAITER = 128;
  static final int LINKED_FRAMES = 256;
  static final int PAUSE = 512;
  static final int FETCHER = 1024;
  static final int GENERATOR = 2048;
  static final int WANTING = 4096;
  static final int JOINING = 8192;
  static final int TASK_LABEL = 1 << 14;

  /** A call on a thread that it may block: a task of its own, which is no frame. */
  static final int BLOCKING_CALL = 1 << 16;

  /** A frame that does what the scheduler needs, and no program has called. */
  static final int INTERNAL = 1 << 15;

  private static final Map<String, Integer> BITS = new LinkedHashMap<>();

  static {
    BITS.put(Types.FUTURE, FUTURE);
    BITS.put(Types.LINK, LINK);
    BITS.put(Types.FRAME, FRAME);
    BITS.put(Types.SPAWN, SPAWN);
    BITS.put(Types.RELAY, RELAY);
    BITS.put(Types.COMBINING, COMBINING);
    BITS.put(Types.BRANCH, BRANCH);
    BITS.put(Types.WAITER, WAITER);
    BITS.put(Types.LINKED_FRAMES, LINKED_FRAMES);
    BITS.put(Types.PAUSE, PAUSE);
    BITS.put(Types.FETCHER_UPCOMING, FETCHER);
    BITS.put(Types.GENERATOR_UPCOMING, GENERATOR);
    BITS.put(Types.WANTING, WANTING);
    BITS.put(Types.JOINING, JOINING);
    BITS.put(Types.TASK_LABEL, TASK_LABEL);
    BITS.put(Types.BLOCKING_CALL, BLOCKING_CALL);
  }

  private final HeapDump dump;

  /** By {@link HeapClass#number}. */
  private final int[] ofClass;

  Kinds(HeapDump dump) {
    this.dump = dump;
    this.ofClass = new int[dump.classes().size()];
    for (HeapClass type : dump.classes()) {
      ofClass[type.number()] = bits(type);
    }
  }

  private static int bits(HeapClass type) {
    int bits = 0;
    for (HeapClass at = type; at != null; at = at.superclass()) {
      bits |= BITS.getOrDefault(at.name(), 0);
    }
    boolean internal = (bits & (FRAME | SPAWN)) == FRAME && type.name().startsWith(Types.INTERNAL);
    return internal ? bits | INTERNAL : bits;
  }

  /** Of which classes objects are to be indexed. */
  static boolean isOfInterest(HeapClass type) {
    return type.name().startsWith(Types.WEFT) || type.isA(Types.FUTURE) || type.isA(Types.THREAD);
  }

  /** The kinds of a class. */
  int of(HeapClass type) {
    return ofClass[type.number()];
  }

  /** True if an object is of a kind. */
  boolean is(int object, int kind) {
    return object >= 0 && (ofClass[dump.type(object).number()] & kind) != 0;
  }
}
