package dev.weft.weaver.tasks.heap;

/** The names of the classes that mean something here. */
final class Types {
  /** Before the name of each class of async-api. */
  static final String WEFT = "dev.weft.";

  static final String FUTURE = "java.util.concurrent.CompletableFuture";
  static final String THREAD = "java.lang.Thread";

  static final String TASK = WEFT + "Task";
  static final String AWAITED_FUTURE = WEFT + "frame.AwaitedFuture";
  static final String LINK = WEFT + "frame.Link";
  static final String FRAME = WEFT + "frame.Frame";
  static final String SPAWN = WEFT + "frame.Spawn";
  static final String RELAY = WEFT + "frame.Relay";
  static final String PAUSE = WEFT + "frame.Pause";
  static final String WAITER = WEFT + "frame.Waiter";
  static final String GUEST = WEFT + "frame.Guest";
  static final String LINKED_FRAMES = WEFT + "frame.LinkedFrames";
  static final String COMBINING = WEFT + "frame.Combining";
  static final String BRANCH = COMBINING + "$Branch";
  static final String LOCAL_CONTEXT = WEFT + "frame.LocalContext";
  static final String ASYNC_LOCAL = WEFT + "AsyncLocal";
  static final String TICKS = WEFT + "frame.Ticks";

  static final String OWNED_TASK = WEFT + "scheduler.task.OwnedTask";
  static final String LOOP_TASK = WEFT + "node.loop.LoopTask";
  static final String TASK_LABEL = WEFT + "frame.TaskLabel";

  static final String WORK_STEALING = WEFT + "WorkStealingExecutor";
  static final String NODE = WEFT + "NodeExecutor";
  static final String ADAPTER = WEFT + "ExecutorAdapter";
  static final String SCHEDULER = WEFT + "scheduler.Scheduler";
  static final String SCHEDULER_CONFIG = WEFT + "scheduler.SchedulerConfig";
  static final String EVENT_LOOP = WEFT + "node.loop.EventLoop";
  static final String FOREIGN_ENGINE = WEFT + "adapter.ForeignEngine";

  /** Calls of the scheduler's own, which are nobody's. */
  static final String INTERNAL = WEFT + "scheduler.";

  static final String WANTING = WEFT + "sync.Wanting";
  static final String PERMITS = WEFT + "sync.Permits";
  static final String MUTEX = WEFT + "sync.AsyncMutex";
  static final String HELD = MUTEX + "$Held";
  static final String RW_LOCK = WEFT + "sync.AsyncRwLock";
  static final String READ_HELD = RW_LOCK + "$ReadHeld";
  static final String WRITE_HELD = RW_LOCK + "$WriteHeld";
  static final String SEMAPHORE = WEFT + "sync.AsyncSemaphore";

  static final String PENDING_WRITE = WEFT + "net.PendingWrite";
  static final String BLOCKING_CALL = WEFT + "scheduler.blocking.InterruptibleCall";
  static final String TAKER = WEFT + "handoff.Taker";
  static final String FETCHER_UPCOMING = WEFT + "stream.Fetcher$Upcoming";
  static final String GENERATOR_UPCOMING = WEFT + "stream.Generator$Upcoming";

  static final String TASK_SCOPE = WEFT + "scope.TaskScope";
  static final String JOINING = WEFT + "scope.Joining";
  static final String CHILD = WEFT + "scope.Child";
  static final String CHILDREN = WEFT + "scope.Children";

  private Types() {}
}
