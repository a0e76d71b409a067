package dev.weft.weaver.tasks.heap;

import dev.weft.weaver.tasks.hprof.FieldName;
import dev.weft.weaver.tasks.hprof.HeapClass;
import dev.weft.weaver.tasks.hprof.HeapDump;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What tasks are called, and where they come from; see {@code scheduler.task.TaskLabel}. */
final class Labels {
  private static final String LAMBDA = "$$Lambda";

  /** Of a task, and of blocking calls, which have no label but a class. */
  private static final List<FieldName> LABELS =
      List.of(Fields.LABEL, Fields.CALL_ORIGIN, Fields.POOL_CALL_ORIGIN);

  private final HeapDump dump;
  private final Kinds kinds;

  Labels(HeapDump dump, Kinds kinds) {
    this.dump = dump;
    this.kinds = kinds;
  }

  /** A label, or where the task comes from. */
  private long label(int task) throws IOException {
    for (FieldName field : LABELS) {
      long label = dump.reference(task, field);
      if (label != 0) {
        return label;
      }
    }
    return 0;
  }

  /** The label that was made for a task; negative if nobody has asked for one. */
  private int made(int task) throws IOException {
    int label = dump.find(label(task));
    return kinds.is(label, Kinds.TASK_LABEL) ? label : Chains.NONE;
  }

  private long origin(int task) throws IOException {
    int made = made(task);
    return made < 0 ? label(task) : dump.reference(made, Fields.LABEL_ORIGIN);
  }

  /** Has the texts looked for that a task's label needs. */
  void want(int task) throws IOException {
    int made = made(task);
    if (made >= 0) {
      dump.want(dump.reference(made, Fields.LABEL_NAME));
    }
    long origin = origin(task);
    if (dump.classAt(origin) == null) {
      dump.want(origin);
    }
  }

  /** Its number; 0 if it has none, because nobody has asked for that. */
  long id(int task) throws IOException {
    int number = dump.intValue(task, Fields.NUMBER);
    return Integer.toUnsignedLong(number != 0 ? number : dump.intValue(task, Fields.CALL_NUMBER));
  }

  /** For how many nanoseconds it was seen to run; 0 if nobody has looked. */
  long busyNanos(int task) throws IOException {
    int made = made(task);
    return made < 0 ? 0 : dump.longValue(made, Fields.LABEL_BUSY);
  }

  /** What it was called; null for nothing. */
  @Nullable String name(int task) throws IOException {
    int made = made(task);
    return made < 0 ? null : dump.text(dump.reference(made, Fields.LABEL_NAME));
  }

  /** Where it was spawned; null if that is not known. */
  @Nullable Place site(int task) throws IOException {
    String site = dump.text(origin(task));
    return site == null ? null : Place.ofSpawn(site);
  }

  /** For people: where it was spawned, or the class whose code it is. */
  String origin(int task, @Nullable Place site) throws IOException {
    if (site != null) {
      return "spawned at " + site;
    }
    HeapClass type = dump.classAt(origin(task));
    if (type == null) {
      return dump.type(task).name();
    }
    int lambda = type.name().indexOf(LAMBDA);
    String code = lambda < 0 ? type.name() : "a lambda of " + type.name().substring(0, lambda);
    return kinds.is(task, Kinds.BLOCKING_CALL) ? "a blocking call of " + code : code;
  }

  /** For people, in a sentence: {@code task 7 "order"}. */
  String describe(int task) throws IOException {
    long id = id(task);
    String name = name(task);
    StringBuilder text = new StringBuilder("task ");
    text.append(id != 0 ? Long.toString(id) : "@" + HeapDump.hex(dump.id(task)));
    if (name != null) {
      text.append(" \"").append(oneLine(name)).append('"');
    }
    return text.toString();
  }

  /** What anybody may have written, without what begins a line, or steers a terminal. */
  static String oneLine(String text) {
    StringBuilder line = new StringBuilder(text);
    for (int i = 0; i < line.length(); i++) {
      if (Character.isISOControl(line.charAt(i))) {
        line.setCharAt(i, ' ');
      }
    }
    return line.toString();
  }
}
