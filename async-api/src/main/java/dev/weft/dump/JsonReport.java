package dev.weft.dump;

import dev.weft.AsyncStackTrace;
import dev.weft.dump.live.LiveWork;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A dump as JSON. The form is told in docs/schema/tasks-1.json. */
final class JsonReport {
  private static final int VERSION = 1;

  private final TaskDump dump;
  private final JsonOut out;
  private final Summary summary = new Summary();

  JsonReport(TaskDump dump, Appendable to) {
    this.dump = dump;
    this.out = new JsonOut(to);
  }

  void write() throws IOException {
    out.begin('{').member("format", "weft-tasks").member("version", VERSION);
    out.member("taken", Instant.now().toString());
    out.member("source", "pid " + ProcessHandle.current().pid());
    out.name("executors").begin('[');
    for (LiveWork work : dump.works()) {
      write(work);
    }
    out.end(']').name("deadlocks").begin('[');
    for (Deadlock deadlock : dump.deadlocks()) {
      write(deadlock);
    }
    out.end(']').name("summary").begin('{');
    out.member("tasks", summary.tasks()).member("calls", summary.calls());
    for (TaskState state : TaskState.values()) {
      out.member(state.word(), summary.of(state));
    }
    out.end('}').end('}').finish();
  }

  private void write(LiveWork work) throws IOException {
    out.line().begin('{').member("name", work.name()).member("kind", work.kind().word());
    out.member("workers", work.workers()).name("tasks").begin('[');
    dump.forEach(work, entry -> write(entry.look()));
    out.end(']').end('}');
  }

  private void write(TaskEntry entry) throws IOException {
    summary.add(entry);
    out.line().begin('{').member("key", entry.key());
    out.member("kind", entry.isCall() ? "call" : "task");
    if (entry.id() != 0) {
      out.member("id", entry.id());
    }
    out.member("name", entry.name()).member("origin", entry.origin());
    StackTraceElement spawned = entry.spawned();
    if (spawned != null) {
      place(out.name("spawned"), spawned);
    }
    out.member("state", entry.state().word());
    Thread thread = entry.state() == TaskState.RUNNING ? entry.thread() : null;
    if (thread != null) {
      out.member("thread", thread.getName());
      if (dump.hasStacks()) {
        out.name("stack").begin('[');
        for (StackTraceElement element : entry.javaStack()) {
          out.value(element.toString());
        }
        out.end(']');
      }
    }
    out.member("waitsFor", entry.waitsFor());
    optional("awaits", entry.awaits());
    optional("awaitedBy", entry.awaitedBy());
    optional("scope", entry.scope());
    places("calls", entry.lines());
    branches(entry.branches());
    figures(entry);
    if (dump.hasLocals()) {
      out.name("locals").begin('{');
      for (Map.Entry<String, String> local : entry.locals().entrySet()) {
        out.nameOf(local.getKey()).value(local.getValue());
      }
      out.end('}');
    }
    out.end('}');
  }

  private void figures(TaskEntry entry) throws IOException {
    if (entry.ageMillis() >= 0) {
      out.member("ageMillis", entry.ageMillis());
    }
    if (entry.stateMillis() >= 0) {
      out.member("stateMillis", entry.stateMillis());
      out.member("polls", entry.polls());
    }
    if (entry.busyMillis() >= 0) {
      out.member("busyMillis", entry.busyMillis());
    }
  }

  private void optional(String name, @Nullable String value) throws IOException {
    if (value != null) {
      out.member(name, value);
    }
  }

  private void places(String name, List<StackTraceElement> places) throws IOException {
    out.name(name).begin('[');
    for (int i = 0; i < places.size(); i++) {
      place(out, places.get(i));
    }
    out.end(']');
  }

  private static void place(JsonOut out, StackTraceElement place) throws IOException {
    out.begin('{').member("class", place.getClassName()).member("method", place.getMethodName());
    if (place.getFileName() != null) {
      out.member("file", place.getFileName());
    }
    if (place.getLineNumber() > 0) {
      out.member("line", place.getLineNumber());
    }
    out.end('}');
  }

  private void branches(List<AsyncStackTrace> branches) throws IOException {
    if (branches.isEmpty()) {
      return;
    }
    out.name("branches").begin('[');
    for (AsyncStackTrace branch : branches) {
      out.begin('{').member("of", branch.subject()).member("state", branch.state());
      places("calls", branch.calls());
      branches(branch.branches());
      out.end('}');
    }
    out.end(']');
  }

  private void write(Deadlock deadlock) throws IOException {
    out.line().begin('{').member("text", deadlock.text()).name("members").begin('[');
    for (Deadlock.Member member : deadlock.members()) {
      out.begin('{').member("key", member.key()).member("of", member.of());
      StackTraceElement at = member.at();
      if (at != null) {
        place(out.name("at"), at);
      }
      out.member("waitsFor", member.waitsFor()).end('}');
    }
    out.end(']').end('}');
  }
}
