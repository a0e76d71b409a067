package dev.weft.weaver.tasks.heap;

import dev.weft.weaver.lower.FrameClass;
import dev.weft.weaver.tasks.hprof.HeapClass;
import dev.weft.weaver.tasks.hprof.HeapDump;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where suspended calls stand. The table of an async method's awaits is in a static field of its
 * frame class, which is in the dump if the class was initialized; and that it was if it has an
 * instance.
 */
final class Sites {
  private record Key(HeapClass type, int state) {}

  private final HeapDump dump;
  private final Kinds kinds;
  private final Map<HeapClass, Long> tables = new HashMap<>();
  private final Map<Key, Place> places = new HashMap<>();

  /** Has the tables looked for. */
  Sites(HeapDump dump, Kinds kinds) throws IOException {
    this.dump = dump;
    this.kinds = kinds;
    for (HeapClass type : dump.classes()) {
      if ((kinds.of(type) & Kinds.FRAME) != 0) {
        long table = dump.staticReference(type, FrameClass.TABLE_FIELD);
        tables.put(type, table);
        dump.want(table);
      }
    }
  }

  /** The await at which a call is suspended; null for a call of async-api's own. */
  @Nullable Place of(int frame) throws IOException {
    if (kinds.is(frame, Kinds.SPAWN)) {
      return null;
    }
    HeapClass type = dump.type(frame);
    Key key = new Key(type, dump.intValue(frame, Fields.STATE));
    Place known = places.get(key);
    if (known == null) {
      known = find(type, key.state);
      if (known != null) {
        places.put(key, known);
      }
    }
    return known;
  }

  private @Nullable Place find(HeapClass type, int state) throws IOException {
    String table = dump.text(tables.getOrDefault(type, 0L));
    if (table != null) {
      return Place.ofAwait(table, state);
    }
    return isOfTheLibrary(type) ? null : Place.ofAwaitIn(type.name(), state);
  }

  /** Its frames are written by hand, and have no table. */
  private static boolean isOfTheLibrary(HeapClass type) {
    return type.name().startsWith(Types.WEFT) && !type.name().contains(Place.FRAME_MARK);
  }
}
