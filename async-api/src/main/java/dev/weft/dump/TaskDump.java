package dev.weft.dump;

import dev.weft.AsyncExecutor;
import dev.weft.dump.live.LiveExecutors;
import dev.weft.dump.live.LiveWork;
import dev.weft.frame.Standing;
import dev.weft.jfr.QuitSignals;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Says of every task, and of every suspended call that belongs to none, who it is, where it stands,
 * and what it waits for; and names deadlocks. As text for people, as JSON, or to be looked at one
 * by one.
 *
 * <pre>{@code
 * TaskDump.ofAll().writeText(System.err);
 * // executor weft (work-stealing, 2 workers)
 * //
 * // t7 "order" suspended for 1.204 s: waits for a sleep, 1.500 s left
 * //     spawned at shop.Main.main(Main.java:12), 3.008 s ago; 12 polls, busy 0.010 s
 * //     at await//shop.Shop.pay(Shop.java:40)
 * //     at await//shop.Shop.buy(Shop.java:31)
 * }</pre>
 *
 * <p>From any thread, and from one that is no executor's while all of those are stuck. The program
 * goes on meanwhile: what is told of one task was true at some moment of it. Written as it is
 * found, so a million tasks take time and no memory, but for a tree.
 *
 * <p>Immutable; the methods that begin with {@code as} and {@code with} return another one.
 */
public final class TaskDump {
  private final @Nullable AsyncExecutor only;
  private final boolean tree;
  private final boolean locals;
  private final boolean stacks;

  private TaskDump(@Nullable AsyncExecutor only, boolean tree, boolean locals, boolean stacks) {
    this.only = only;
    this.tree = tree;
    this.locals = locals;
    this.stacks = stacks;
  }

  /** Of all executors that live in this JVM, as far as this class was loaded once. */
  public static TaskDump ofAll() {
    return new TaskDump(null, false, false, true);
  }

  /** Of one executor. */
  public static TaskDump of(AsyncExecutor executor) {
    return new TaskDump(Objects.requireNonNull(executor, "executor"), false, false, true);
  }

  /**
   * As text, with each task below the one that awaits it, or in whose scope it was forked. Takes
   * memory for each such task. JSON is always flat, and says who awaits whom.
   */
  public TaskDump asTree(boolean on) {
    return new TaskDump(only, on, locals, stacks);
  }

  /** With the values of {@code AsyncLocal}s, as text: may tell secrets. Without by default. */
  public TaskDump withLocals(boolean on) {
    return new TaskDump(only, tree, on, stacks);
  }

  /** With the Java stacks of those that run. With by default. */
  public TaskDump withStacks(boolean on) {
    return new TaskDump(only, tree, locals, on);
  }

  /**
   * Writes it for people.
   *
   * @throws IOException from where it is written to
   */
  public void writeText(Appendable to) throws IOException {
    write(() -> new TextReport(this, to).write());
  }

  /**
   * Writes it for programs, in the form that docs/schema/tasks-1.json tells.
   *
   * @throws IOException from where it is written to
   */
  public void writeJson(Appendable to) throws IOException {
    write(() -> new JsonReport(this, to).write());
  }

  /** As text; for few tasks, since it is one string. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    try {
      writeText(text);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return text.toString();
  }

  /** The executors that it is of, with their names, in the order in which they were made. */
  public Map<AsyncExecutor, String> executors() {
    Map<AsyncExecutor, String> executors = new LinkedHashMap<>();
    for (LiveWork work : works()) {
      executors.put(work.executor(), work.name());
    }
    return executors;
  }

  /**
   * Shows somebody each task and call: those that are there from the beginning to the end, and some
   * of those that come and go meanwhile. Holds no lock while it does.
   */
  public void forEach(Consumer<? super TaskEntry> visitor) {
    for (LiveWork work : works()) {
      forEachEntry(work, visitor);
    }
  }

  private static void forEachEntry(LiveWork work, Consumer<? super TaskEntry> visitor) {
    work.forEach(
        task -> {
          if (!Standing.isPartOfTask(task)) { // else it is told there
            visitor.accept(new TaskEntry(work, task));
          }
        });
  }

  /** The one with such a {@link TaskEntry#key}; empty if there is none, or it has ended. */
  public Optional<TaskEntry> find(String key) {
    List<TaskEntry> found = new ArrayList<>(1);
    for (LiveWork work : works()) {
      work.forEach(
          task -> {
            if (found.isEmpty() && TaskEntry.keyOf(task).equals(key)) {
              found.add(new TaskEntry(work, task));
            }
          });
    }
    return found.stream().findFirst();
  }

  /**
   * Tasks and calls that wait for each other in a circle: by await, also through combinators and
   * time limits, and by mutexes and read-write locks, as far as those who have them keep the guard
   * in a local variable, as {@code try} does. Looked at twice, so what is reported was standing
   * still. A guard that is used after its {@code close} counts as held until then.
   */
  public List<Deadlock> deadlocks() {
    return Deadlocks.find(works());
  }

  /**
   * From now on, whenever the JVM prints its thread dump because it was sent SIGQUIT ({@code kill
   * -QUIT}, or Ctrl-\ in the terminal), a dump of all tasks follows on the standard output, within
   * two seconds. The same by the option {@code -Ddev.weft.dumpOnQuit=true}, from the first executor
   * on. The JVM says by its Flight Recorder that it has printed one, so that runs from here on,
   * with a few events a second.
   *
   * @return ends it
   * @throws IllegalStateException on a JVM without the module {@code jdk.jfr}
   */
  public static AutoCloseable onQuitSignal() {
    try {
      return QuitSignals.watch(TaskDump::print);
    } catch (LinkageError absent) {
      throw new IllegalStateException(
          "SIGQUIT is told of by the Flight Recorder, and this JVM has no module jdk.jfr", absent);
    }
  }

  @SuppressWarnings("SystemOut") // where the JVM's own goes
  private static synchronized void print() {
    PrintStream out = System.out;
    try {
      ofAll().asTree(true).writeText(out);
    } catch (IOException impossible) { // a PrintStream throws none
      throw new UncheckedIOException(impossible);
    }
    out.flush();
  }

  // ---- for the reports

  List<LiveWork> works() {
    List<LiveWork> works = LiveExecutors.all();
    return only == null ? works : works.stream().filter(work -> work.executor() == only).toList();
  }

  boolean isTree() {
    return tree;
  }

  boolean hasLocals() {
    return locals;
  }

  boolean hasStacks() {
    return stacks;
  }

  /** What is done with each entry. */
  interface Writing {
    void write(TaskEntry entry) throws IOException;
  }

  private interface Report {
    void write() throws IOException;
  }

  private static void write(Report report) throws IOException {
    try {
      report.write();
    } catch (UncheckedIOException wrapped) { // see forEach
      throw wrapped.getCause();
    }
  }

  void forEach(LiveWork work, Writing writer) {
    forEachEntry(
        work,
        entry -> {
          try {
            writer.write(entry);
          } catch (IOException error) {
            throw new UncheckedIOException(error);
          }
        });
  }
}
