package dev.weft.weaver.tasks.heap;

import dev.weft.weaver.tasks.heap.Deadlocks.Deadlock;
import dev.weft.weaver.tasks.heap.Deadlocks.Member;
import dev.weft.weaver.tasks.heap.HeapTask.Branch;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Tasks as JSON: the form of {@code docs/schema/tasks-1.json}. */
final class HeapJson {
  private final HeapTasks tasks;
  private final Json json;

  HeapJson(HeapTasks tasks, Appendable to) {
    this.tasks = tasks;
    this.json = new Json(to);
  }

  void write() throws IOException {
    Summary summary = new Summary();
    json.begin('{');
    json.member("format", "weft-tasks").member("version", 1);
    json.member("taken", tasks.dump().taken().toString());
    json.member("source", String.valueOf(tasks.dump().fileName().getFileName()));
    json.name("executors").begin('[');
    for (HeapTasks.Group group : tasks.groups()) {
      json.line().begin('{');
      json.member("name", group.executor().name()).member("kind", group.executor().kind());
      json.member("workers", group.executor().workers());
      json.name("tasks").begin('[');
      for (int entry : group.entries()) {
        HeapTask task = tasks.at(entry);
        summary.add(task);
        json.line();
        task(task);
      }
      json.end(']').end('}');
    }
    json.end(']').line();
    json.name("deadlocks").begin('[');
    for (Deadlock deadlock : tasks.deadlocks()) {
      deadlock(deadlock);
    }
    json.end(']').line();
    json.name("summary").begin('{');
    for (Map.Entry<String, Integer> number : summary.numbers().entrySet()) {
      json.member(number.getKey(), number.getValue());
    }
    json.end('}').end('}');
  }

  private void task(HeapTask task) throws IOException {
    json.begin('{').member("key", task.key()).member("kind", task.isCall() ? "call" : "task");
    if (task.id() > 0) {
      json.member("id", task.id());
    }
    json.member("name", task.name()).member("origin", task.origin());
    if (task.spawned() != null) {
      json.name("spawned");
      place(task.spawned());
    }
    json.member("state", task.state().text());
    optional("thread", task.thread());
    if (!task.stack().isEmpty()) {
      json.name("stack").begin('[');
      for (String line : task.stack()) {
        json.value(line);
      }
      json.end(']');
    }
    json.member("waitsFor", task.waitsFor());
    optional("awaits", task.awaits());
    optional("awaitedBy", task.awaitedBy());
    optional("scope", task.scope());
    calls(task.calls());
    branches(task.branches());
    for (Map.Entry<String, Long> figure : task.figures().entrySet()) {
      json.member(figure.getKey(), figure.getValue());
    }
    if (!task.locals().isEmpty()) {
      json.name("locals").begin('{');
      for (Map.Entry<String, String> local : task.locals().entrySet()) {
        json.member(local.getKey(), local.getValue());
      }
      json.end('}');
    }
    json.end('}');
  }

  private void optional(String name, @Nullable String text) throws IOException {
    if (text != null) {
      json.member(name, text);
    }
  }

  private void calls(List<Place> calls) throws IOException {
    json.name("calls").begin('[');
    for (Place call : calls) {
      place(call);
    }
    json.end(']');
  }

  private void branches(List<Branch> branches) throws IOException {
    if (branches.isEmpty()) {
      return;
    }
    json.name("branches").begin('[');
    for (Branch branch : branches) {
      json.begin('{').member("of", branch.of()).member("state", branch.state());
      calls(branch.calls());
      branches(branch.branches());
      json.end('}');
    }
    json.end(']');
  }

  private void place(Place place) throws IOException {
    json.begin('{').member("class", place.type()).member("method", place.method());
    optional("file", place.file());
    if (place.line() > 0) {
      json.member("line", place.line());
    }
    json.end('}');
  }

  private void deadlock(Deadlock deadlock) throws IOException {
    json.line().begin('{').member("text", deadlock.text());
    json.name("members").begin('[');
    for (Member member : deadlock.members()) {
      json.begin('{').member("key", member.key()).member("of", member.of());
      if (member.at() != null) {
        json.name("at");
        place(member.at());
      }
      json.member("waitsFor", member.waitsFor()).end('}');
    }
    json.end(']').end('}');
  }
}
