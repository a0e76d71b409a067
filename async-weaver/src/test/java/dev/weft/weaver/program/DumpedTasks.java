package dev.weft.weaver.program;

import static dev.weft.Async.await;
import static dev.weft.Async.done;

import dev.weft.Async;
import dev.weft.AsyncExecutor;
import dev.weft.AsyncLocal;
import dev.weft.NodeExecutor;
import dev.weft.Task;
import dev.weft.WorkStealingExecutor;
import dev.weft.dump.Deadlock;
import dev.weft.dump.TaskDump;
import dev.weft.dump.TaskState;
import dev.weft.scope.TaskScope;
import dev.weft.sync.AsyncMutex;
import dev.weft.sync.AsyncRwLock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * Tasks that hang, each in its way, and a dump of them. What differs from run to run is left out:
 * times, numbers, and the order.
 */
final class DumpedTasks {
  private static final Duration LONG = Duration.ofHours(1);
  private static final int RING = 3;

  /** The tasks and calls below, but for the blocking call. */
  private static final int HUNG = 23;

  private static final AsyncLocal<String> REQUEST = new AsyncLocal<>("request");
  private static final CompletableFuture<Void> GO = new CompletableFuture<>();
  private static final CompletableFuture<String> NEVER = new CompletableFuture<>();
  private static final CountDownLatch BLOCKS = new CountDownLatch(1);

  private static final AsyncMutex STOCK = new AsyncMutex();
  private static final AsyncMutex LEDGER = new AsyncMutex();
  private static final AsyncRwLock PRICES = new AsyncRwLock();
  private static final AsyncMutex FREE_SOON = new AsyncMutex();
  private static final AsyncMutex SHELF = new AsyncMutex();
  private static final AsyncMutex CART = new AsyncMutex();

  private static final List<CompletableFuture<String>> TASKS = new CopyOnWriteArrayList<>();
  private static final List<CompletableFuture<String>> CALLS = new CopyOnWriteArrayList<>();
  private static final AtomicInteger HELD = new AtomicInteger();

  private DumpedTasks() {}

  public static void main(String[] arguments) throws Exception {
    boolean node = arguments[0].equals("node");
    AsyncExecutor executor =
        node
            ? NodeExecutor.builder().name("shop").noDriver().build()
            : WorkStealingExecutor.builder().name("shop").workers(2).noDriver().build();
    hang(executor);
    Task<String> last = executor.spawn("last", DumpedTasks::plain);
    until(
        () ->
            count(executor, TaskState.SUSPENDED) == HUNG
                && count(executor, TaskState.RUNNING) == 1 // the blocking call
                && count(executor, TaskState.QUEUED) == 0);
    TaskDump dump = TaskDump.of(executor).withStacks(false);
    System.out.println("-- deadlocks");
    dump.deadlocks().stream().map(DumpedTasks::members).sorted().forEach(System.out::println);
    System.out.println("-- flat");
    System.out.println(sorted(dump.withLocals(true)));
    System.out.println("-- tree, below the one with a scope");
    System.out.println(below(dump.asTree(true), "\"scoped\""));
    String key = "t" + last.id();
    System.out.println("-- found: " + dump.find(key).orElseThrow().name());
    BLOCKS.countDown();
    last.cancel(true);
    until(() -> dump.find(key).isEmpty()); // it is taken out of the list a moment after
    System.out.println("-- ended: true");
    System.exit(0);
  }

  private static void hang(AsyncExecutor executor) throws Exception {
    executor.spawn("left", () -> both(STOCK, LEDGER));
    executor.spawn("right", () -> both(LEDGER, STOCK));
    executor.spawn("reader", DumpedTasks::readThenWrite);
    executor.spawn("no deadlock", () -> both(FREE_SOON, STOCK));
    executor.spawn("has a part that waits", DumpedTasks::shelfAndParts);
    executor.spawn("rival", () -> both(CART, SHELF));
    for (int i = 0; i < RING; i++) {
      int number = i;
      TASKS.add(executor.spawn("ring " + i, () -> next(TASKS, number)));
    }
    executor.spawn("caller", DumpedTasks::callsInACircle);
    executor.spawn("sleeps", () -> REQUEST.run("r17", DumpedTasks::sleeps));
    executor.spawn("plain", DumpedTasks::plain);
    executor.spawn("limited", () -> Async.timeout(LONG, plain()));
    executor.spawn("all", () -> outer(Async.all(List.of(sleeps(), plain()))));
    executor.spawn("any", () -> outer(Async.any(List.of(sleeps(), plain()))));
    executor.spawn("scoped", DumpedTasks::scoped);
    executor.spawn("blocks", () -> outer(Async.spawnBlocking(DumpedTasks::block)));
    until(() -> HELD.get() == 6 && CALLS.size() == RING);
    GO.complete(null);
  }

  private static CompletableFuture<String> both(AsyncMutex one, AsyncMutex other) {
    try (AsyncMutex.Held first = await(one.lock())) {
      HELD.incrementAndGet();
      await(GO);
      try (AsyncMutex.Held second = await(other.lock())) {
        return done("never");
      }
    }
  }

  private static CompletableFuture<String> shelfAndParts() {
    try (AsyncMutex.Held shelf = await(SHELF.lock())) {
      HELD.incrementAndGet();
      await(GO);
      return done(await(Async.all(List.of(sleeps(), cart()))) + "!");
    }
  }

  private static CompletableFuture<String> cart() {
    try (AsyncMutex.Held cart = await(CART.lock())) {
      return done("never");
    }
  }

  private static CompletableFuture<String> readThenWrite() {
    try (AsyncRwLock.ReadHeld read = await(PRICES.read())) {
      HELD.incrementAndGet();
      await(GO);
      return done(await(write()));
    }
  }

  private static CompletableFuture<String> write() {
    try (AsyncRwLock.WriteHeld write = await(PRICES.write())) {
      return done("never");
    }
  }

  private static CompletableFuture<String> next(List<CompletableFuture<String>> of, int number) {
    await(GO);
    return done(await(of.get((number + 1) % RING)) + "!");
  }

  private static CompletableFuture<String> callsInACircle() {
    for (int i = 0; i < RING; i++) {
      CALLS.add(next(CALLS, i));
    }
    return done("has called");
  }

  private static CompletableFuture<String> sleeps() {
    await(Async.sleep(LONG));
    return done("never");
  }

  private static CompletableFuture<String> plain() {
    return done(await(NEVER) + "!");
  }

  private static CompletableFuture<String> outer(CompletableFuture<?> awaited) {
    return done(await(awaited) + "!");
  }

  private static CompletableFuture<String> scoped() {
    try (var scope = TaskScope.failFast()) {
      scope.fork("child", DumpedTasks::plain);
      scope.fork("other child", () -> outer(Async.spawn("grandchild", DumpedTasks::plain)));
      await(scope.join());
    }
    return done("never");
  }

  private static String block() throws InterruptedException {
    BLOCKS.await();
    return "over";
  }

  // ---- what is printed

  private interface Condition {
    boolean holds();
  }

  private static void until(Condition condition) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() > end) {
        System.out.println(TaskDump.ofAll());
        throw new IllegalStateException("it has not come to that in a minute");
      }
      Thread.sleep(1);
    }
  }

  private static int count(AsyncExecutor executor, TaskState state) {
    AtomicInteger count = new AtomicInteger();
    TaskDump.of(executor)
        .forEach(
            entry -> {
              if (entry.state() == state) {
                count.incrementAndGet();
              }
            });
    return count.get();
  }

  /** What is the same in every run. */
  private static String same(String text) {
    return text.replaceAll("[0-9.]+ s\\b", "_ s")
        .replaceAll("[0-9]+ polls?", "_ polls")
        .replaceAll("@[0-9a-f]+", "@_")
        .replaceAll("\\b[tc][0-9a-f]+ (?=\"|suspended|running|queued)", "")
        .replaceAll("\\b(by|of) [tc][0-9a-f]+\\b", "$1 _")
        .replaceAll("task [0-9]+ ", "task ")
        .replaceAll("a blocking call of .*", "a blocking call of it")
        .replaceAll("on (the thread )?shop-\\S+", "on a thread");
  }

  /** Who is first depends on the keys. */
  private static String members(Deadlock deadlock) {
    List<String> lines = same(deadlock.text()).lines().toList();
    List<String> members = new ArrayList<>();
    for (int i = 1; i < lines.size(); i += 2) {
      members.add("\n" + lines.get(i) + "\n" + lines.get(i + 1));
    }
    return lines.get(0) + members.stream().sorted().collect(Collectors.joining());
  }

  private static String sorted(TaskDump dump) {
    List<String> blocks = List.of(same(dump.toString()).split("\n\n"));
    return blocks.stream()
        .filter(block -> !block.startsWith("Deadlock"))
        .sorted()
        .collect(Collectors.joining("\n\n"));
  }

  private static String below(TaskDump dump, String name) {
    String[] blocks = dump.toString().split("\n\n");
    int from = 0;
    while (!blocks[from].contains(name)) {
      from++;
    }
    int to = from + 1;
    while (blocks[to].startsWith(" ")) {
      to++;
    }
    return Arrays.stream(blocks, from, to)
        .map(DumpedTasks::same)
        .sorted(Comparator.comparing(String::strip))
        .collect(Collectors.joining("\n\n"));
  }
}
