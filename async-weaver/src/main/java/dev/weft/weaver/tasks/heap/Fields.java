package dev.weft.weaver.tasks.heap;

import dev.weft.weaver.tasks.hprof.FieldName;
import java.util.ArrayList;
import java.util.List;

/** The fields of async-api's classes, and of the JDK's, that say what a task is about. */
final class Fields {
  private static final List<FieldName> ALL = new ArrayList<>();

  static final FieldName RESULT = of(Types.FUTURE, "result");
  static final FieldName THREAD_NAME = of(Types.THREAD, "name");
  static final FieldName ORDINAL = of("java.lang.Enum", "ordinal");

  static final FieldName WAITER = of(Types.AWAITED_FUTURE, "waiter");
  static final FieldName AWAITED = of(Types.LINK, "awaited");
  static final FieldName ENDED = of(Types.LINK, "ended");
  static final FieldName STATE = of(Types.FRAME, "state");
  static final FieldName EXECUTOR = of(Types.FRAME, "executor");
  static final FieldName CONTEXT = of(Types.FRAME, "context");
  static final FieldName SINCE = of(Types.FRAME, "since");
  static final FieldName POLLS = of(Types.FRAME, "polls");
  static final FieldName SPAWNED_AT = of(Types.FRAME, "detachedAt"); // of a task
  static final FieldName BODY = of(Types.SPAWN, "body");
  static final FieldName LABEL = of(Types.SPAWN, "label");
  static final FieldName NUMBER = of(Types.SPAWN, "number");
  static final FieldName STAGE = of(Types.RELAY, "stage");
  static final FieldName PAUSED_BODY = of(Types.PAUSE, "body");
  static final FieldName HOST = of(Types.GUEST, "host");

  static final FieldName HUNG_ON = of(Types.WAITER, "future");

  static final FieldName LINKED_ROOT = of(Types.LINKED_FRAMES, "first");
  static final FieldName LINKED_SOURCE = of(Types.LINKED_FRAMES, "source");
  static final FieldName LINKED_INTO = of(Types.LINKED_FRAMES, "mergedInto");

  static final FieldName BRANCH_OWNER = of(Types.BRANCH, "owner");
  static final FieldName UNTIL = of(Types.COMBINING, "until");

  static final FieldName LOCAL_NAME = of(Types.ASYNC_LOCAL, "name");
  static final FieldName CONTEXT_KEY = of(Types.LOCAL_CONTEXT, "key");
  static final FieldName CONTEXT_VALUE = of(Types.LOCAL_CONTEXT, "value");
  static final FieldName CONTEXT_REST = of(Types.LOCAL_CONTEXT, "rest");

  static final FieldName OWNED_SHARD = of(Types.OWNED_TASK, "shard");
  static final FieldName LOOP_STARTED = of(Types.LOOP_TASK, "started");
  static final FieldName LABEL_NAME = of(Types.TASK_LABEL, "name");
  static final FieldName LABEL_ORIGIN = of(Types.TASK_LABEL, "origin");
  static final FieldName LABEL_BUSY = of(Types.TASK_LABEL, "busyNanos");

  static final FieldName SCHEDULER = of(Types.WORK_STEALING, "scheduler");
  static final FieldName SCHEDULER_CONFIG = of(Types.SCHEDULER, "config");
  static final FieldName CONFIG_NAME = of(Types.SCHEDULER_CONFIG, "name");
  static final FieldName CONFIG_WORKERS = of(Types.SCHEDULER_CONFIG, "workers");
  static final FieldName NODE_LOOP = of(Types.NODE, "loop");
  static final FieldName LOOP_NAME = of(Types.EVENT_LOOP, "name");
  static final FieldName ADAPTER_ENGINE = of(Types.ADAPTER, "engine");
  static final FieldName ENGINE_NAME = of(Types.FOREIGN_ENGINE, "name");

  static final FieldName PERMITS = of(Types.WANTING, "permits");
  static final FieldName WANTED = of(Types.WANTING, "number");
  static final FieldName PERMITS_OWNER = of(Types.PERMITS, "owner");
  static final FieldName PERMITS_STATE = of(Types.PERMITS, "state");
  static final FieldName HELD_MUTEX = of(Types.HELD, "mutex");
  static final FieldName MUTEX_PERMITS = of(Types.MUTEX, "permits");
  static final FieldName READ_HELD_PERMITS = of(Types.READ_HELD, "permits");
  static final FieldName WRITE_HELD_PERMITS = of(Types.WRITE_HELD, "permits");

  static final FieldName UNTIL_SENT = of(Types.PENDING_WRITE, "untilSent");
  static final FieldName RUNNER = of(Types.BLOCKING_CALL, "runner");
  static final FieldName CALL_NUMBER = of(Types.BLOCKING_CALL, "number");
  static final FieldName CALL_ENDED = of(Types.BLOCKING_CALL, "ended");
  static final FieldName CALL_ORIGIN = of(Types.WEFT + "scheduler.blocking.BlockingCall", "origin");
  static final FieldName POOL_CALL_ORIGIN = of(Types.WEFT + "node.pool.PoolCall", "origin");
  static final FieldName TAKER_SOURCE = of(Types.TAKER, "source");
  static final FieldName FETCHER = of(Types.FETCHER_UPCOMING, "source");
  static final FieldName GENERATOR = of(Types.GENERATOR_UPCOMING, "source");

  static final FieldName SCOPE_CHILDREN = of(Types.TASK_SCOPE, "children");
  static final FieldName SCOPE_JOINING = of(Types.TASK_SCOPE, "joining");
  static final FieldName CHILD_PARENT = of(Types.CHILD, "parent");
  static final FieldName SCOPE_MAKER = of(Types.CHILDREN, "maker");

  private Fields() {}

  private static FieldName of(String type, String name) {
    FieldName field = new FieldName(type, name);
    ALL.add(field);
    return field;
  }

  /** All of them, for the test that looks for each in its class. */
  static List<FieldName> all() {
    return List.copyOf(ALL);
  }
}
