package dev.weft.inspect;

import dev.weft.AsyncExecutor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/** A program whose tasks are those that a test puts into it. */
final class FakeProgram implements Program {
  final List<AsyncExecutor> executors = new CopyOnWriteArrayList<>();
  final List<String> deadlocks = new CopyOnWriteArrayList<>();

  /** How often all tasks were looked at. */
  final AtomicInteger looks = new AtomicInteger();

  /** How often deadlocks were sought. */
  final AtomicInteger searches = new AtomicInteger();

  volatile List<? extends Sight> sights = List.of();

  @Override
  public Map<AsyncExecutor, String> executors() {
    Map<AsyncExecutor, String> names = new LinkedHashMap<>();
    executors.forEach(executor -> names.put(executor, "executor-" + names.size()));
    return names;
  }

  @Override
  public void forEach(Consumer<? super Sight> visitor) {
    looks.incrementAndGet();
    sights.forEach(visitor);
  }

  @Override
  public Optional<Sight> find(String key) {
    for (Sight sight : sights) {
      if (sight.key().equals(key)) {
        return Optional.of(sight);
      }
    }
    return Optional.empty();
  }

  @Override
  public List<String> deadlocks() {
    searches.incrementAndGet();
    return deadlocks;
  }
}
