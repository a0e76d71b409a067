package dev.weft.inspect;

import dev.weft.AsyncExecutor;
import dev.weft.dump.Deadlock;
import dev.weft.dump.TaskDump;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The program that this runs in, by its dump. */
final class LiveProgram implements Program {
  /** Of the executors that are shown; of all, with {@link #own} passed over, if there is one. */
  private final List<TaskDump> dumps;

  private final @Nullable AsyncExecutor own;

  private LiveProgram(List<TaskDump> dumps, @Nullable AsyncExecutor own) {
    this.dumps = dumps;
    this.own = own;
  }

  /** All executors but the inspector's, of which nobody wants to know. */
  static Program ofAllBut(AsyncExecutor own) {
    return new LiveProgram(List.of(TaskDump.ofAll()), own);
  }

  static Program of(List<AsyncExecutor> executors) {
    return new LiveProgram(executors.stream().map(TaskDump::of).toList(), null);
  }

  @Override
  public Map<AsyncExecutor, String> executors() {
    Map<AsyncExecutor, String> names = new LinkedHashMap<>();
    for (TaskDump dump : dumps) {
      names.putAll(dump.executors());
    }
    if (own != null) {
      names.remove(own);
    }
    return names;
  }

  @Override
  public void forEach(Consumer<? super Sight> visitor) {
    for (TaskDump dump : dumps) {
      dump.forEach(
          entry -> {
            if (entry.executor() != own) {
              visitor.accept(new LiveSight(entry));
            }
          });
    }
  }

  @Override
  public Optional<Sight> find(String key) {
    for (TaskDump dump : dumps) {
      Optional<Sight> found =
          dump.find(key).filter(entry -> entry.executor() != own).map(LiveSight::new);
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  @Override
  public List<String> deadlocks() {
    List<String> texts = new ArrayList<>();
    for (Deadlock deadlock : TaskDump.ofAll().deadlocks()) { // it may go through several executors
      if (own != null || deadlock.members().stream().anyMatch(one -> find(one.key()).isPresent())) {
        texts.add(deadlock.text());
      }
    }
    return texts;
  }
}
