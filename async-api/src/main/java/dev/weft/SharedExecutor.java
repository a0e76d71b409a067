package dev.weft;

import dev.weft.frame.Await;
import dev.weft.frame.Carrier;
import dev.weft.log.LogQueue;
import java.lang.StackWalker.StackFrame;
import java.security.AccessController;
import java.security.PrivilegedAction;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The executor that everybody shares who has none, and which one that is. Whoever closed it by the
 * way would take it away from everybody, so the one that is made by default refuses that.
 *
 * <pre>
 *   nothing --set--&gt; chosen --shared--&gt; in use --end--&gt; nothing
 *   nothing --------------------shared--&gt; in use
 *   chosen  --------------------end-----&gt; nothing
 * </pre>
 */
final class SharedExecutor extends WorkStealingExecutor {
  private static final Logger log = LoggerFactory.getLogger(SharedExecutor.class);

  private static final String NAME = "weft-shared";

  /** The packages of which nobody is meant who asks who it was. */
  private static final Set<String> OWN_PACKAGES =
      Set.of(Async.class.getPackageName(), Carrier.class.getPackageName());

  /** Null until it is used. Changes under the lock of this class. */
  private static volatile @Nullable WorkStealingExecutor inUse;

  // Guarded by the lock of this class.
  private static @Nullable WorkStealingExecutor chosen;

  /** Who has chosen or used it first, in words: a reference would keep that one's class loader. */
  private static String who = "";

  private SharedExecutor(WorkStealingExecutorBuilder builder) {
    super(builder.name(NAME));
  }

  /** See {@link WorkStealingExecutor#shared}. */
  static WorkStealingExecutor get() {
    WorkStealingExecutor executor = inUse;
    return executor != null ? executor : use();
  }

  private static synchronized WorkStealingExecutor use() {
    WorkStealingExecutor executor = inUse;
    if (executor == null) {
      WorkStealingExecutor set = chosen;
      executor = set != null ? set : makeForEverybody();
      who = caller();
      inUse = executor;
    }
    return executor;
  }

  /** See {@link WorkStealingExecutor#setShared}. */
  static synchronized void set(WorkStealingExecutor executor) {
    if (executor.isShutdown()) {
      throw new IllegalArgumentException(
          "the shared executor must accept work, and " + executor + " is shut down");
    }
    if (inUse != null) {
      throw new IllegalStateException(
          "The shared executor is in use already, first by "
              + who
              + ". Set another one before that, at the start of the program, or end this one first"
              + " with shutdownShared(..).");
    }
    if (chosen != null) {
      throw new IllegalStateException("The shared executor was set already, by " + who + ".");
    }
    chosen = executor;
    who = caller();
  }

  /** See {@link WorkStealingExecutor#shutdownShared}. */
  static CloseReport end(Duration drain, Duration bound) {
    WorkStealingExecutor executor;
    synchronized (SharedExecutor.class) {
      executor = inUse != null ? inUse : chosen;
    }
    if (executor == null) {
      return new CloseReport(NAME, Duration.ZERO, List.of(), true);
    }
    // Until then it stays the shared one: what is still under way must not have another one made.
    CloseReport report = executor.endAndReport(drain, bound);
    synchronized (SharedExecutor.class) {
      if (inUse == executor || chosen == executor) {
        inUse = null;
        chosen = null;
      }
    }
    return report;
  }

  private static String caller() {
    String place =
        StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE)
            .walk(
                frames ->
                    frames
                        .filter(
                            frame ->
                                !OWN_PACKAGES.contains(frame.getDeclaringClass().getPackageName()))
                        .findFirst()
                        .map(StackFrame::toString)
                        .orElse("nobody"));
    return place + " on the thread " + Thread.currentThread().getName();
  }

  /**
   * Threads inherit class loader, access control context, group and inheritable thread-locals of
   * whoever starts them, and these live for long: they would keep the loader of the code that
   * needed them first. So a thread makes them that has nothing of the kind. ForkJoinPool's common
   * pool has its threads begin likewise.
   */
  @SuppressWarnings("removal") // from JDK 24 on, there is no context to inherit
  private static WorkStealingExecutor makeForEverybody() {
    CompletableFuture<WorkStealingExecutor> made = new CompletableFuture<>();
    AccessController.doPrivileged(
            (PrivilegedAction<Thread>)
                () -> new Thread(root(), () -> make(made), NAME + "-start", 0, false))
        .start();
    return Await.take(Unwoven.joined(made));
  }

  private static ThreadGroup root() {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    while (group.getParent() != null) {
      group = group.getParent();
    }
    return group;
  }

  private static void make(CompletableFuture<WorkStealingExecutor> made) {
    Thread.currentThread().setContextClassLoader(ClassLoader.getSystemClassLoader());
    try {
      made.complete(make());
    } catch (Throwable error) {
      made.completeExceptionally(error);
    }
  }

  private static WorkStealingExecutor make() {
    try {
      return started(new SharedExecutor(builder()));
    } catch (IllegalStateException noDriver) {
      // Everybody waits for this thread.
      LogQueue.shared().offer(() -> log.warn("The shared executor goes without sockets", noDriver));
      return started(new SharedExecutor(builder().noDriver()));
    }
  }

  @Override
  public void shutdown() {
    throw refusal();
  }

  @Override
  public List<Runnable> shutdownNow() {
    throw refusal();
  }

  @Override
  public void close() {
    throw refusal();
  }

  @Override
  public void close(Duration bound) {
    throw refusal();
  }

  @Override
  public CloseReport close(Duration drain, Duration bound) {
    throw refusal();
  }

  private static UnsupportedOperationException refusal() {
    return new UnsupportedOperationException(
        "The shared executor cannot be closed like one's own: any code may be using it. Make one of"
            + " your own with WorkStealingExecutor.builder() and close that; or, where the whole"
            + " application ends, call WorkStealingExecutor.shutdownShared(..).");
  }
}
