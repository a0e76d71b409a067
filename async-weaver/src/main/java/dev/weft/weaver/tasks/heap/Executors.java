package dev.weft.weaver.tasks.heap;

import dev.weft.weaver.tasks.hprof.FieldName;
import dev.weft.weaver.tasks.hprof.HeapClass;
import dev.weft.weaver.tasks.hprof.HeapDump;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Whose the tasks are. */
final class Executors {
  /**
   * An executor.
   *
   * @param kind as in the JSON
   * @param workers its threads; 0 if that is not known
   */
  record Executor(String name, String kind, int workers) {}

  /** That of calls which were made outside any. */
  static final Executor NONE = new Executor("no executor", "other", 0);

  /** From an executor to its name, field by field. */
  private record Way(String type, String kind, List<FieldName> fields) {}

  private static final List<Way> WAYS =
      List.of(
          new Way(
              Types.WORK_STEALING,
              "work-stealing",
              List.of(Fields.SCHEDULER, Fields.SCHEDULER_CONFIG, Fields.CONFIG_NAME)),
          new Way(Types.NODE, "node", List.of(Fields.NODE_LOOP, Fields.LOOP_NAME)),
          new Way(Types.ADAPTER, "other", List.of(Fields.ADAPTER_ENGINE, Fields.ENGINE_NAME)));

  private final HeapDump dump;
  private final Map<Integer, Executor> known = new HashMap<>();

  Executors(HeapDump dump) {
    this.dump = dump;
  }

  /** The executor that resumes a call; negative for none. */
  int of(int frame) throws IOException {
    int executor = dump.follow(frame, Fields.EXECUTOR);
    int host = executor < 0 ? executor : dump.follow(executor, Fields.HOST);
    return host >= 0 ? host : executor;
  }

  /** Has its name looked for. */
  void want(int executor) throws IOException {
    Way way = way(executor);
    if (way != null) {
      dump.want(name(executor, way));
    }
  }

  /** What is known of one. */
  Executor get(int executor) throws IOException {
    if (executor < 0) {
      return NONE;
    }
    Executor there = known.get(executor);
    if (there == null) {
      there = read(executor);
      known.put(executor, there);
    }
    return there;
  }

  private Executor read(int executor) throws IOException {
    Way way = way(executor);
    String name = way == null ? null : dump.text(name(executor, way));
    return new Executor(
        name == null ? dump.type(executor).name() : name,
        way == null ? "other" : way.kind,
        workers(executor, way));
  }

  private int workers(int executor, @Nullable Way way) throws IOException {
    if (way == null || way.type.equals(Types.ADAPTER)) {
      return 0;
    }
    if (way.type.equals(Types.NODE)) {
      return 1;
    }
    int scheduler = dump.follow(executor, Fields.SCHEDULER);
    int config = scheduler < 0 ? -1 : dump.follow(scheduler, Fields.SCHEDULER_CONFIG);
    return config < 0 ? 0 : Math.max(0, dump.intValue(config, Fields.CONFIG_WORKERS));
  }

  private @Nullable Way way(int executor) {
    HeapClass type = dump.type(executor);
    return WAYS.stream().filter(way -> type.isA(way.type)).findFirst().orElse(null);
  }

  private long name(int executor, Way way) throws IOException {
    long id = dump.id(executor);
    for (FieldName field : way.fields) {
      int object = dump.find(id);
      id = object < 0 ? 0 : dump.reference(object, field);
    }
    return id;
  }
}
