package dev.weft.weaver.tasks.heap;

import dev.weft.weaver.tasks.heap.Deadlocks.Deadlock;
import dev.weft.weaver.tasks.heap.HeapTask.State;
import dev.weft.weaver.tasks.hprof.HeapDump;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The tasks in a heap dump, and the suspended calls that belong to none. It takes three walks over
 * the file, and then reads each task when it is asked for. Memory: about 45 bytes for each object
 * of async-api and each frame, and 70 for each name of a task; not more for a larger heap.
 *
 * <pre>{@code
 * try (HeapTasks tasks = HeapTasks.open(Path.of("shop.hprof"), false)) {
 *   tasks.writeText(System.out, false);
 * }
 * }</pre>
 */
public final class HeapTasks implements Closeable {
  /** Of one executor: its tasks by their numbers, then the calls. */
  record Group(Executors.Executor executor, List<Integer> entries) {}

  private final HeapDump dump;
  private final TaskHeap heap;
  private final @Nullable Locals locals;
  private final List<Deadlock> deadlocks;
  private final List<Group> groups;

  private HeapTasks(HeapDump dump, boolean withLocals) throws IOException {
    this.dump = dump;
    heap = new TaskHeap(dump);
    locals = withLocals ? new Locals(dump) : null;
    Deadlocks found = Deadlocks.of(heap); // which may show further calls
    wantTexts();
    dump.load();
    if (locals != null) {
      locals.load();
    }
    groups = group();
    deadlocks = found.describe();
  }

  /**
   * Reads a heap dump.
   *
   * @param withLocals whether to say which AsyncLocals the tasks have
   * @throws IOException if the file cannot be read, is no heap dump or not a whole one, or has no
   *     Weft in it; the message is for people
   */
  public static HeapTasks open(Path file, boolean withLocals) throws IOException {
    HeapDump dump = HeapDump.open(file, Kinds::isOfInterest);
    try {
      if (dump.classes().stream().noneMatch(type -> type.name().equals(Types.TASK))) {
        throw new IOException(
            file + ": has no class " + Types.TASK + ": the JVM had not loaded Weft");
      }
      return new HeapTasks(dump, withLocals);
    } catch (IOException | RuntimeException | Error e) {
      dump.close();
      throw e;
    }
  }

  private void wantTexts() throws IOException {
    for (int object = 0; object < dump.size(); object++) {
      if (heap.kinds.is(object, Kinds.SPAWN | Kinds.BLOCKING_CALL)
          && !heap.chains.hasEnded(object)) {
        heap.labels.want(object);
      }
      if (dump.type(object).isA(Types.THREAD)) {
        dump.want(dump.reference(object, Fields.THREAD_NAME));
      }
    }
    for (int entry : heap.entries.all()) {
      int executor = executorOf(entry);
      if (executor >= 0) {
        heap.executors.want(executor);
      }
      if (locals != null) {
        int innermost = Look.at(heap, entry).innermost;
        if (innermost >= 0) {
          locals.want(innermost);
        }
      }
    }
  }

  /** A blocking call knows its pool alone: it is shown where the call is that waits for it. */
  private int executorOf(int entry) throws IOException {
    int frame = heap.kinds.is(entry, Kinds.FRAME) ? entry : heap.entries.awaiting(entry);
    return frame < 0 ? Chains.NONE : heap.executors.of(frame);
  }

  private List<Group> group() throws IOException {
    Map<Integer, List<Integer>> byExecutor = new LinkedHashMap<>();
    for (int entry : heap.entries.all()) {
      byExecutor.computeIfAbsent(executorOf(entry), key -> new ArrayList<>()).add(entry);
    }
    List<Group> all = new ArrayList<>();
    for (Map.Entry<Integer, List<Integer>> one : byExecutor.entrySet()) {
      sort(one.getValue());
      all.add(new Group(heap.executors.get(one.getKey()), one.getValue()));
    }
    all.sort(Comparator.comparing(group -> group.executor.name()));
    return all;
  }

  /** Tasks by number, then those without, then calls; else as in the file. */
  private void sort(List<Integer> entries) throws IOException {
    long[] numbers = new long[entries.size()];
    Integer[] order = new Integer[numbers.length];
    for (int i = 0; i < numbers.length; i++) {
      int entry = entries.get(i);
      long id = heap.labels.id(entry);
      numbers[i] = heap.isCall(entry) ? Long.MAX_VALUE : id == 0 ? Long.MAX_VALUE - 1 : id;
      order[i] = i;
    }
    Arrays.sort(order, Comparator.comparingLong(i -> numbers[i]));
    Arrays.setAll(order, i -> entries.get(order[i]));
    for (int i = 0; i < order.length; i++) {
      entries.set(i, order[i]);
    }
  }

  // ---- for those that write it

  HeapDump dump() {
    return dump;
  }

  List<Group> groups() {
    return groups;
  }

  List<Deadlock> deadlocks() {
    return deadlocks;
  }

  /** The task below which one stands in a tree; negative for none. */
  int outer(int entry) throws IOException {
    int awaiting = heap.entries.awaiting(entry);
    return awaiting >= 0 ? awaiting : heap.entries.scope(entry);
  }

  /** Looks at one. */
  HeapTask at(int entry) throws IOException {
    Look look = Look.at(heap, entry);
    boolean isCall = heap.isCall(entry);
    Place site = isCall ? null : heap.labels.site(entry);
    boolean runs = look.state == State.RUNNING && look.thread != 0;
    return new HeapTask(
        heap.key(entry),
        isCall,
        isCall ? 0 : heap.labels.id(entry),
        isCall ? null : heap.labels.name(entry),
        isCall ? heap.describe(entry) : heap.labels.origin(entry, site),
        site,
        look.state,
        runs ? threadName(look.thread) : null,
        runs ? ofProgram(dump.stack(look.thread)) : List.of(),
        look.state == State.SUSPENDED ? look.waitsFor : null,
        key(look.awaits),
        key(heap.entries.awaiting(entry)),
        key(heap.entries.scope(entry)),
        look.calls,
        look.branches,
        figures(entry, look),
        locals == null || look.innermost < 0 ? Map.of() : locals.of(look.innermost));
  }

  private @Nullable String key(int entry) throws IOException {
    return entry < 0 ? null : heap.key(entry);
  }

  private Map<String, Long> figures(int entry, Look look) throws IOException {
    Map<String, Long> figures = new LinkedHashMap<>();
    if (!heap.kinds.is(entry, Kinds.FRAME)) {
      return figures;
    }
    if (heap.kinds.is(entry, Kinds.SPAWN)) {
      figures.put(HeapTask.AGE, heap.millisSince(dump.intValue(entry, Fields.SPAWNED_AT), entry));
    }
    int since = dump.intValue(look.innermost, Fields.SINCE);
    figures.put(HeapTask.IN_STATE, heap.millisSince(since, entry));
    figures.put(HeapTask.POLLS, Integer.toUnsignedLong(look.polls));
    long busy = heap.labels.busyNanos(entry);
    if (busy > 0) {
      figures.put(HeapTask.BUSY, TimeUnit.NANOSECONDS.toMillis(busy));
    }
    return figures;
  }

  /** Without what an executor does to poll a task. */
  private static List<String> ofProgram(List<String> stack) {
    List<String> program =
        stack.stream().takeWhile(line -> !line.startsWith(Types.WEFT + "frame.")).toList();
    return program.isEmpty() ? stack : program;
  }

  private String threadName(int serial) throws IOException {
    int thread = dump.find(dump.threadObject(serial));
    String name = thread < 0 ? null : dump.text(dump.reference(thread, Fields.THREAD_NAME));
    return name == null ? "thread " + serial : name;
  }

  /**
   * Writes all of it for people.
   *
   * @param tree whether tasks stand below those that wait for them
   */
  public void writeText(Appendable to, boolean tree) throws IOException {
    new HeapText(this, to, tree).write();
  }

  /** Writes all of it as JSON, by the schema {@code urn:weft:tasks:1}. */
  public void writeJson(Appendable to) throws IOException {
    new HeapJson(this, to).write();
  }

  @Override
  public void close() throws IOException {
    dump.close();
  }
}
