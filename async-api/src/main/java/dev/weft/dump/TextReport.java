package dev.weft.dump;

import dev.weft.AsyncStackTrace;
import dev.weft.dump.live.LiveWork;
import dev.weft.frame.SpawnSite;
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

  /** Characters. Guessed: many entries, and little to keep. */
  private static final int BUFFERED = 8192;

  private final TaskDump dump;
  private final Appendable out;

  /** What is yet to be written: a million entries of many pieces are many calls. */
  private final StringBuilder text = new StringBuilder(2 * BUFFERED);

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
      text.append(deadlock.text()).append("\n\n");
      flush(); // so that they are there whatever becomes of the rest
    }
    for (LiveWork work : dump.works()) {
      write(work);
    }
    text.append(summary.text(deadlocks.size()));
    flush();
  }

  private void write(LiveWork work) throws IOException {
    text.append("executor ")
        .append(SpawnSite.oneLine(work.name()))
        .append(" (")
        .append(work.kind().word());
    if (work.workers() > 1) {
      text.append(", ").append(work.workers()).append(" workers");
    }
    text.append(")\n\n");
    if (dump.isTree()) {
      new Tree(dump, work).write(this::write);
    } else {
      dump.forEach(work, entry -> write(entry.look(), 0));
    }
  }

  private void write(TaskEntry entry, int depth) throws IOException {
    summary.add(entry);
    String indent = STEP.repeat(depth);
    entry.appendTo(text.append(indent));
    if (entry.stateMillis() >= 0) {
      Seconds.append(text.append(" for "), entry.stateMillis());
    }
    Thread thread = entry.state() == TaskState.RUNNING ? entry.thread() : null;
    if (thread != null) {
      text.append(" on ").append(SpawnSite.oneLine(thread.getName()));
    }
    String waitsFor = entry.waitsFor();
    if (waitsFor != null) {
      text.append(": waits for ").append(SpawnSite.oneLine(waitsFor));
    }
    text.append('\n');
    figures(entry, indent + STEP);
    relations(entry, indent + STEP);
    if (dump.hasLocals()) {
      for (Map.Entry<String, String> local : entry.locals().entrySet()) {
        line(indent + STEP, SpawnSite.oneLine(local.getKey() + " = " + local.getValue()));
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
    List<StackTraceElement> calls = entry.lines();
    for (int i = 0; i < calls.size(); i++) {
      if (lines.size() > MOST_LINES) {
        lines.clear();
      }
      line(indent + STEP, lines.computeIfAbsent(calls.get(i), element -> "at " + element));
    }
    text.append('\n');
    if (text.length() >= BUFFERED) {
      flush();
    }
  }

  private void flush() throws IOException {
    out.append(text.toString()); // who takes it may keep it
    text.setLength(0);
  }

  private void figures(TaskEntry entry, String indent) {
    text.append(indent).append(entry.origin());
    if (entry.ageMillis() >= 0) {
      Seconds.append(text.append(", "), entry.ageMillis()).append(" ago");
    }
    if (entry.stateMillis() >= 0) {
      text.append("; ").append(entry.polls()).append(entry.polls() == 1 ? " poll" : " polls");
    }
    if (entry.busyMillis() >= 0) {
      Seconds.append(text.append(", busy "), entry.busyMillis());
    }
    text.append('\n');
  }

  private void relations(TaskEntry entry, String indent) {
    String outer = entry.awaitedBy();
    String scope = entry.scope();
    if (outer != null && !dump.isTree()) {
      line(indent, "awaited by " + outer);
    }
    if (scope != null) {
      line(indent, "in the scope of " + scope);
    }
  }

  private void elements(List<StackTraceElement> elements, String indent) {
    for (StackTraceElement element : elements) {
      line(indent, "at " + element);
    }
  }

  private void line(String indent, String line) {
    text.append(indent).append(line).append('\n');
  }
}
