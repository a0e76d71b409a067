package dev.weft.junit;

/**
 * What an {@link AsyncTest} runs on. Each run of a test has an executor of its own.
 *
 * <pre>{@code
 * @AsyncTest(on = RunOn.NODE)
 * Task<Void> microtasksComeBeforeTimers(NodeExecutor executor) {
 *   var order = new ArrayList<String>();
 *   executor.setTimeout(() -> order.add("timer"), 0);
 *   executor.queueMicrotask(() -> order.add("microtask"));
 *   await(Async.sleep(Duration.ofMillis(10)));
 *   assertThat(order).containsExactly("microtask", "timer");
 *   return done();
 * }
 * }</pre>
 */
public enum RunOn {
  /**
   * A {@link dev.weft.WorkStealingExecutor} with one worker, which draws the next task by lot out
   * of all that are ready, as the {@linkplain AsyncTest#seed seed} says; time is virtual; no
   * sockets. One seed gives one order.
   */
  DETERMINISTIC,

  /**
   * A {@link dev.weft.WorkStealingExecutor} with a worker per processor, whose time is a {@link
   * dev.weft.VirtualClock}; no sockets.
   */
  VIRTUAL_TIME,

  /**
   * A {@link dev.weft.WorkStealingExecutor} as applications have it, with sockets if Netty is on
   * the class path.
   */
  WORK_STEALING,

  /** A {@link dev.weft.NodeExecutor}, with sockets if Netty is on the class path. */
  NODE
}
