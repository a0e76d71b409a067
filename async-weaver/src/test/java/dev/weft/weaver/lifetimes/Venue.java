package dev.weft.weaver.lifetimes;

import dev.weft.AsyncExecutor;
import dev.weft.NodeExecutor;
import dev.weft.NodeExecutorBuilder;
import dev.weft.VirtualClock;
import dev.weft.WorkStealingExecutor;
import dev.weft.WorkStealingExecutorBuilder;

/** Where programs run. */
enum Venue {
  ONE_WORKER,
  TWO_WORKERS,
  NODE,
  /** One thread and virtual time: one seed gives one run. */
  DETERMINISTIC;

  AsyncExecutor open(long seed, boolean sockets) {
    if (this == NODE) {
      NodeExecutorBuilder builder = NodeExecutor.builder();
      NodeExecutor node = (sockets ? builder : builder.noDriver()).build();
      // Else they end the program, as in Node: calls that are dropped may fail.
      node.execute(() -> node.onUnhandledRejection((error, task) -> {}));
      return node;
    }
    WorkStealingExecutorBuilder builder =
        WorkStealingExecutor.builder().onUnheardFailure((task, error) -> {});
    if (!sockets) {
      builder.noDriver();
    }
    return switch (this) {
      case ONE_WORKER -> builder.workers(1).build();
      case TWO_WORKERS -> builder.workers(2).build();
      default -> builder.deterministic(seed).clock(new VirtualClock()).build();
    };
  }
}
