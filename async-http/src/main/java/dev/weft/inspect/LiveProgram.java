package dev.weft.inspect;

import dev.weft.AsyncExecutor;
import dev.weft.WorkStealingExecutor;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The program that this runs in. */
final class LiveProgram implements Program {
  private final List<AsyncExecutor> executors;

  private LiveProgram(List<AsyncExecutor> executors) {
    this.executors = executors;
  }

  static Program ofAllBut(AsyncExecutor own) {
    return new LiveProgram(List.of());
  }

  static Program of(List<AsyncExecutor> executors) {
    return new LiveProgram(executors);
  }

  @Override
  public List<AsyncExecutor> executors() {
    return executors;
  }

  @Override
  public String nameOf(AsyncExecutor executor) {
    return executor instanceof WorkStealingExecutor workers
        ? workers.metrics().name()
        : executor.toString();
  }

  @Override
  public void forEach(Consumer<? super Sight> visitor) {}

  @Override
  public Optional<Sight> find(String key) {
    return Optional.empty();
  }

  @Override
  public List<String> deadlocks() {
    return List.of();
  }
}
