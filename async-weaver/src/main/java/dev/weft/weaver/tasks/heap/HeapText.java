package dev.weft.weaver.tasks.heap;

import dev.weft.weaver.tasks.heap.Deadlocks.Deadlock;
import dev.weft.weaver.tasks.heap.HeapTask.Branch;
import java.io.IOException;
import java.util.Map;

/** Tasks for people, in the form that {@code dev.weft.dump.TaskDump.writeText} has. */
final class HeapText {
  private static final String STEP = "    ";

  private final HeapTasks tasks;
  private final Appendable out;
  private final boolean isTree;
  private final Summary summary = new Summary();

  HeapText(HeapTasks tasks, Appendable out, boolean isTree) {
    this.tasks = tasks;
    this.out = out;
    this.isTree = isTree;
  }

  void write() throws IOException {
    for (Deadlock deadlock : tasks.deadlocks()) {
      out.append(deadlock.text()).append("\n\n");
    }
    for (HeapTasks.Group group : tasks.groups()) {
      write(group);
    }
    out.append(summary.text(tasks.deadlocks().size()));
  }

  private void write(HeapTasks.Group group) throws IOException {
    out.append("executor ").append(Labels.oneLine(group.executor().name()));
    out.append(" (").append(group.executor().kind());
    if (group.executor().workers() > 1) {
      out.append(", ").append(Integer.toString(group.executor().workers())).append(" workers");
    }
    out.append(")\n\n");
    if (isTree) {
      new HeapTree(tasks, group).write(this::write);
    } else {
      for (int entry : group.entries()) {
        write(entry, 0);
      }
    }
  }

  private void write(int entry, int depth) throws IOException {
    HeapTask task = tasks.at(entry);
    summary.add(task);
    String indent = STEP.repeat(depth);
    out.append(indent).append(task.key());
    if (task.name() != null) {
      out.append(" \"").append(Labels.oneLine(task.name())).append('"');
    }
    out.append(' ').append(task.state().text());
    Long inState = task.figures().get(HeapTask.IN_STATE);
    if (inState != null) {
      out.append(" for ").append(seconds(inState));
    }
    if (task.thread() != null) {
      out.append(" on ").append(Labels.oneLine(task.thread()));
    }
    if (task.waitsFor() != null) {
      out.append(": waits for ").append(Labels.oneLine(task.waitsFor()));
    }
    out.append('\n');
    String inner = indent + STEP;
    figures(task, inner);
    relations(task, inner);
    for (Map.Entry<String, String> local : task.locals().entrySet()) {
      line(inner, Labels.oneLine(local.getKey() + " = " + local.getValue()));
    }
    for (String element : task.stack()) {
      line(inner, "at " + element);
    }
    for (Branch branch : task.branches()) {
      write(branch, inner + STEP);
    }
    for (Place call : task.calls()) {
      line(inner, "at await//" + call);
    }
    out.append('\n');
  }

  private void figures(HeapTask task, String indent) throws IOException {
    out.append(indent).append(task.origin());
    Long age = task.figures().get(HeapTask.AGE);
    if (age != null) {
      out.append(", ").append(seconds(age)).append(" ago");
    }
    Long polls = task.figures().get(HeapTask.POLLS);
    if (polls != null) {
      out.append("; ").append(Long.toString(polls)).append(polls == 1 ? " poll" : " polls");
    }
    Long busy = task.figures().get(HeapTask.BUSY);
    if (busy != null) {
      out.append(", busy ").append(seconds(busy));
    }
    out.append('\n');
  }

  /** As {@code dev.weft.time.Seconds}. */
  private static String seconds(long millis) {
    String thousandths = Long.toString(1000 + millis % 1000);
    return millis / 1000 + "." + thousandths.substring(1) + " s";
  }

  private void relations(HeapTask task, String indent) throws IOException {
    if (task.awaitedBy() != null && !isTree) {
      line(indent, "awaited by " + task.awaitedBy());
    }
    if (task.scope() != null) {
      line(indent, "in the scope of " + task.scope());
    }
  }

  private void write(Branch branch, String indent) throws IOException {
    line(indent, Labels.oneLine(branch.of() + " " + branch.state()));
    for (Branch inner : branch.branches()) {
      write(inner, indent + STEP);
    }
    for (Place call : branch.calls()) {
      line(indent + "  ", "at await//" + call);
    }
  }

  private void line(String indent, String text) throws IOException {
    out.append(indent).append(text).append('\n');
  }
}
