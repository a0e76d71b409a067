package dev.weft.weaver.tasks.heap;

import dev.weft.weaver.tasks.heap.Deadlocks.Deadlock;
import dev.weft.weaver.tasks.heap.HeapTask.Branch;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Tasks for people, as {@code TaskDump.writeText} has it. */
final class HeapText {
  private static final String STEP = "  ";

  private final HeapTasks tasks;
  private final Appendable to;
  private final Summary summary = new Summary();

  HeapText(HeapTasks tasks, Appendable to) {
    this.tasks = tasks;
    this.to = to;
  }

  void write(boolean tree) throws IOException {
    for (HeapTasks.Group group : tasks.groups()) {
      line("", "executor " + group.executor().name());
      line("", "");
      for (int entry : group.entries()) {
        task(tasks.at(entry), "");
      }
    }
    for (Deadlock deadlock : tasks.deadlocks()) {
      line("", "deadlock:");
      deadlock.text().lines().forEach(text -> {});
      for (String text : deadlock.text().split("\n", -1)) {
        line(STEP, text);
      }
      line("", "");
    }
    line("", summary.numbers().toString());
  }

  private void task(HeapTask task, String indent) throws IOException {
    summary.add(task);
    line(
        indent,
        task.key()
            + (task.name() == null ? "" : " \"" + task.name() + '"')
            + " "
            + task.state().text()
            + (task.waitsFor() == null ? "" : ": waits for " + task.waitsFor()));
    String inner = indent + STEP;
    line(inner, task.origin());
    if (task.thread() != null) line(inner, "on " + task.thread());
    for (String s : task.stack()) line(inner + STEP, "at " + s);
    calls(task.calls(), inner);
    branches(task.branches(), inner);
    for (Map.Entry<String, String> local : task.locals().entrySet()) {
      line(inner, local.getKey() + " = " + local.getValue());
    }
    line("", "");
  }

  private void calls(List<Place> calls, String indent) throws IOException {
    for (Place call : calls) {
      line(indent, "at await//" + call);
    }
  }

  private void branches(List<Branch> branches, String indent) throws IOException {
    for (Branch branch : branches) {
      line(indent, "- " + branch.of() + " " + branch.state());
      calls(branch.calls(), indent + STEP);
      branches(branch.branches(), indent + STEP);
    }
  }

  private void line(String indent, String text) throws IOException {
    to.append(indent).append(text).append('\n');
  }
}
