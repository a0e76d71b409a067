package dev.weft.dump;

import dev.weft.AsyncStackTrace;
import dev.weft.dump.live.LiveWork;
import dev.weft.time.Seconds;
import java.io.IOException;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;

/**
 * A dump for people.
 *
 * <pre>
 *   executor shop (work-stealing, 2 workers)
 *
 *   t7 "order" suspended for 1.204 s: waits for a sleep, 1.500 s left
 *       spawned at shop.Main.main(Main.java:12), 3.008 s ago; 12 polls, busy 0.010 s
 *       at await//shop.Shop.pay(Shop.java:40)
 *       at await//shop.Shop.buy(Shop.java:31)
 * </pre>
 */
final class TextReport {
  private static final String STEP = "    ";

  /** Guessed: more than a program has awaits that matter. */
  private static final int MOST_LINES = 10_000;

  private final TaskDump dump;
  private final Appendable out;
  private final Summary summary = new Summary();

  /** The lines of awaits, of which there are few: each is one object. */
  private final IdentityHashMap<StackTraceElement, String> lines = new IdentityHashMap<>();

  TextReport(TaskDump dump, Appendable out) {
    this.dump = dump;
    this.out = out;
  }

  void write() throws IOException {
    List<Deadlock> deadlocks = dump.deadlocks();
    for (Deadlock deadlock : deadlocks) {
      out.append(deadlock.text()).append("\n\n");
    }
    for (LiveWork work : dump.works()) {
      write(work);
    }
    out.append(summary.text(deadlocks.size()));
  }

  private void write(LiveWork work) throws IOException {
    out.append("executor ").append(work.name()).append(" (").append(work.kind().word());
    if (work.workers() > 1) {
      out.append(", ").append(Integer.toString(work.workers())).append(" workers");
    }
    out.append(")\n\n");
    if (dump.isTree()) {
      new Tree(dump, work).write(this::write);
    } else {
      dump.forEach(work, entry -> write(entry.look(), 0));
    }
  }

  private void write(TaskEntry entry, int depth) throws IOException {
    summary.add(entry);
    String indent = STEP.repeat(depth);
    out.append(indent).append(entry.toString());
    if (entry.inState().isPresent()) {
      out.append(" for ").append(Seconds.ofMillis(entry.inState().get().toMillis()));
    }
    if (entry.state() == TaskState.RUNNING && entry.thread() != null) {
      out.append(" on ").append(entry.thread().getName());
    }
    String waitsFor = entry.waitsFor();
    if (waitsFor != null) {
      out.append(": waits for ").append(waitsFor);
    }
    out.append('\n');
    figures(entry, indent + STEP);
    relations(entry, indent + STEP);
    if (dump.hasLocals()) {
      for (Map.Entry<String, String> local : entry.locals().entrySet()) {
        line(indent + STEP, local.getKey() + " = " + local.getValue());
      }
    }
    if (dump.hasStacks()) {
      elements(entry.javaStack(), indent + STEP);
    }
    for (AsyncStackTrace branch : entry.branches()) {
      for (String line : branch.toString().lines().toList()) {
        line(indent + STEP + STEP, line);
      }
    }
    for (StackTraceElement call : entry.calls()) {
      if (lines.size() > MOST_LINES) {
        lines.clear();
      }
      line(indent + STEP, lines.computeIfAbsent(call, element -> "at " + element));
    }
    out.append('\n');
  }

  private void figures(TaskEntry entry, String indent) throws IOException {
    out.append(indent).append(entry.origin());
    if (entry.age().isPresent()) {
      out.append(", ").append(Seconds.ofMillis(entry.age().get().toMillis())).append(" ago");
    }
    if (entry.inState().isPresent()) {
      out.append("; ").append(Long.toString(entry.polls()));
      out.append(entry.polls() == 1 ? " poll" : " polls");
    }
    if (entry.busy().isPresent()) {
      out.append(", busy ").append(Seconds.ofMillis(entry.busy().get().toMillis()));
    }
    out.append('\n');
  }

  private void relations(TaskEntry entry, String indent) throws IOException {
    String outer = entry.awaitedBy();
    String scope = entry.scope();
    if (outer != null && !dump.isTree()) {
      line(indent, "awaited by " + outer);
    }
    if (scope != null) {
      line(indent, "in the scope of " + scope);
    }
  }

  private void elements(List<StackTraceElement> elements, String indent) throws IOException {
    for (StackTraceElement element : elements) {
      line(indent, "at " + element);
    }
  }

  private void line(String indent, String text) throws IOException {
    out.append(indent).append(text).append('\n');
  }
}
