package dev.weft.weaver.lifetimes;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;

/**
 * Does things later where there is one thread, as tasks of the executor that the program runs on.
 * When that cancels its tasks, they are done at once. On its thread only.
 */
final class OtherTasks implements Trouble.Later {
  private final Executor executor;
  private final Set<Runnable> waiting = new LinkedHashSet<>();
  private boolean over;

  OtherTasks(Executor executor) {
    this.executor = executor;
  }

  @Override
  public void run(Runnable action, int delay) {
    if (over) {
      action.run();
      return;
    }
    waiting.add(action);
    executor.execute(
        () -> {
          if (waiting.remove(action)) {
            action.run();
          }
        });
  }

  void cancelled() {
    over = true;
    List<Runnable> left = List.copyOf(waiting);
    waiting.clear();
    left.forEach(Runnable::run);
  }
}
