package dev.weft.weaver.scan;

import dev.weft.weaver.DiagnosticCode;
import dev.weft.weaver.Names;
import dev.weft.weaver.verify.ClassHierarchy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.tree.AbstractInsnNode;
import org.objectweb.asm.tree.MethodInsnNode;

/**
 * Finds calls that block the thread of an async method, and with it all tasks that wait for that
 * thread.
 *
 * <p>A table of the JDK's methods whose purpose is to wait. Locks are not in it: a lock that is
 * held for a moment is as harmless as a synchronized block without an await. Neither is file and
 * socket I/O: whether a stream blocks cannot be told from its type. Whether a future is complete by
 * then cannot be told either, but there an await costs no more than {@code join()}.
 *
 * <p>What is not seen here is seen when it happens: the {@code StackReading} of async-api names
 * such calls in the stack of a poll that lasts, in the same words.
 */
public final class BlockingCalls {
  private static final String CONCURRENT = "java/util/concurrent/";
  private static final String SPAWN_BLOCKING =
      "move it to a thread of its own with await(Async.spawnBlocking(() -> ...))";
  private static final String PROMISE = "await a CompletableFuture that the other side completes";

  /**
   * Methods that wait.
   *
   * @param type the class or interface that declares them; calls through its subclasses count
   * @param arguments descriptors of their parameters; empty for whatever they are
   */
  private record Rule(String type, String name, List<String> arguments, String advice) {
    Rule(String type, String name, String advice) {
      this(type, name, List.of(), advice);
    }

    boolean covers(MethodInsnNode call, ClassHierarchy hierarchy) {
      String parameters = call.desc.substring(0, call.desc.indexOf(')') + 1);
      return (arguments.isEmpty() || arguments.contains(parameters))
          && (type.equals("java/lang/Object") || hierarchy.isSubclass(call.owner, type));
    }
  }

  private static final List<String> TIMES = List.of("()", "(J)", "(JI)", "(Ljava/time/Duration;)");

  private static final Map<String, List<Rule>> BY_NAME =
      Arrays.stream(
              new Rule[] {
                new Rule(Names.FUTURE, "join", "write await(future), which costs no more"),
                new Rule(Names.FUTURE, "get", "write await(future), which costs no more"),
                new Rule(
                    CONCURRENT + "Future", "get", "await a CompletionStage, or " + SPAWN_BLOCKING),
                new Rule(CONCURRENT + "ForkJoinTask", "join", SPAWN_BLOCKING),
                new Rule(CONCURRENT + "ForkJoinTask", "invoke", SPAWN_BLOCKING),
                new Rule("java/lang/Thread", "sleep", "write await(Async.sleep(duration))"),
                new Rule(CONCURRENT + "TimeUnit", "sleep", "write await(Async.sleep(duration))"),
                new Rule("java/lang/Thread", "join", TIMES, SPAWN_BLOCKING),
                new Rule("java/lang/Object", "wait", TIMES, PROMISE),
                new Rule(CONCURRENT + "CountDownLatch", "await", PROMISE),
                new Rule(CONCURRENT + "CyclicBarrier", "await", PROMISE),
                new Rule(CONCURRENT + "locks/Condition", "await", PROMISE),
                new Rule(CONCURRENT + "Phaser", "awaitAdvance", PROMISE),
                new Rule(CONCURRENT + "Phaser", "arriveAndAwaitAdvance", PROMISE),
                new Rule(CONCURRENT + "Exchanger", "exchange", PROMISE),
                new Rule(CONCURRENT + "Semaphore", "acquire", SPAWN_BLOCKING),
                new Rule(CONCURRENT + "BlockingQueue", "take", PROMISE + ", or " + SPAWN_BLOCKING),
                new Rule(
                    CONCURRENT + "BlockingQueue",
                    "put",
                    "use offer(element), which does not wait, or " + SPAWN_BLOCKING),
                new Rule(
                    CONCURRENT + "BlockingQueue",
                    "poll",
                    List.of("(JLjava/util/concurrent/TimeUnit;)"),
                    "use poll(), which does not wait, or " + SPAWN_BLOCKING),
                new Rule(
                    CONCURRENT + "BlockingQueue",
                    "offer",
                    List.of("(Ljava/lang/Object;JLjava/util/concurrent/TimeUnit;)"),
                    "use offer(element), which does not wait, or " + SPAWN_BLOCKING),
                new Rule(CONCURRENT + "ExecutorService", "awaitTermination", SPAWN_BLOCKING),
                new Rule(CONCURRENT + "ExecutorService", "invokeAll", SPAWN_BLOCKING),
                new Rule(CONCURRENT + "ExecutorService", "invokeAny", SPAWN_BLOCKING),
                new Rule("java/lang/Process", "waitFor", "write await(process.onExit())"),
                new Rule("dev/weft/AsyncExecutor", "blockOn", "write await(thatMethod())")
              })
          .collect(Collectors.groupingBy(Rule::name));

  private final ClassHierarchy hierarchy;

  public BlockingCalls(ClassHierarchy hierarchy) {
    this.hierarchy = hierarchy;
  }

  /** The blocking calls of async methods. */
  public List<RiskyCall> in(Collection<AsyncMethod> methods) {
    List<RiskyCall> found = new ArrayList<>();
    for (AsyncMethod async : methods) {
      for (AbstractInsnNode insn : async.method().instructions) {
        if (insn instanceof MethodInsnNode call) {
          Rule rule = ruleFor(call);
          if (rule != null) {
            found.add(risky(call, rule));
          }
        }
      }
    }
    return found;
  }

  private @Nullable Rule ruleFor(MethodInsnNode call) {
    for (Rule rule : BY_NAME.getOrDefault(call.name, List.of())) {
      if (rule.covers(call, hierarchy)) {
        return rule;
      }
    }
    return null;
  }

  private static RiskyCall risky(MethodInsnNode call, Rule rule) {
    return new RiskyCall(
        DiagnosticCode.BLOCKING_CALL,
        AwaitCall.lineOf(call),
        rule.type().substring(rule.type().lastIndexOf('/') + 1)
            + "."
            + call.name
            + " blocks the thread that runs this async method, and all tasks that wait for it: "
            + rule.advice());
  }
}
